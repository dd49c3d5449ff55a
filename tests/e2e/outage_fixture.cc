// SPDX-License-Identifier: MPL-2.0
#include "outage_test.h"

#include <atomic>
#include <cstdio>
#include <regex>
#include <set>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

/// Long enough for an answer that comes at all, most times; one that comes later is checked, too.
const Milliseconds PATIENCE(50);

/// What Kea said about its database and about messages that it could not handle, each once.
std::string
saidBy(KeaServer& server) {
    static const std::regex message(
        "(DATABASE_[A-Z]+_FATAL_ERROR|[A-Z0-9_]*RECONNECT[A-Z_]*|DHCP4_DB_[A-Z_]+|"
        "DHCP4_PACKET_PROCESS_STD_EXCEPTION|ALLOC_ENGINE_V4_[A-Z_]*ERROR|"
        "DHCP4_SHUTDOWN)");
    std::set<std::string> all;
    std::string text;
    const std::string log = server.file("server.log");
    for (std::sregex_iterator i(log.begin(), log.end(), message); i != std::sregex_iterator(); ++i) {
        if (all.insert(i->str()).second) {
            text += (text.empty() ? "" : " ") + i->str();
        }
    }
    return (text);
}

/// A database that stands still for nine tenths of the time, so that every few statements one has to wait.
class Stutter {
public:
    void begin(Database& database) {
        goes_on_ = true;
        thread_ = std::thread([this, &database] {
            while (goes_on_) {
                database.pause();
                std::this_thread::sleep_for(Milliseconds(45));
                database.resume();
                std::this_thread::sleep_for(Milliseconds(5));
            }
        });
    }

    void end() {
        goes_on_ = false;
        thread_.join();
    }

private:
    std::atomic<bool> goes_on_{false};
    std::thread thread_;
};

}  // namespace

std::string
Heard::toText() const {
    return (std::to_string(answers) + " answered, " + std::to_string(naks) + " NAK, " +
            std::to_string(asked - answers - naks) + " silence" +
            (late > 0 ? " (" + std::to_string(late) + " answered later)" : ""));
}

const Outage&
OutageTest::outage(const std::string& name) {
    for (const auto& one : outages()) {
        if (one.name == name) {
            return (one);
        }
    }
    throw std::invalid_argument("no outage is called " + name);
}

const std::vector<Outage>&
OutageTest::outages() {
    static const auto nothing = [](Database&) {};
    static Stutter stutter;
    static const std::vector<Outage> all{
        {"stopped", [](Database& it) { it.stop(); }, [](Database& it) { it.start(); }},
        {"killed", [](Database& it) { it.kill(); }, [](Database& it) { it.start(); }},
        {"disconnected", [](Database& it) { it.disconnectAll(); }, nothing},
        {"no connections left",
         [](Database& it) {
             it.limitConnections(0);
             it.disconnectAll();
         },
         [](Database& it) { it.liftLimit(); }},
        {"paused", [](Database& it) { it.pause(); }, [](Database& it) { it.resume(); }},
        {"slow", [](Database& it) { stutter.begin(it); }, [](Database&) { stutter.end(); }}};
    return (all);
}

void
OutageTest::SetUp() {
    DatabaseTest::SetUp();
    // It is what Kea says of a message that it cannot handle without its database.
    tolerate("DHCP4_PACKET_PROCESS_STD_EXCEPTION");
}

Json
OutageTest::retrying(const std::string& on_fail, unsigned tries) {
    return (Json{{"on-fail", on_fail}, {"max-reconnect-tries", tries}, {"reconnect-wait-time", 50}});
}

void
OutageTest::begin(const ServerSetup& setup) {
    guarded_ = setup.guard.has_value();
    asked_.clear();
    over_ = false;
    heard_ = Heard();
    database().clear();
    serve(setup, true);
    known_ = {&clone(1), guarded_ ? &clone(2) : &machine(2, cloneIdentifier(2)), &machine(3, {})};
    for (SimClient* client : known_) {
        ASSERT_FALSE(client->acquire().isZero());
    }
}

/// No machine is told an address that another one has.
void
OutageTest::expectRight(const SimClient& client, const Packet& reply) {
    for (const SimClient* other : known_) {
        if (other != &client && !reply.yiaddr.isZero()) {
            EXPECT_NE(reply.yiaddr, other->address())
                << client.hwText() << " was told the address of another";
        }
    }
}

void
OutageTest::take(const Packet& reply) {
    const auto found = asked_.find(reply.xid);
    if (found == asked_.end()) {
        return;
    }
    const Asked asked = found->second;
    asked_.erase(found);
    expectRight(*asked.client, reply);
    // Kea refuses who asks for what it has when it cannot look that up. The guard holds such messages back.
    const bool held_back = guarded_ && asked.client != known_.back();
    EXPECT_FALSE(held_back && reply.type() == NAK) << asked.client->hwText() << " lost its address";
    if (asked.in_outage) {
        ++(over_ ? heard_.late : reply.type() == NAK ? heard_.naks : heard_.answers);
    }
}

uint8_t
OutageTest::ask(SimClient& client, const Packet& query) {
    asked_[query.xid] = {&client, !over_};
    heard_.asked += over_ ? 0 : 1;
    link().send(query);
    const auto deadline = std::chrono::steady_clock::now() + PATIENCE;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto reply = link().receive(PATIENCE);
        if (reply) {
            take(*reply);
            if (reply->xid == query.xid) {
                return (reply->type());
            }
        }
    }
    return (0);
}

void
OutageTest::askAll() {
    for (SimClient* client : known_) {
        ask(*client, client->renewing());
        ask(*client, client->rebooting(client->address()));
        ask(*client, client->packet(DISCOVER));
    }
    // Who has never been here, a clone among them.
    for (const auto& identifier : {std::optional<Bytes>(cloneIdentifier()),
                                   std::optional<Bytes>(cloneIdentifier(77)), std::optional<Bytes>()}) {
        if (!guarded_ && identifier == cloneIdentifier()) {
            continue;
        }
        SimClient& client = machine(next_++, identifier);
        ask(client, client.packet(DISCOVER));
    }
}

double
OutageTest::secondsDeaf() {
    const auto begun = std::chrono::steady_clock::now();
    ask(*known_.front(), known_.front()->renewing());
    server().command("version-get");
    return (std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}

void
OutageTest::expectRecovery() {
    over_ = true;
    SimClient& bystander = *known_.back();
    EXPECT_TRUE(eventually([&] { return (ask(bystander, bystander.renewing()) == ACK); }))
        << "nobody is served again";
    while (const auto reply = link().receive(PATIENCE)) {
        take(*reply);
    }
    for (SimClient* client : known_) {
        const Address address = client->address();
        expectKept(*client);
        EXPECT_EQ(client->address(), address);
    }
    EXPECT_EQ(identifierOnRecord(*known_[0]), cloneIdentifierText());
    if (guarded_) {
        EXPECT_EQ(identifierOnRecord(*known_[1]),
                  toHex(derivedIdentifier(known_[1]->hwAddress(), known_[1]->identifier())));
        SimClient& newcomer = clone(next_++);
        EXPECT_FALSE(newcomer.acquire().isZero());
        EXPECT_EQ(identifierOnRecord(newcomer),
                  toHex(derivedIdentifier(newcomer.hwAddress(), newcomer.identifier())));
    }
}

void
OutageTest::expectOneSpell() {
    const size_t spells = server().statistic("clone-guard-degraded") > 0 ? 1 : 0;
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DEGRADED").size(), spells);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_RECOVERED").size(), 0U);
    EXPECT_EQ(server().audit("guard-degraded").size(), spells);
    // The spell is over a quiet minute later.
    server().advanceClock(61);
    known_[0]->renew();
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DEGRADED").size(), spells);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_RECOVERED").size(), spells);
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_CALLOUT_FAILED").empty());
}

void
OutageTest::print(const std::string& outage, const std::string& on_fail, const std::string& end) {
    std::printf(
        "| %s | %s | %s, %s | %s | %s | %s | guard: %lu degraded, %zu lines |\n", GetParam().c_str(),
        outage.c_str(), on_fail.c_str(), server().threads() > 0 ? "4 threads" : "1 thread",
        guarded_ ? "guard" : "stock", heard_.toText().c_str(), saidBy(server()).c_str(),
        server().isRunning() ? static_cast<unsigned long>(server().statistic("clone-guard-degraded"))
                             : 0UL,
        server().operatorLog("CLONE_GUARD_DEGRADED").size() +
            server().operatorLog("CLONE_GUARD_RECOVERED").size());
    std::printf("|   %s\n", end.c_str());
    std::fflush(stdout);
}

void
OutageTest::tell(const Outage& outage, const ServerSetup& setup, const std::string& on_fail) {
    SCOPED_TRACE(outage.name + ", " + on_fail + (setup.guard ? ", guard" : ", stock"));
    begin(setup);
    outage.begin(database());
    askAll();
    outage.end(database());
    expectRecovery();
    if (guarded_) {
        expectOneSpell();
    }
    print(outage.name, on_fail, "recovers by itself");
    endServer();
}

void
OutageTest::tellOfTheEnd(const Outage& outage, const ServerSetup& setup, const std::string& on_fail) {
    SCOPED_TRACE(outage.name + ", " + on_fail + (setup.guard ? ", guard" : ", stock"));
    begin(setup);
    outage.begin(database());
    askAll();
    EXPECT_TRUE(eventually([this] { return (!server().isRunning()); })) << "it still runs";
    outage.end(database());
    print(outage.name, on_fail, "the server ends");
    server().start();
    expectRecovery();
    endServer();
}

}  // namespace test
}  // namespace clone_guard
