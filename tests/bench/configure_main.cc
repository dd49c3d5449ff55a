// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-configure-bench: measures start, config-set, statistic-get-all and memory of a server with many subnets,
// without the guard and with it.

#include <tests/bench/measure.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/control.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace po = boost::program_options;
using namespace clone_guard::bench;
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
        const auto begin = Clock::now();
        server_.start();
        started_ = millisecondsSince(begin);
    }

    void configure() {
        const auto answer = timed(config_set_, configured_);
        if (Json::parse(answer).at("result") != 0) {
            throw std::runtime_error("config-set failed: " + answer);
        }
        memory_.push_back(memory(server_.pid()));
    }

    /// @brief Summarises the durations; the last is a median of some config-set commands.
    std::map<std::string, double> result() {
        std::vector<double> walked;
        const auto statistics = timed(R"({ "command": "statistic-get-all" })", walked);
        const auto last = std::min<size_t>(LAST, configured_.size());
        return {{"start-ms", started_},
                {"first-ms", configured_.front()},
                {"last-ms", median({configured_.end() - long(last), configured_.end()})},
                {"memory-first-mb", memory_.front()},
                {"memory-last-mb", memory_.back()},
                {"statistics-bytes", double(statistics.size())}};
    }

private:
    static constexpr size_t LAST = 5;

    static double millisecondsSince(Clock::time_point begin) {
        return (std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    }

    std::string timed(const std::string& request, std::vector<double>& durations) const {
        const auto begin = Clock::now();
        auto answer = exchangeOnSocket(socket_, request, LIMIT);
        durations.push_back(millisecondsSince(begin));
        return (answer);
    }

    KeaServer server_;
    std::string socket_;
    std::string config_set_;
    double started_ = 0;
    std::vector<double> configured_;
    std::vector<double> memory_;
};

/// @brief Returns the median of each figure of several rounds.
Json
medians(const std::vector<std::map<std::string, double>>& rounds) {
    Json result;
    for (const auto& figure : rounds.at(0)) {
        std::vector<double> values;
        for (const auto& round : rounds) {
            values.push_back(round.at(figure.first));
        }
        result[figure.first] = median(values);
    }
    return (result);
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
    const auto times = values["times"].as<unsigned>();
    std::vector<std::map<std::string, double>> of_stock;
    std::vector<std::map<std::string, double>> of_guard;
    for (unsigned round = 0; round < values["rounds"].as<unsigned>(); ++round) {
        Measured stock(false, subnets);
        Measured guard(true, subnets);
        for (unsigned time = 0; time < times; ++time) {
            stock.configure();
            guard.configure();
        }
        of_stock.push_back(stock.result());
        of_guard.push_back(guard.result());
    }
    const Json result = {{"subnets", subnets},
                         {"times", times},
                         {"stock", medians(of_stock)},
                         {"guard", medians(of_guard)}};
    std::cout << result.dump(2) << std::endl;
    return (0);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(argc, argv,
                       {"clone-guard-configure-bench",
                        "sends config-set to a server without the guard and to one with it,\n"
                        "in turn. Prints one JSON object with the medians of all pairs of servers.",
                        describe(), run}));
}
