// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/single_server.h>

#include <tests/histories/rules/hosts.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

Json
subnetOf(uint32_t id, unsigned pools, const Json& more = Json::object()) {
    const std::string last = addressIn(id, 1, uint8_t(pools * poolSize(id))).toText();
    const Json pool = {{"pool", addressIn(id, 1, 1).toText() + " - " + last}};
    Json parts = {{"pools", Json::array({pool})}};
    parts.update(more);
    return (subnet(id, parts));
}

}  // namespace

ServerSetup
serverSetup(const std::string& policy, const std::string& takeover, unsigned threads, unsigned pools) {
    ServerSetup setup;
    if (policy == "stock") {
        setup.guard.reset();
    } else {
        setup.guard = Json{{"policy", policy}, {"takeover", takeover}};
    }
    setup.threads = threads;
    const Json reserved = {{"hw-address", toHex(probeHwAddress())},
                           {"ip-address", reservedAddress().toText()}};
    setup.subnets = {subnetOf(1, pools, {{"reservations", Json::array({reserved})}})};
    setup.shared_networks = {sharedNetwork("floor", {subnetOf(2, pools), subnetOf(3, pools)})};
    setup.hooks_after = {{"libdhcp_lease_cmds.so", Json::object()},
                         {"libdhcp_bootp.so", Json::object()}};
    setup.more["valid-lifetime"] = LIFETIME;
    setup.more["renew-timer"] = LIFETIME / 4;
    setup.more["rebind-timer"] = LIFETIME / 2;
    setup.more["decline-probation-period"] = LIFETIME / 2;
    // The history triggers reclamation: the timers would use a clock that does not advance.
    setup.more["expired-leases-processing"] = {{"reclaim-timer-wait-time", 0},
                                               {"flush-reclaimed-timer-wait-time", 0}};
    setup.server_severity = "WARN";
    return (setup);
}

std::vector<Json>
conflictsOf(KeaServer& server) {
    std::vector<Json> conflicts;
    Json arguments = {{"from", "start"}, {"limit", 7}};
    for (;;) {
        const Json answer = server.command("clone-guard-conflict-get-all", arguments);
        if (answer.value("result", 1) != 0) {
            return (conflicts);  // no conflict, or no guard and so no such command
        }
        for (const Json& conflict : answer["arguments"]["conflicts"]) {
            conflicts.push_back(conflict);
        }
        if (!answer["arguments"].contains("next")) {
            return (conflicts);
        }
        arguments["from"] = answer["arguments"]["next"];
    }
}

void
expectSuccess(const Json& answer, const std::string& what) {
    if (answer.value("result", 1) != 0) {
        throw std::runtime_error(what + ": " + answer.dump());
    }
}

Json
succeed(KeaServer& server, const std::string& name, const Json& arguments) {
    const Json answer = server.command(name, arguments);
    expectSuccess(answer, name);
    return (answer.value("arguments", Json::object()));
}

namespace {

/// Whether a line logs that Kea 3.0 rejects the RELEASE of a declined lease. A client without hardware address owns each
/// declined lease for Kea, and Kea 3.0 cannot write such a lease as released.
bool
isReleaseOfDeclined(const std::string& line) {
    return (line.find("DHCP4_RELEASE_EXCEPTION") != std::string::npos &&
            line.find("state: released has neither hardware address or client id") != std::string::npos);
}

}  // namespace

std::vector<std::string>
failuresOf(const KeaServer& server) {
    std::vector<std::string> lines;
    for (const char* failure : {"HOOKS_CALLOUT_EXCEPTION", "HOOKS_CALLOUT_ERROR", "_EXCEPTION"}) {
        for (const auto& line : server.serverLog(failure)) {
            // Kea rejects an empty or long identifier, which strangers send.
            if (line.find("DUID size is") != std::string::npos ||
                line.find("Empty DUIDs") != std::string::npos ||
                line.find("client-id is too short") != std::string::npos ||
                line.find("identifier is too short") != std::string::npos ||
                line.find("identifier is too large") != std::string::npos || isReleaseOfDeclined(line)) {
                continue;
            }
            lines.push_back("the server's log: " + line);
        }
    }
    return (lines);
}

SingleServer::SingleServer(Link& link, const History& history) :
    takeover_(history.takeover), threads_(history.threads), keep_released_(history.keep_released),
    server_(setupFor(history.policy), true), lease_file_(server_.directory() + "/leases.csv"),
    transport_(link, history.threads > 0, [this] { server_.awaitThreads(); }) {
    server_.freezeClock();
}

ServerSetup
SingleServer::setupFor(const std::string& policy) const {
    ServerSetup setup = serverSetup(policy, takeover_, threads_);
    if (keep_released_) {
        // Kea 2.6 and later keep a released lease if both values are not 0. These flush none within a history.
        auto& processing = setup.more["expired-leases-processing"];
        processing["flush-reclaimed-timer-wait-time"] = UINT16_MAX;
        processing["hold-reclaimed-time"] = UINT32_MAX;
    }
    return (setup);
}

void
SingleServer::start(unsigned) {
    server_.start();
}

void
SingleServer::kill(unsigned) {
    server_.kill();
}

void
SingleServer::restart(unsigned) {
    server_.restart();
}

void
SingleServer::reload(unsigned) {
    succeed(server_, "config-reload");
}

void
SingleServer::setPolicy(const std::string& policy) {
    const auto setup = setupFor(policy);
    server_.configure(setup);
    expectSuccess(server_.configSet(setup), "config-set");
}

uint64_t
SingleServer::now() const {
    return (server_.frozenTime());
}

bool
SingleServer::advanceClock(unsigned seconds) {
    server_.advanceClock(seconds);
    return (false);
}

void
SingleServer::reclaim(bool remove) {
    succeed(server_, "leases-reclaim", {{"remove", remove}});
}

void
SingleServer::send(const std::vector<Query>& queries) {
    transport_.send(queries);
}

std::vector<Answer>
SingleServer::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (transport_.collect(owed));
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string(server_.isRunning() ? "" : "the server has ended: ") +
                                 error.what());
    }
}

std::vector<Answer>
SingleServer::leftovers() {
    return (transport_.leftovers());
}

std::vector<Row>
SingleServer::written() {
    std::vector<Row> rows = lease_file_.read();
    if (keep_released_ && server_.isRunning()) {
        markReleased(rows);
    }
    return (rows);
}

/// In the lease file of Kea 2.6 a released lease looks like a deleted one, so the server is asked.
void
SingleServer::markReleased(std::vector<Row>& rows) {
    std::set<Address> known;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (known.insert(row->address).second && row->valid_lifetime == 0) {
            const Json answer = server_.command("lease4-get", {{"ip-address", row->address.toText()}});
            row->released = answer.value("result", 1) == 0 && answer["arguments"]["valid-lft"] == 0;
        }
    }
}

std::vector<Row>
SingleServer::leases() {
    // Without leases the answer is 3 and has no arguments.
    const Json answer = server_.command("lease4-get-all");
    return (rowsOf(answer.value("arguments", Json::object()).value("leases", Json::array())));
}

std::vector<Json>
SingleServer::conflicts() {
    return (conflictsOf(server_));
}

std::vector<Json>
SingleServer::audit(unsigned) {
    return (server_.audit());
}

std::vector<std::string>
SingleServer::failures() {
    return (failuresOf(server_));
}

uint64_t
SingleServer::excusedFailures() {
    const auto lines = server_.serverLog("DHCP4_RELEASE_EXCEPTION");
    return (uint64_t(std::count_if(lines.begin(), lines.end(), isReleaseOfDeclined)));
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
