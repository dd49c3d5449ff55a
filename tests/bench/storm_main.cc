// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-storm-bench: measures how long machines that boot at once wait, with receive buffers and packet queues of two sizes.

#include <tests/bench/measure.h>
#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/e2e/harness/servers/receive_buffer.h>

#include <iostream>

namespace po = boost::program_options;
using namespace clone_guard::bench;
using namespace clone_guard::e2e;

namespace {

constexpr int DEFAULT_QUEUE = 64;
constexpr int LARGE_QUEUE = 4096;

/// @brief A server, and the machines that boot at once.
struct Case {
    const char* name;
    bool guard;
    LoadMode mode;
};

const std::vector<Case> CASES{{"stock, one DUID each", false, LoadMode::DUID},
                              {"guard, one DUID each", true, LoadMode::DUID},
                              {"guard, clones of one DUID", true, LoadMode::CLONES}};

/// @brief The room for queries that wait.
struct Room {
    int buffer;    ///< bytes of the receive buffer, 0 for the default of the kernel
    int messages;  ///< packet-queue-size of the server's threads
};

/// @brief The results of all rounds of a case.
struct Rounds {
    std::vector<double> seconds;
    std::vector<double> sent_again;
    std::vector<double> dropped;
    std::vector<double> longest;
    std::vector<double> addresses;

    Json result() const {
        return {{"seconds", median(seconds)},
                {"sent-again", median(sent_again)},
                {"dropped", median(dropped)},
                {"longest-wait-ms", median(longest)},
                {"addresses", median(addresses)}};
    }
};

void
play(const Case& one, const Room& room, const po::variables_map& values, Rounds& rounds) {
    ServerSetup setup = guarded("mac-fallback");
    setup.more["multi-threading"] = {{"enable-multi-threading", true},
                                     {"thread-pool-size", values["threads"].as<unsigned>()},
                                     {"packet-queue-size", room.messages}};
    setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0 - 10.1.255.254"}}}}})};
    KeaServer server(one.guard ? setup : setup.withoutGuard());
    server.start();
    if (room.buffer > 0 && setReceiveBuffers(server.pid(), room.buffer) == 0) {
        std::cerr << "the kernel permits no larger receive buffer; measured with the default\n";
    }
    Link link(serverAddress());
    LoadPlan plan;
    plan.mode = one.mode;
    plan.clients = values["clients"].as<uint32_t>();
    plan.window = plan.clients;
    plan.timeout = Milliseconds(values["timeout"].as<uint32_t>());
    LoadGenerator machines(link, plan);
    const auto before = droppedDatagrams(server.pid());
    const LoadResult result = machines.acquire();
    rounds.seconds.push_back(result.seconds);
    rounds.sent_again.push_back(double(result.retransmissions));
    rounds.dropped.push_back(double(droppedDatagrams(server.pid()) - before));
    rounds.longest.push_back(result.waits.empty() ? 0 : result.waits.back());
    rounds.addresses.push_back(double(result.addresses));
}

int
run(const po::variables_map& values) {
    const int buffer = values["buffer"].as<int>();
    const std::vector<Room> rooms{
        {0, DEFAULT_QUEUE}, {buffer, DEFAULT_QUEUE}, {0, LARGE_QUEUE}, {buffer, LARGE_QUEUE}};
    std::vector<std::vector<Rounds>> all(CASES.size(), std::vector<Rounds>(rooms.size()));
    for (unsigned round = 0; round < values["rounds"].as<unsigned>(); ++round) {
        for (size_t one = 0; one < CASES.size(); ++one) {
            for (size_t room = 0; room < rooms.size(); ++room) {
                play(CASES[one], rooms[room], values, all[one][room]);
            }
        }
    }
    Json result = Json::array();
    for (size_t one = 0; one < CASES.size(); ++one) {
        for (size_t room = 0; room < rooms.size(); ++room) {
            Json row = all[one][room].result();
            row["case"] = CASES[one].name;
            row["buffer"] = rooms[room].buffer;
            row["queue"] = rooms[room].messages;
            result.push_back(row);
        }
    }
    std::cout << result.dump(2) << std::endl;
    return (0);
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("clients", po::value<uint32_t>()->default_value(1000),
                          "machines that send at once")(
        "buffer", po::value<int>()->default_value(8 << 20), "bytes of the larger receive buffer")(
        "rounds", po::value<unsigned>()->default_value(5), "measurements of each case, in turn")(
        "threads", po::value<unsigned>()->default_value(4),
        "threads of the server")("timeout", po::value<uint32_t>()->default_value(1000),
                                 "milliseconds before a machine sends again");
    return (options);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(argc, argv,
                       {"clone-guard-storm-bench",
                        "measures how long machines that boot at once wait, with the default receive\n"
                        "buffer and packet queue of the server and with larger ones. Prints medians.",
                        describe(), run}));
}
