// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/ha_servers.h>

#include <tests/histories/kea/kea_server.h>
#include <tests/histories/rules/hosts.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

const char* const BALANCED = "load-balancing";

/// As long as Kea takes: that a partner is lost is said by command. Where a long step of the clock makes it look
/// lost the two find each other again before anything else happens.
const unsigned LONGEST_PATIENCE = 65;

const Milliseconds HEARTBEAT_SOON(150);
const Milliseconds RECEPTION_LIMIT(1000);
const auto TOUCH_LIMIT = std::chrono::seconds(60);

HaPlan
planFor(const History& history) {
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
HighAvailability::knows(const std::string& servers) {
    return (servers == "hot-standby" || servers == BALANCED);
}

HighAvailability::Side::Side(const ServerSetup& setup, unsigned which) :
    number(which), server(setup, true) {}

HighAvailability::HighAvailability(Link& link, const History& history) :
    plan_(planFor(history)), takeover_(history.takeover),
    threads_(history.threads), sides_{Side(setupFor(history.policy, 1), 1),
                                      Side(setupFor(history.policy, 2), 2)},
    pair_(plan_, sides_[0].server, sides_[1].server),
    records_(sides_[0].file(), sides_[1].file(),
             [this](Address address) { return (authority(address)); }),
    wire_(link, {[this](unsigned number) { return (up(number)); },
                 [this](unsigned number) { side(number).server.awaitThreads(); },
                 [this] { return (agree()); }, [this] { differ(); }, plan_.mode == BALANCED}) {
    sides_[0].server.freezeClock();
    sides_[1].server.shareClock(sides_[0].server);
}

ServerSetup
HighAvailability::setupFor(const std::string& policy, unsigned number) const {
    // Each of two that divide the pools has as many addresses to give as one alone.
    ServerSetup setup = stage(policy, takeover_, threads_, plan_.mode == BALANCED ? 2 : 1);
    return (plan_.setup(setup, number));
}

bool
HighAvailability::up(unsigned number) {
    return (side(number).server.pid() > 0);
}

unsigned
HighAvailability::authority(Address address) const {
    if (alone_ != 0 || plan_.mode != BALANCED) {
        return (alone_ != 0 ? alone_ : 1);
    }
    const uint32_t subnet = address.value >> 16 & 0xff;
    return (addressIn(subnet, 1, uint8_t(poolSize(subnet))) < address ? 2 : 1);
}

Json
HighAvailability::command(unsigned number, const std::string& name, const Json& arguments) {
    const Json answer = side(number).server.command(name, arguments);
    if (answer.value("result", 1) != 0) {
        throw std::runtime_error(name + ": " + answer.dump());
    }
    return (answer.value("arguments", Json::object()));
}

bool
HighAvailability::inTouch(unsigned number) {
    const Json status = command(number, "status-get");
    const Json& remote = status.at("high-availability").at(0).at("ha-servers").at("remote");
    return (remote.at("last-state") == plan_.mode && remote.at("age") == 0);
}

/// After a step of the clock: before the next one each has heard of the other at this time, or their clocks
/// would seem to differ by the step.
///
/// @return false if they had to be started anew.
bool
HighAvailability::awaitHeartbeats() {
    if (alone_ != 0) {
        return (true);
    }
    const auto begun = std::chrono::steady_clock::now();
    for (;;) {
        const bool heard = eventually([this] { return (inTouch(1) & inTouch(2)); }, HEARTBEAT_SOON);
        if (heard) {
            return (true);
        }
        if (pair_.restartTerminated()) {
            awaitNormal();
            return (false);
        }
        if (std::chrono::steady_clock::now() > begun + TOUCH_LIMIT) {
            throw std::runtime_error("the two servers have lost each other: " + pair_.state(1) + ", " +
                                     pair_.state(2) + ", " + command(1, "status-get").dump());
        }
        sides_[0].server.advanceClock(1);
    }
}

void
HighAvailability::awaitNormal() {
    pair_.awaitNormal();
    sides_[0].server.advanceClock(1);
    awaitHeartbeats();
    alone_ = 0;
    records_.reunite();
}

void
HighAvailability::start(unsigned server) {
    for (Side& each : sides_) {
        if (server == EVERY_SERVER || server == each.number) {
            each.server.start();
        }
    }
    // Not before: what it writes while it catches up is the other one's.
    awaitNormal();
}

void
HighAvailability::kill(unsigned server) {
    side(server).server.kill();
    const unsigned survivor = HaPair::other(server);
    // Kea's own way to be told at once what it would find out after some time.
    command(survivor, "ha-maintenance-start");
    records_.read();
    alone_ = survivor;
    // Kea takes over what is newer by its clock, which goes by seconds.
    sides_[0].server.advanceClock(2);
}

void
HighAvailability::restart(unsigned server) {
    for (Side& each : sides_) {
        if (server == EVERY_SERVER || server == each.number) {
            each.server.restart();
            awaitNormal();
        }
    }
}

void
HighAvailability::reload(unsigned server) {
    for (Side& each : sides_) {
        if (up(each.number) && (server == EVERY_SERVER || server == each.number)) {
            command(each.number, "config-reload");
            awaitNormal();
        }
    }
}

void
HighAvailability::setPolicy(const std::string& policy) {
    for (Side& each : sides_) {
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
HighAvailability::now() const {
    return (sides_[0].server.frozenTime());
}

bool
HighAvailability::advanceClock(unsigned seconds) {
    sides_[0].server.advanceClock(seconds);
    return (!awaitHeartbeats());
}

void
HighAvailability::reclaim(bool remove) {
    for (Side& each : sides_) {
        if (up(each.number)) {
            command(each.number, "leases-reclaim", {{"remove", remove}});
        }
    }
}

/// It is to be left unanswered now, not to be taken up by a server that is alone a little later.
void
HighAvailability::sendInVain(const Query& query) {
    if (!up(query.server)) {
        wire_.sendInVain(query);
        return;
    }
    KeaServer& server = side(query.server).server;
    const auto received = [&server] { return (server.statistic("pkt4-received")); };
    const int64_t before = received();
    wire_.sendInVain(query);
    eventually([&] { return (received() > before); }, RECEPTION_LIMIT);
    server.awaitThreads();
}

bool
HighAvailability::route(Query& query) {
    const auto option = query.packet.addressOption(OPTION_SERVER_IDENTIFIER);
    const unsigned named = option                         ? (option == serverAddress(2) ? 2 : 1)
                           : query.packet.giaddr.isZero() ? query.server
                                                          : 0;
    const unsigned serving = alone_ != 0              ? alone_
                             : plan_.mode == BALANCED ? wire_.scopeOf(query.packet)
                                                      : 1;
    if (named != 0 && named != serving) {
        query.server = named;
        sendInVain(query);
        return (false);
    }
    query.server = serving;
    return (true);
}

void
HighAvailability::send(const std::vector<Query>& queries) {
    if (alone_ == 0) {
        agree();
    } else {
        // Nobody but the survivor writes, so there is nobody to agree with.
        records_.forgetRecent();
    }
    wire_.send(queries);
}

std::vector<Answer>
HighAvailability::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (wire_.collect(owed));
    } catch (const std::exception& error) {
        std::string died;
        for (Side& each : sides_) {
            died += up(each.number) && !each.server.isRunning() ? "a server died: " : "";
        }
        throw std::runtime_error(died + error.what());
    }
}

std::vector<Answer>
HighAvailability::leftovers() {
    return (wire_.leftovers());
}

bool
HighAvailability::agree() {
    return (alone_ != 0 || records_.agree());
}

void
HighAvailability::differ() {
    for (const auto& fault : records_.differ()) {
        troubles_.push_back(fault);
    }
}

std::vector<Row>
HighAvailability::written() {
    return (records_.written());
}

std::vector<Row>
HighAvailability::resettled() {
    return (records_.resettled());
}

std::vector<Row>
HighAvailability::leases() {
    std::vector<Row> all;
    for (Side& each : sides_) {
        if (!up(each.number)) {
            continue;
        }
        // Where there is none, the answer is 3 and has no arguments.
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
HighAvailability::conflicts() {
    std::vector<Json> all;
    for (Side& each : sides_) {
        const auto listed = conflictsOf(each.server);
        all.insert(all.end(), listed.begin(), listed.end());
    }
    return (all);
}

std::vector<Json>
HighAvailability::audit() {
    std::vector<Json> all;
    for (Side& each : sides_) {
        const auto records = each.server.audit();
        all.insert(all.end(), records.begin(), records.end());
    }
    return (all);
}

/// How many updates of its partner a server has not taken because it was busy with another of the same address. It says
/// that without the address, the partner with it.
size_t
HighAvailability::refusedUpdates(unsigned number) {
    size_t refused = 0;
    for (const auto& line : side(HaPair::other(number)).server.serverLog("HA_LEASE_UPDATE_FAILED")) {
        for (const Address address : records_.contested()) {
            refused +=
                line.find("ResourceBusy: IP address:" + address.toText() + " ") != std::string::npos;
        }
    }
    return (refused);
}

std::vector<std::string>
HighAvailability::troubles() {
    std::vector<std::string> lines = troubles_;
    for (Side& each : sides_) {
        size_t refused = refusedUpdates(each.number);
        for (const auto& line : troublesOf(each.server)) {
            if (refused > 0 && line.find("hook $lease4_update") != std::string::npos) {
                --refused;
            } else {
                lines.push_back(line);
            }
        }
    }
    if (wire_.wrongAnswers() > 0) {
        lines.push_back("answered by the one that had to leave it to the other: " +
                        std::to_string(wire_.wrongAnswers()));
    }
    return (lines);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
