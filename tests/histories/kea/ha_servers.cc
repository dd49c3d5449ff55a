// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/ha_servers.h>

#include <tests/histories/kea/single_server.h>
#include <tests/histories/rules/hosts.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

const char* const BALANCED = "load-balancing";

/// The longest delay that Kea accepts. A command reports the loss of a partner; if a long step of the clock makes a
/// partner look lost, both servers find each other again before the next event.
const unsigned LONGEST_PATIENCE = 65;

const Milliseconds HEARTBEAT_SOON(150);
const Milliseconds RECEPTION_LIMIT(1000);
const auto HEARTBEAT_LIMIT = std::chrono::minutes(10);

HaPlan
planFor(const History& history) {
    if (history.threads == 0) {
        // The rules excuse what Kea's threads do at once only in a history that has threads.
        throw std::runtime_error("servers in high availability need threads");
    }
    HaPlan plan;
    plan.mode = history.servers;
    plan.heartbeat = 10;
    plan.patience = LONGEST_PATIENCE;
    plan.round = Milliseconds(60);
    plan.step = 1;
    return (plan);
}

}  // namespace

bool
HaServers::knows(const std::string& servers) {
    return (servers == "hot-standby" || servers == BALANCED);
}

HaServers::Peer::Peer(const ServerSetup& setup, unsigned which) : number(which), server(setup, true) {}

HaServers::HaServers(Link& link, const History& history) :
    plan_(planFor(history)), takeover_(history.takeover),
    threads_(history.threads), peers_{Peer(setupFor(history.policy, 1), 1),
                                      Peer(setupFor(history.policy, 2), 2)},
    pair_(plan_, peers_[0].server, peers_[1].server),
    pair_leases_(peers_[0].file(), peers_[1].file(),
                 [this](Address address) { return (authority(address)); }),
    transport_(link,
               {[this](unsigned number) { return (up(number)); },
                [this](unsigned number) { peer(number).server.awaitThreads(); },
                [this] { return (agree()); }, [this] { reportDifferences(); }, plan_.mode == BALANCED}) {
    peers_[0].server.freezeClock();
    peers_[1].server.shareClock(peers_[0].server);
}

ServerSetup
HaServers::setupFor(const std::string& policy, unsigned number) const {
    // In load balancing each server has a pool of the size that a single server has.
    ServerSetup setup = serverSetup(policy, takeover_, threads_, plan_.mode == BALANCED ? 2 : 1);
    return (plan_.setup(setup, number));
}

bool
HaServers::up(unsigned number) {
    return (peer(number).server.pid() > 0);
}

unsigned
HaServers::authority(Address address) const {
    if (alone_ != 0 || plan_.mode != BALANCED) {
        return (alone_ != 0 ? alone_ : 1);
    }
    const uint32_t subnet = address.value >> 16 & 0xff;
    return (addressIn(subnet, 1, uint8_t(poolSize(subnet))) < address ? 2 : 1);
}

Json
HaServers::command(unsigned number, const std::string& name, const Json& arguments) {
    const Json answer = peer(number).server.command(name, arguments);
    if (answer.value("result", 1) != 0) {
        throw std::runtime_error(name + ": " + answer.dump());
    }
    return (answer.value("arguments", Json::object()));
}

bool
HaServers::hasHeartbeat(unsigned number) {
    const Json status = command(number, "status-get");
    const Json& remote = status.at("high-availability").at(0).at("ha-servers").at("remote");
    return (remote.at("last-state") == plan_.mode && remote.at("age") == 0);
}

/// Waits after a step of the clock until each server has a heartbeat of its partner with the new time. Otherwise the
/// clocks would seem to differ by the step.
///
/// @return false if the servers had to be restarted.
bool
HaServers::awaitHeartbeats() {
    if (alone_ != 0) {
        return (true);
    }
    const auto begun = std::chrono::steady_clock::now();
    for (;;) {
        const bool heard =
            eventually([this] { return (hasHeartbeat(1) & hasHeartbeat(2)); }, HEARTBEAT_SOON);
        if (heard) {
            return (true);
        }
        if (pair_.restartTerminated()) {
            awaitNormal();
            return (false);
        }
        if (std::chrono::steady_clock::now() > begun + HEARTBEAT_LIMIT) {
            throw std::runtime_error("the two servers do not reach each other: " + pair_.state(1) +
                                     ", " + pair_.state(2) + ", " + command(1, "status-get").dump());
        }
        peers_[0].server.advanceClock(1);
    }
}

void
HaServers::awaitNormal() {
    pair_.awaitNormal();
    peers_[0].server.advanceClock(1);
    awaitHeartbeats();
    alone_ = 0;
    pair_leases_.reunite();
}

void
HaServers::start(unsigned server) {
    for (Peer& each : peers_) {
        if (server == EVERY_SERVER || server == each.number) {
            each.server.start();
        }
    }
    // While a server catches up it writes leases of its partner.
    awaitNormal();
}

void
HaServers::kill(unsigned server) {
    peer(server).server.kill();
    const unsigned survivor = HaPair::other(server);
    // Kea's command for the loss of a partner, which the survivor would detect only later.
    command(survivor, "ha-maintenance-start");
    pair_leases_.read();
    alone_ = survivor;
    // Kea adopts newer leases, and its clock has a resolution of seconds.
    peers_[0].server.advanceClock(2);
}

void
HaServers::restart(unsigned server) {
    for (Peer& each : peers_) {
        if (server == EVERY_SERVER || server == each.number) {
            each.server.restart();
            awaitNormal();
        }
    }
}

void
HaServers::reload(unsigned server) {
    for (Peer& each : peers_) {
        if (up(each.number) && (server == EVERY_SERVER || server == each.number)) {
            command(each.number, "config-reload");
            awaitNormal();
        }
    }
}

void
HaServers::setPolicy(const std::string& policy) {
    for (Peer& each : peers_) {
        const auto setup = setupFor(policy, each.number);
        each.server.configure(setup);
        if (!up(each.number)) {
            continue;
        }
        const Json answer = each.server.configSet(setup);
        if (answer.value("result", 1) != 0) {
            throw std::runtime_error("config-set: " + answer.dump());
        }
        if (alone_ == 0) {
            awaitNormal();
        } else {
            command(each.number, "ha-maintenance-start");
        }
    }
}

uint64_t
HaServers::now() const {
    return (peers_[0].server.frozenTime());
}

bool
HaServers::advanceClock(unsigned seconds) {
    peers_[0].server.advanceClock(seconds);
    return (!awaitHeartbeats());
}

void
HaServers::reclaim(bool remove) {
    for (Peer& each : peers_) {
        if (up(each.number)) {
            command(each.number, "leases-reclaim", {{"remove", remove}});
        }
    }
}

/// Sends a message that its server leaves unanswered. Waits until the server has handled it: a server that is alone
/// soon after would answer.
void
HaServers::sendUnanswered(const Query& query) {
    if (!up(query.server)) {
        transport_.sendUnanswered(query);
        return;
    }
    KeaServer& server = peer(query.server).server;
    const auto received = [&server] { return (server.statistic("pkt4-received")); };
    const int64_t before = received();
    transport_.sendUnanswered(query);
    eventually([&] { return (received() > before); }, RECEPTION_LIMIT);
    server.awaitThreads();
}

bool
HaServers::route(Query& query) {
    if (query.byStranger()) {
        query.server = alone_ != 0 ? alone_ : 1;
        return (true);
    }
    const auto option = query.packet.addressOption(OPTION_SERVER_IDENTIFIER);
    const unsigned named = option                         ? (option == serverAddress(2) ? 2 : 1)
                           : query.packet.giaddr.isZero() ? query.server
                                                          : 0;
    const unsigned serving = alone_ != 0              ? alone_
                             : plan_.mode == BALANCED ? transport_.scopeOf(query.packet)
                                                      : 1;
    if (named != 0 && named != serving) {
        query.server = named;
        sendUnanswered(query);
        return (false);
    }
    query.server = serving;
    return (true);
}

void
HaServers::send(const std::vector<Query>& queries) {
    if (alone_ == 0) {
        agree();
    } else {
        // The survivor has no partner to agree with.
        pair_leases_.forgetRecent();
    }
    transport_.send(queries);
}

std::vector<Answer>
HaServers::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (transport_.collect(owed));
    } catch (const std::exception& error) {
        std::string died;
        for (Peer& each : peers_) {
            died += up(each.number) && !each.server.isRunning() ? "a server has ended: " : "";
        }
        throw std::runtime_error(died + error.what());
    }
}

std::vector<Answer>
HaServers::leftovers() {
    return (transport_.leftovers());
}

bool
HaServers::agree() {
    return (alone_ != 0 || pair_leases_.agree());
}

void
HaServers::reportDifferences() {
    for (const auto& fault : pair_leases_.reportDifferences()) {
        failures_.push_back(fault);
    }
}

std::vector<Row>
HaServers::written() {
    return (pair_leases_.written());
}

std::vector<Row>
HaServers::authorityChanges() {
    return (pair_leases_.authorityChanges());
}

std::vector<Row>
HaServers::staleCopies() {
    return (alone_ != 0 ? std::vector<Row>() : pair_leases_.staleCopies());
}

std::vector<Row>
HaServers::leases() {
    std::vector<Row> all;
    for (Peer& each : peers_) {
        if (!up(each.number)) {
            continue;
        }
        // Without leases the answer is 3 and has no arguments.
        const Json answer = each.server.command("lease4-get-all");
        const Json arguments = answer.value("arguments", Json::object());
        for (const Row& row : rowsOf(arguments.value("leases", Json::array()))) {
            if (authority(row.address) == each.number) {
                all.push_back(row);
            }
        }
    }
    return (all);
}

std::vector<Json>
HaServers::conflicts() {
    std::vector<Json> all;
    for (Peer& each : peers_) {
        const auto listed = conflictsOf(each.server);
        all.insert(all.end(), listed.begin(), listed.end());
    }
    return (all);
}

std::vector<Json>
HaServers::audit(unsigned server) {
    return (peer(server).server.audit());
}

/// Returns how many updates of its partner a server has refused because it was busy with another update of the
/// address. Its own log has no address; the log of the partner has one.
size_t
HaServers::refusedUpdates(unsigned number) {
    size_t refused = 0;
    for (const auto& line : peer(HaPair::other(number)).server.serverLog("HA_LEASE_UPDATE_FAILED")) {
        for (const Address address : pair_leases_.contested()) {
            refused +=
                line.find("ResourceBusy: IP address:" + address.toText() + " ") != std::string::npos;
        }
    }
    return (refused);
}

std::vector<std::string>
HaServers::failures() {
    std::vector<std::string> lines = failures_;
    for (Peer& each : peers_) {
        size_t refused = refusedUpdates(each.number);
        for (const auto& line : failuresOf(each.server)) {
            if (refused > 0 && line.find("hook $lease4_update") != std::string::npos) {
                --refused;
            } else {
                lines.push_back(line);
            }
        }
    }
    if (transport_.wrongAnswers() > 0) {
        lines.push_back("replies of the server that had to leave the message to its partner: " +
                        std::to_string(transport_.wrongAnswers()));
    }
    return (lines);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
