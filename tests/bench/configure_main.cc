// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-configure-bench: measures start, config-set, statistic-get-all and memory of a server with many subnets,
// without the guard and with it.

#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/control.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <vector>

namespace po = boost::program_options;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes LIMIT{5};

/// @brief Makes a setup with subnets of 256 addresses.
ServerSetup
setupOf(bool guard, uint32_t subnets) {
    ServerSetup setup = guarded("mac-fallback");
    setup.address = serverAddress(guard ? 2 : 1);
    setup.subnets.clear();
    for (uint32_t id = 1; id <= subnets; ++id) {
        const auto prefix = Address((10U << 24) + (id << 8)).toText() + "/24";
        setup.subnets.push_back(subnet(
            1,
            {{"id", id},
             {"subnet", prefix},
             {"relay", {{"ip-addresses", Json::array({Address((10U << 24) + (id << 8) + 1).toText()})}}},
             {"pools", Json::array({{{"pool", prefix}}})}}));
    }
    return (guard ? setup : setup.withoutGuard());
}

/// @brief A server, and the durations of its commands in milliseconds.
class Measured {
public:
    Measured(bool guard, uint32_t subnets) : server_(setupOf(guard, subnets)) {
        socket_ = server_.directory() + "/control";
        config_set_ = Json{{"command", "config-set"},
                           {"arguments", setupOf(guard, subnets).configuration(server_.directory())}}
                          .dump();
        server_.start();
    }

    void configure() {
        const auto answer = timed(config_set_, configured_);
        if (Json::parse(answer).at("result") != 0) {
            throw std::runtime_error("config-set failed: " + answer);
        }
        memory_.push_back(memory());
    }

    /// @brief Summarises the durations from a number of config-set on.
    Json result(size_t last) {
        std::vector<double> walked;
        const auto statistics = timed(R"({ "command": "statistic-get-all" })", walked);
        auto late = std::vector<double>(configured_.end() - std::min(last, configured_.size()),
                                        configured_.end());
        std::sort(late.begin(), late.end());
        return {{"first-ms", configured_.front()},
                {"last-median-ms", late[late.size() / 2]},
                {"memory-first-mb", memory_.front()},
                {"memory-last-mb", memory_.back()},
                {"statistics-bytes", statistics.size()}};
    }

    double first() const {
        return (configured_.front());
    }

private:
    std::string timed(const std::string& request, std::vector<double>& durations) const {
        const auto begin = Clock::now();
        auto answer = exchangeOnSocket(socket_, request, LIMIT);
        durations.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
        return (answer);
    }

    double memory() const {
        std::ifstream status("/proc/" + std::to_string(server_.pid()) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.rfind("VmRSS:", 0) == 0) {
                return (std::stod(line.substr(6)) / 1024);
            }
        }
        return (0);
    }

    KeaServer server_;
    std::string socket_;
    std::string config_set_;
    std::vector<double> configured_;
    std::vector<double> memory_;
};

double
median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return (values[values.size() / 2]);
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("subnets", po::value<uint32_t>()->default_value(5000),
                          "subnets of each server")("times", po::value<unsigned>()->default_value(20),
                                                    "config-set commands for each server")(
        "rounds", po::value<unsigned>()->default_value(3), "pairs of servers");
    return (options);
}

int
run(const po::variables_map& values) {
    const auto subnets = values["subnets"].as<uint32_t>();
    std::vector<double> first_stock;
    std::vector<double> first_guard;
    for (unsigned round = 0; round < values["rounds"].as<unsigned>(); ++round) {
        Measured stock(false, subnets);
        Measured guard(true, subnets);
        for (unsigned time = 0; time < values["times"].as<unsigned>(); ++time) {
            stock.configure();
            guard.configure();
        }
        first_stock.push_back(stock.first());
        first_guard.push_back(guard.first());
        std::cout
            << Json{{"subnets", subnets}, {"stock", stock.result(5)}, {"guard", guard.result(5)}}.dump(2)
            << std::endl;
    }
    std::cout
        << Json{{"first-stock-ms", median(first_stock)}, {"first-guard-ms", median(first_guard)}}.dump(2)
        << std::endl;
    return (0);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(argc, argv,
                       {"clone-guard-configure-bench",
                        "sends config-set to a server without the guard and to one with it,\n"
                        "in turn. Prints one JSON object for each pair of servers.",
                        describe(), run}));
}
