// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-load: the load generator as a program, for measurements and manual experiments.

#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/net/program.h>

#include <iostream>

namespace po = boost::program_options;
using namespace clone_guard::e2e;

namespace {

LoadMode
modeOf(const std::string& name) {
    if (name == "mac") {
        return (LoadMode::MAC);
    } else if (name == "duid") {
        return (LoadMode::DUID);
    } else if (name == "clones") {
        return (LoadMode::CLONES);
    }
    throw std::invalid_argument("--mode is one of mac, duid, clones, not '" + name + "'");
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("server", po::value<std::string>()->default_value("127.0.0.1"),
                          "address of the server, port 67")(
        "relay", po::value<std::string>()->default_value("10.1.0.1"),
        "address to send from as a relay (giaddr); it must be local")(
        "relay-count", po::value<uint32_t>()->default_value(1),
        "number of relays; machine i is behind relay i modulo this number")(
        "first", po::value<uint32_t>()->default_value(0),
        "number of the first machine; another number makes other machines")(
        "relay-step", po::value<uint32_t>()->default_value(256),
        "difference between the addresses of two relays")(
        "mode", po::value<std::string>()->default_value("duid"),
        "option 61: mac (type 1), duid (one for each client), clones (shared)")(
        "clients", po::value<uint32_t>()->default_value(100),
        "hardware addresses")("identifiers", po::value<uint32_t>()->default_value(1),
                              "different identifiers of all clients, with --mode clones")(
        "phase", po::value<std::string>()->default_value("acquire"),
        "acquire (a lease for each client) or renew (acquire, then renewals)")(
        "renewals", po::value<uint32_t>()->default_value(1), "renewals of each client")(
        "window", po::value<uint32_t>()->default_value(32),
        "exchanges in progress at a time")("timeout", po::value<uint32_t>()->default_value(1000),
                                           "milliseconds before a message is sent again")(
        "attempts", po::value<uint32_t>()->default_value(30), "before a client gives up")(
        "seed", po::value<uint64_t>()->default_value(1), "decides the order of the clients");
    return (options);
}

LoadPlan
planOf(const po::variables_map& values) {
    LoadPlan plan;
    plan.mode = modeOf(values["mode"].as<std::string>());
    plan.clients = values["clients"].as<uint32_t>();
    plan.identifiers = values["identifiers"].as<uint32_t>();
    plan.window = values["window"].as<uint32_t>();
    plan.timeout = Milliseconds(values["timeout"].as<uint32_t>());
    plan.attempts = values["attempts"].as<uint32_t>();
    plan.seed = values["seed"].as<uint64_t>();
    plan.relays.clear();
    plan.first = values["first"].as<uint32_t>();
    const Address first(values["relay"].as<std::string>());
    for (uint32_t i = 0; i < values["relay-count"].as<uint32_t>(); ++i) {
        plan.relays.push_back(Address(first.value + i * values["relay-step"].as<uint32_t>()));
    }
    return (plan);
}

int
run(const po::variables_map& values) {
    const auto phase = values["phase"].as<std::string>();
    if (phase != "acquire" && phase != "renew") {
        throw std::invalid_argument("--phase is one of acquire, renew, not '" + phase + "'");
    }
    Link link(Address(values["server"].as<std::string>()));
    LoadGenerator load(link, planOf(values));
    const LoadResult acquired = load.acquire();
    std::cout << acquired.toJson() << std::endl;
    uint64_t gave_up = acquired.gave_up;
    if (phase == "renew") {
        const LoadResult renewed = load.renew(values["renewals"].as<uint32_t>());
        std::cout << renewed.toJson() << std::endl;
        gave_up += renewed.gave_up;
    }
    return (gave_up == 0 ? 0 : 1);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(
        argc, argv,
        {"clone-guard-load",
         "sends as many simulated DHCPv4 clients to a server.\n"
         "Prints the outcome as one JSON object per phase. Ends with status 1 if a client got "
         "no reply.",
         describe(), run, false}));
}
