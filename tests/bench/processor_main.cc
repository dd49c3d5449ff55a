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

/// @brief Machines that exchange messages with one server before it is the other's turn.
constexpr uint32_t PART = 500;

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

    /// @brief The number of machines that are measured.
    uint32_t measured() const {
        return (machines == "holders" ? identifiers : clients);
    }

    /// @brief Whether these are in conflicts.
    bool inConflicts() const {
        return (machines != "duid" && machines != "mac");
    }
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

/// @brief A load that no reply wakes up: to wake a process on an idle processor costs the sender up to a fifth of the
/// server's time on a virtual machine, and more for the slower of two servers.
LoadPlan
quietLoad(const Plan& plan) {
    LoadPlan load;
    load.pause = std::chrono::microseconds(200);
    load.relays = plan.networks.relays;
    return (load);
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
    LoadPlan load = quietLoad(plan);
    load.mode = guard ? LoadMode::CLONES : LoadMode::DUID;
    load.clients = machines;
    load.identifiers = identifiers;
    load.first = first;
    return (load);
}

/// @brief One of the measured servers and its machines.
class Side {
public:
    Side(const Plan& plan, bool guard, Link& link, Results& results) :
        plan_(plan), guard_(guard), link_(link), server_(setup()), results_(results) {
        if (plan.leases > 0) {
            writeLeases(server_.directory() + "/leases.csv", plan.leases);
        }
        server_.start();
        turnTo();
        prepare();
        results.memory_before.push_back(memory(server_.pid()));
    }

    /// @brief Renews all leases, so that each conflict is confirmed and on record before renewals are measured.
    void confirm() {
        turnTo();
        clients_->choose(0, plan_.measured());
        clients_->renew(1);
    }

    /// @brief Measures the exchanges of one part of the machines, from @c first on.
    void exchange(bool renew, uint32_t first, uint32_t count) {
        turnTo();
        clients_->choose(first, count);
        const double before = processorTime(server_.pid());
        const auto begun = Clock::now();
        const LoadResult result = renew ? clients_->renew(1) : clients_->acquire();
        seconds_ += std::chrono::duration<double>(Clock::now() - begun).count();
        processor_ += processorTime(server_.pid()) - before;
        exchanges_ += result.waits.size();
        problems_ += result.naks + result.retransmissions + result.gave_up;
    }

    void endPhase(const std::string& name) {
        const auto count = double(exchanges_);
        results_.costs[name].push_back({1e6 * processor_ / count, count / seconds_, problems_});
        seconds_ = processor_ = 0;
        exchanges_ = problems_ = 0;
        results_.memory_after.resize(results_.memory_before.size());
        results_.memory_after.back() = memory(server_.pid());
    }

private:
    ServerSetup setup() const {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = plan_.threads;
        plan_.networks.applyTo(setup);
        if (plan_.database) {
            plan_.database->clear();
            plan_.database->use(setup);
        }
        setup.address = serverAddress(guard_ ? 2 : 1);
        return (guard_ ? setup : setup.withoutGuard());
    }

    void turnTo() {
        link_.turnTo(server_.address());
    }

    /// @brief Makes the conflicts, the leases of the holders, and the measured machines.
    void prepare() {
        if (plan_.conflicts > 0) {
            const auto all = plan_.conflicts;
            LoadGenerator(link_, pairOf(plan_, guard_, all, all, OTHERS)).acquire();
            LoadGenerator(link_, pairOf(plan_, guard_, all, all, OTHERS + FIRST_CLAIMANT)).acquire();
        }
        if (plan_.machines == "holders" || plan_.machines == "claimants") {
            const auto all = plan_.identifiers;
            others_ = std::make_unique<LoadGenerator>(link_, pairOf(plan_, guard_, all, all, 0));
            clients_ = std::make_unique<LoadGenerator>(
                link_, pairOf(plan_, guard_, plan_.clients, all, FIRST_CLAIMANT));
            others_->acquire();
            if (plan_.machines == "holders") {
                clients_->acquire();
                std::swap(others_, clients_);
            }
            return;
        }
        LoadPlan load = quietLoad(plan_);
        load.clients = plan_.clients;
        load.identifiers = plan_.identifiers;
        load.mode = plan_.machines == "mac"      ? LoadMode::MAC
                    : plan_.machines == "clones" ? LoadMode::CLONES
                                                 : LoadMode::DUID;
        clients_ = std::make_unique<LoadGenerator>(link_, load);
    }

    const Plan& plan_;
    bool guard_;
    Link& link_;
    KeaServer server_;
    Results& results_;
    std::unique_ptr<LoadGenerator> others_;
    std::unique_ptr<LoadGenerator> clients_;
    double seconds_ = 0;
    double processor_ = 0;
    uint64_t exchanges_ = 0;
    uint64_t problems_ = 0;
};

/// @brief Measures servers in turn, with a small part of the machines at a time: a virtual machine may be slower by a
/// fifth from one second to the next.
void
measureInTurn(std::vector<Side*> sides, const Plan& plan) {
    const uint32_t machines = plan.measured();
    for (const bool renew : {false, true}) {
        for (Side* side : sides) {
            if (renew && plan.inConflicts()) {
                side->confirm();
            }
        }
        for (uint32_t first = 0; first < machines; first += PART) {
            for (Side* side : sides) {
                side->exchange(renew, first, std::min(PART, machines - first));
            }
            std::reverse(sides.begin(), sides.end());
        }
        for (Side* side : sides) {
            side->endPhase(renew ? "renew" : "acquire");
        }
    }
}

void
playRound(const Plan& plan, Results& stock, Results& guard) {
    Link link(serverAddress());
    if (plan.database) {
        // There is one database, which both would write to.
        for (const bool guarded : {false, true}) {
            Side side(plan, guarded, link, guarded ? guard : stock);
            measureInTurn({&side}, plan);
        }
        return;
    }
    Side without(plan, false, link, stock);
    Side with(plan, true, link, guard);
    measureInTurn({&without, &with}, plan);
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
    if (plan.conflicts > 0 && plan.inConflicts()) {
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
        playRound(plan, stock, guard);
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
