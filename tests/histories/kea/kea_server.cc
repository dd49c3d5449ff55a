// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/kea_server.h>

#include <tests/histories/rules/hosts.h>

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
stage(const std::string& policy, const std::string& takeover, unsigned threads, unsigned pools) {
    ServerSetup setup;
    if (policy == "stock") {
        setup.guard.reset();
    } else {
        setup.guard = Json{{"policy", policy}, {"takeover", takeover}};
    }
    setup.threads = threads;
    const Json reserved = {{"hw-address", toHex(bystander())}, {"ip-address", notToBeHad().toText()}};
    setup.subnets = {subnetOf(1, pools, {{"reservations", Json::array({reserved})}})};
    setup.shared_networks = {sharedNetwork("floor", {subnetOf(2, pools), subnetOf(3, pools)})};
    setup.hooks_after = {{"libdhcp_lease_cmds.so", Json::object()}};
    setup.more["valid-lifetime"] = LIFETIME;
    setup.more["renew-timer"] = LIFETIME / 4;
    setup.more["rebind-timer"] = LIFETIME / 2;
    setup.more["decline-probation-period"] = LIFETIME / 2;
    // Reclaimed when the history says so: timers run on a clock that stands still.
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
            return (conflicts);  // there is none; or without the guard, there is no such command
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

std::vector<std::string>
troublesOf(const KeaServer& server) {
    std::vector<std::string> lines;
    for (const char* trouble : {"HOOKS_CALLOUT_EXCEPTION", "HOOKS_CALLOUT_ERROR", "_EXCEPTION"}) {
        for (const auto& line : server.serverLog(trouble)) {
            lines.push_back("the server's log: " + line);
        }
    }
    return (lines);
}

Kea::Kea(Link& link, const History& history) :
    takeover_(history.takeover), threads_(history.threads), server_(setupFor(history.policy), true),
    lease_file_(server_.directory() + "/leases.csv"),
    wire_(link, history.threads > 0, [this] { server_.awaitThreads(); }) {
    server_.freezeClock();
}

ServerSetup
Kea::setupFor(const std::string& policy) const {
    return (stage(policy, takeover_, threads_));
}

void
Kea::start(unsigned) {
    server_.start();
}

void
Kea::kill(unsigned) {
    server_.kill();
}

void
Kea::restart(unsigned) {
    server_.restart();
}

void
Kea::reload(unsigned) {
    succeed(server_, "config-reload");
}

void
Kea::setPolicy(const std::string& policy) {
    const auto setup = setupFor(policy);
    server_.configure(setup);
    expectSuccess(server_.configSet(setup), "config-set");
}

uint64_t
Kea::now() const {
    return (server_.frozenTime());
}

bool
Kea::advanceClock(unsigned seconds) {
    server_.advanceClock(seconds);
    return (false);
}

void
Kea::reclaim(bool remove) {
    succeed(server_, "leases-reclaim", {{"remove", remove}});
}

void
Kea::send(const std::vector<Query>& queries) {
    wire_.send(queries);
}

std::vector<Answer>
Kea::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (wire_.collect(owed));
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string(server_.isRunning() ? "" : "the server died: ") +
                                 error.what());
    }
}

std::vector<Answer>
Kea::leftovers() {
    return (wire_.leftovers());
}

std::vector<Row>
Kea::written() {
    return (lease_file_.read());
}

std::vector<Row>
Kea::leases() {
    // Where there is none, the answer is 3 and has no arguments.
    const Json answer = server_.command("lease4-get-all");
    return (rowsOf(answer.value("arguments", Json::object()).value("leases", Json::array())));
}

std::vector<Json>
Kea::conflicts() {
    return (conflictsOf(server_));
}

std::vector<Json>
Kea::audit() {
    return (server_.audit());
}

std::vector<std::string>
Kea::troubles() {
    return (troublesOf(server_));
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
