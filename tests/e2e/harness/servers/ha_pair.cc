// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/ha_pair.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

const char* const ALONE = "partner-down";
const char* const TERMINATED = "terminated";

/// Bounds the wait for a state: many times the time that a server waits for the answer to a lost request.
const auto STATE_LIMIT = std::chrono::minutes(10);

/// The longest time between two steps of the clock.
const std::chrono::milliseconds LONGEST_ROUND(10000);

uint16_t
portOf(unsigned number) {
    return (uint16_t(8000 + number));
}

std::string
nameOf(unsigned number) {
    return ("server" + std::to_string(number));
}

std::string
url(Address address, unsigned number) {
    return ("http://" + address.toText() + ":" + std::to_string(portOf(number)) + "/");
}

/// Divides the addresses of a pool: the first server allocates from the first half.
Json
halves(const Json& pool) {
    const std::string range = pool["pool"];
    const size_t dash = range.find(" - ");
    const Address first(range.substr(0, dash));
    const Address last(range.substr(dash + 3));
    const Address middle{first.value + (last.value - first.value) / 2};
    Json result = Json::array();
    for (const unsigned number : {1U, 2U}) {
        Json half = pool;
        half["pool"] = number == 1 ? first.toText() + " - " + middle.toText()
                                   : Address{middle.value + 1}.toText() + " - " + last.toText();
        half["client-class"] = "HA_" + nameOf(number);
        result.push_back(half);
    }
    return (result);
}

void
dividePools(Json& subnet) {
    Json pools = Json::array();
    for (const Json& pool : subnet["pools"]) {
        for (const Json& half : halves(pool)) {
            pools.push_back(half);
        }
    }
    subnet["pools"] = pools;
}

Json
parametersOf(const HaPlan& plan, unsigned number) {
    Json peers = Json::array();
    for (const unsigned each : {1U, 2U}) {
        const bool far = plan.cabled && each != number;
        const char* const second = plan.mode == "hot-standby" ? "standby" : "secondary";
        peers.push_back({{"name", nameOf(each)},
                         {"url", url(serverAddress(far ? 3 : each), each)},
                         {"role", each == 1 ? "primary" : second}});
    }
    const Json threading = {{"enable-multi-threading", true},
                            {"http-dedicated-listener", true},
                            {"http-listener-threads", 2},
                            {"http-client-threads", 2}};
    const Json relationship = {{"this-server-name", nameOf(number)},
                               {"mode", plan.mode},
                               {"heartbeat-delay", plan.heartbeat},
                               {"max-response-delay", plan.patience * 1000},
                               {"max-unacked-clients", 0},
                               {"multi-threading", threading},
                               {"peers", peers}};
    return (Json{{"high-availability", Json::array({relationship})}});
}

}  // namespace

ServerSetup
HaPlan::setup(const ServerSetup& setup, unsigned number) const {
    ServerSetup result = setup;
    result.address = serverAddress(number);
    // Without threads Kea would need an agent beside each server.
    result.threads = setup.threads > 0 ? setup.threads : 2;
    result.hooks_after["libdhcp_lease_cmds.so"] = Json::object();
    result.hooks_after[HA_LIBRARY] = parametersOf(*this, number);
    if (mode == "load-balancing") {
        for (Json& subnet : result.subnets) {
            dividePools(subnet);
        }
        for (Json& network : result.shared_networks) {
            for (Json& subnet : network["subnet4"]) {
                dividePools(subnet);
            }
        }
    }
    return (result);
}

HaPair::HaPair(const HaPlan& plan, KeaServer& first, KeaServer& second) :
    plan_(plan), first_(first), second_(second) {
    if (plan_.cabled) {
        for (const unsigned number : {1U, 2U}) {
            cables_.push_back(std::make_unique<Cable>(serverAddress(number), portOf(number)));
        }
    }
}

Json
HaPair::status(unsigned number) {
    const Json answer = server(number).command("status-get");
    return (answer.at("arguments").at("high-availability").at(0).at("ha-servers").at("local"));
}

std::string
HaPair::state(unsigned number) {
    return (status(number).at("state"));
}

void
HaPair::await(const std::vector<unsigned>& numbers, const std::string& wanted) {
    std::string states;
    const auto reached = [&] {
        states.clear();
        bool all = true;
        for (const unsigned number : numbers) {
            const Json local = status(number);
            const std::string found = local.at("state");
            states.append(" ").append(nameOf(number)).append(" ").append(found);
            // A server is in partner-down state a moment before it answers all clients.
            const size_t all_scopes = plan_.mode == "load-balancing" ? 2 : 1;
            all = all && found == wanted && (wanted != ALONE || local.at("scopes").size() == all_scopes);
        }
        return (all);
    };
    // Servers on a slow machine need more time for one exchange than a round has: the rounds become longer, so that the
    // clock does not run away from the servers.
    std::chrono::milliseconds round = plan_.round;
    const auto begun = std::chrono::steady_clock::now();
    while (!eventually(reached, round)) {
        if (std::chrono::steady_clock::now() > begun + STATE_LIMIT) {
            throw std::runtime_error("the servers did not reach '" + wanted + "':" + states);
        }
        restartTerminated();
        first_.advanceClock(plan_.step);
        round = std::min(round * 3 / 2, LONGEST_ROUND);
    }
}

void
HaPair::awaitNormal() {
    await({1, 2}, plan_.mode);
}

bool
HaPair::restartTerminated() {
    if (second_.pid() <= 0 || first_.pid() <= 0 || (state(1) != TERMINATED && state(2) != TERMINATED)) {
        return (false);
    }
    first_.restart();
    second_.restart();
    return (true);
}

void
HaPair::losePatience() {
    first_.advanceClock(plan_.patience + 1);
}

void
HaPair::kill(unsigned number) {
    server(number).kill();
    losePatience();
    await({other(number)}, ALONE);
}

void
HaPair::bringBack(unsigned number) {
    server(number).start();
    awaitNormal();
}

void
HaPair::pullCable() {
    for (const auto& cable : cables_) {
        cable->pull();
    }
}

void
HaPair::plugCable() {
    for (const auto& cable : cables_) {
        cable->plug();
    }
}

void
HaPair::cut() {
    pullCable();
    losePatience();
    await({1, 2}, ALONE);
}

void
HaPair::reunite() {
    plugCable();
    awaitNormal();
}

}  // namespace e2e
}  // namespace clone_guard
