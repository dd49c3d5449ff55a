// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-processor-bench: measures the processor time and the rate of kea-dhcp4 with many clients, without the guard
// and with it, in turn.

#include <tests/bench/measure.h>
#include <tests/bench/networks.h>
#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/net/identifiers.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/database.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>

namespace po = boost::program_options;
using namespace clone_guard;
using namespace clone_guard::bench;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

/// @brief Numbers of the first machines of a load: each load has machines of its own.
constexpr uint32_t OTHERS = 0x400000;
constexpr uint32_t FIRST_CLAIMANT = 0x200000;

/// @brief What is measured.
struct Plan {
    std::string machines;
    uint32_t clients = 0;
    uint32_t identifiers = 0;
    uint32_t conflicts = 0;
    uint32_t leases = 0;
    unsigned rounds = 0;
    unsigned threads = 0;
    Networks networks;
    std::unique_ptr<Database> database;  ///< null for memfile
};

/// @brief What one phase of one server cost.
struct Cost {
    double microseconds = 0;  ///< processor time of the server for each exchange
    double per_second = 0;    ///< exchanges
    uint64_t problems = 0;    ///< NAKs, messages sent again, machines without an address
};

/// @brief The results of all rounds of a server without the guard, or with it.
struct Results {
    std::map<std::string, std::vector<Cost>> costs;
    std::vector<double> memory_before;
    std::vector<double> memory_after;
};

template <typename Exchanges>
Cost
measure(const KeaServer& server, Exchanges exchanges) {
    const double before = processorTime(server.pid());
    const auto begun = Clock::now();
    const LoadResult result = exchanges();
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto count = double(result.waits.size());
    return {1e6 * (processorTime(server.pid()) - before) / count, count / seconds,
            result.naks + result.retransmissions + result.gave_up};
}

/// @brief Writes leases of machines that send nothing during the measurement.
void
writeLeases(const std::string& name, uint32_t leases) {
    std::ofstream file(name);
    file << "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
            "user_context\n";
    const auto expires = std::time(nullptr) + 86400;
    for (uint32_t i = 0; i < leases; ++i) {
        file << Address(0x0a100000 + i).toText() << ',' << toHex(virtualMac(OTHERS + i)) << ','
             << toHex(cloneIdentifier(0x3000000000000000 + i)) << ",86400," << expires << ",1,0,0,,0,\n";
    }
}

/// @brief Returns the load of holders or claimants: pairs of both have one identifier each. Without the guard each machine
/// has an identifier of its own, because the server would give the machines of a pair one address.
LoadPlan
pairOf(const Plan& plan, bool guard, uint32_t machines, uint32_t identifiers, uint32_t first) {
    LoadPlan load;
    load.mode = guard ? LoadMode::CLONES : LoadMode::DUID;
    load.clients = machines;
    load.identifiers = identifiers;
    load.first = first;
    load.relays = plan.networks.relays;
    return (load);
}

/// @brief Makes conflicts of two machines each, each with a lease.
void
makeConflicts(Link& link, const Plan& plan, bool guard) {
    if (plan.conflicts > 0) {
        const auto all = plan.conflicts;
        LoadGenerator(link, pairOf(plan, guard, all, all, OTHERS)).acquire();
        LoadGenerator(link, pairOf(plan, guard, all, all, OTHERS + FIRST_CLAIMANT)).acquire();
    }
}

void
measurePhases(const KeaServer& server, LoadGenerator& clients, Results& results) {
    results.costs["acquire"].push_back(measure(server, [&] { return (clients.acquire()); }));
    results.costs["renew"].push_back(measure(server, [&] { return (clients.renew(1)); }));
}

void
exchangeAll(const KeaServer& server, Link& link, const Plan& plan, bool guard, Results& results) {
    if (plan.machines == "holders" || plan.machines == "claimants") {
        LoadGenerator holders(link, pairOf(plan, guard, plan.identifiers, plan.identifiers, 0));
        LoadGenerator claimants(link,
                                pairOf(plan, guard, plan.clients, plan.identifiers, FIRST_CLAIMANT));
        holders.acquire();
        if (plan.machines == "holders") {
            claimants.acquire();
        }
        measurePhases(server, plan.machines == "holders" ? holders : claimants, results);
        return;
    }
    LoadPlan load;
    load.clients = plan.clients;
    load.relays = plan.networks.relays;
    load.identifiers = plan.identifiers;
    load.mode = plan.machines == "mac"      ? LoadMode::MAC
                : plan.machines == "clones" ? LoadMode::CLONES
                                            : LoadMode::DUID;
    LoadGenerator clients(link, load);
    measurePhases(server, clients, results);
}

void
play(bool guard, const Plan& plan, Results& results) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = plan.threads;
    plan.networks.applyTo(setup);
    if (plan.database) {
        plan.database->clear();
        plan.database->use(setup);
    }
    KeaServer server(guard ? setup : setup.withoutGuard());
    if (plan.leases > 0) {
        writeLeases(server.directory() + "/leases.csv", plan.leases);
    }
    server.start();
    Link link(serverAddress());
    makeConflicts(link, plan, guard);
    results.memory_before.push_back(memory(server.pid()));
    exchangeAll(server, link, plan, guard, results);
    results.memory_after.push_back(memory(server.pid()));
}

double
medianOf(const std::vector<Cost>& costs, double Cost::*figure) {
    std::vector<double> numbers;
    for (const auto& cost : costs) {
        numbers.push_back(cost.*figure);
    }
    return (median(std::move(numbers)));
}

/// @brief The median of the ratios of one round each: rounds differ more than the servers of one round.
double
medianRatio(const std::vector<Cost>& guard, const std::vector<Cost>& stock, double Cost::*figure) {
    std::vector<double> ratios;
    for (size_t round = 0; round < guard.size(); ++round) {
        ratios.push_back(guard[round].*figure / stock[round].*figure);
    }
    return (median(std::move(ratios)));
}

uint64_t
problemsOf(const std::vector<Cost>& costs) {
    uint64_t problems = 0;
    for (const auto& cost : costs) {
        problems += cost.problems;
    }
    return (problems);
}

Json
summary(const Results& stock, const Results& guard) {
    Json result;
    for (const auto& [phase, costs] : stock.costs) {
        const auto& guarded = guard.costs.at(phase);
        result[phase] = {
            {"stock-us", medianOf(costs, &Cost::microseconds)},
            {"guard-us", medianOf(guarded, &Cost::microseconds)},
            {"processor-ratio", medianRatio(guarded, costs, &Cost::microseconds)},
            {"stock-per-second", medianOf(costs, &Cost::per_second)},
            {"guard-per-second", medianOf(guarded, &Cost::per_second)},
            {"rate-ratio", medianRatio(guarded, costs, &Cost::per_second)},
            {"stock-problems", problemsOf(costs)},
            {"guard-problems", problemsOf(guarded)},
        };
    }
    result["memory"] = {{"stock-before-mb", median(stock.memory_before)},
                        {"stock-after-mb", median(stock.memory_after)},
                        {"guard-before-mb", median(guard.memory_before)},
                        {"guard-after-mb", median(guard.memory_after)}};
    return (result);
}

Plan
planOf(const po::variables_map& values) {
    Plan plan;
    plan.machines = values["machines"].as<std::string>();
    const std::vector<std::string> known{"duid", "mac", "holders", "claimants", "clones"};
    if (std::find(known.begin(), known.end(), plan.machines) == known.end()) {
        throw std::runtime_error("unknown machines '" + plan.machines + "'");
    }
    plan.clients = values["clients"].as<uint32_t>();
    const auto identifiers = values["identifiers"].as<uint32_t>();
    plan.identifiers = identifiers > 0 ? identifiers : plan.clients;
    plan.conflicts = values["conflicts"].as<uint32_t>();
    if (plan.conflicts > 0 && plan.machines != "duid" && plan.machines != "mac") {
        throw std::runtime_error("conflicts of other machines would have the same identifiers");
    }
    plan.leases = values["leases"].as<uint32_t>();
    plan.rounds = values["rounds"].as<unsigned>();
    plan.threads = values["threads"].as<unsigned>();
    plan.networks = networksOf(values["networks"].as<std::string>());
    const auto database = values["database"].as<std::string>();
    if (database != "memfile") {
        plan.database = Database::make(database);
    }
    return (plan);
}

int
run(const po::variables_map& values) {
    const Plan plan = planOf(values);
    Results stock;
    Results guard;
    for (unsigned round = 0; round < plan.rounds; ++round) {
        play(false, plan, stock);
        play(true, plan, guard);
    }
    std::cout << summary(stock, guard).dump(2) << std::endl;
    return (0);
}

po::options_description
describe() {
    po::options_description options;
    const auto option = [&options](const char* name, const po::value_semantic* value,
                                   const char* description) {
        options.add(boost::shared_ptr<po::option_description>(
            new po::option_description(name, value, description)));
    };
    option("clients", po::value<uint32_t>()->default_value(40000), "measured machines");
    option("machines", po::value<std::string>()->default_value("duid"),
           "duid or mac: each has an identifier of its own, a DUID or the hardware address; claimants: "
           "each has the "
           "identifier of a holder; holders: each has a claimant; clones: all have --identifiers");
    option("identifiers", po::value<uint32_t>()->default_value(0),
           "different identifiers of holders, claimants or clones; 0 for one for each machine");
    option("networks", po::value<std::string>()->default_value("1"),
           "1: one subnet; 1000: subnets; 250x4: shared networks of four subnets; 1x1000: one shared "
           "network");
    option("conflicts", po::value<uint32_t>()->default_value(0),
           "conflicts of two other machines each, with leases (with duid or mac)");
    option("leases", po::value<uint32_t>()->default_value(0),
           "leases of other machines in the lease file (with one subnet)");
    option("database", po::value<std::string>()->default_value("memfile"),
           "memfile, postgresql or mysql");
    option("rounds", po::value<unsigned>()->default_value(5), "measurements of each server, in turn");
    option("threads", po::value<unsigned>()->default_value(0), "threads of the server");
    return (options);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (
        runProgram(argc, argv,
                   {"clone-guard-processor-bench",
                    "measures the processor time of kea-dhcp4 for each exchange (DISCOVER to ACK,\n"
                    "renewal) with many clients, without the guard and with it. Prints medians, and\n"
                    "the medians of the ratios of one round each. Without the guard, claimants have\n"
                    "identifiers of their own.",
                    describe(), run}));
}
