// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-processor-bench: measures the processor time and the rate of kea-dhcp4 with many clients, without the guard
// and with it, in turn.

#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace po = boost::program_options;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

/// @brief Fields of /proc/PID/stat after the name of the program, see proc(5): utime is the 12th of them.
constexpr int FIELDS_BEFORE_UTIME = 11;

/// @brief The processor time of a process so far, in seconds.
double
processorTime(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 0; field < FIELDS_BEFORE_UTIME; ++field) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return ((user + system) / double(sysconf(_SC_CLK_TCK)));
}

/// @brief What one phase of one server cost.
struct Cost {
    double microseconds = 0;  ///< processor time of the server for each exchange
    double per_second = 0;    ///< exchanges
};

using Costs = std::map<std::string, std::vector<Cost>>;

template <typename Exchanges>
Cost
measure(const KeaServer& server, Exchanges exchanges) {
    const double before = processorTime(server.pid());
    const auto begun = Clock::now();
    const LoadResult result = exchanges();
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto count = double(result.waits.size());
    return {1e6 * (processorTime(server.pid()) - before) / count, count / seconds};
}

void
play(bool guard, const po::variables_map& values, Costs& costs) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = values["threads"].as<unsigned>();
    setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0 - 10.1.255.254"}}}}})};
    KeaServer server(guard ? setup : setup.withoutGuard());
    server.start();
    Link link(serverAddress());
    LoadPlan plan;
    plan.clients = values["clients"].as<uint32_t>();
    plan.mode = values["mode"].as<std::string>() == "mac" ? LoadMode::MAC : LoadMode::DUID;
    LoadGenerator clients(link, plan);
    costs["acquire"].push_back(measure(server, [&] { return (clients.acquire()); }));
    costs["renew"].push_back(measure(server, [&] { return (clients.renew(1)); }));
}

double
median(std::vector<double> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return (numbers.at(numbers.size() / 2));
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

int
run(const po::variables_map& values) {
    Costs stock;
    Costs guard;
    for (unsigned round = 0; round < values["rounds"].as<unsigned>(); ++round) {
        play(false, values, stock);
        play(true, values, guard);
    }
    Json result;
    for (const auto& [phase, costs] : stock) {
        result[phase] = {
            {"stock-us", medianOf(costs, &Cost::microseconds)},
            {"guard-us", medianOf(guard[phase], &Cost::microseconds)},
            {"processor-ratio", medianRatio(guard[phase], costs, &Cost::microseconds)},
            {"stock-per-second", medianOf(costs, &Cost::per_second)},
            {"guard-per-second", medianOf(guard[phase], &Cost::per_second)},
            {"rate-ratio", medianRatio(guard[phase], costs, &Cost::per_second)},
        };
    }
    std::cout << result.dump(2) << std::endl;
    return (0);
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("clients", po::value<uint32_t>()->default_value(40000), "machines")(
        "mode", po::value<std::string>()->default_value("duid"), "option 61: duid or mac")(
        "rounds", po::value<unsigned>()->default_value(5), "measurements of each server, in turn")(
        "threads", po::value<unsigned>()->default_value(0), "threads of the server");
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
                    "the medians of the ratios of one round each.",
                    describe(), run}));
}
