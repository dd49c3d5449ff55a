// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-flood-bench: measures how long honest machines wait while a flood of forged queries lasts, without the guard
// and with it.

#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/net/identifiers.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <random>
#include <thread>

namespace po = boost::program_options;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t SUBNETS = 200;
constexpr uint32_t TEMPLATES = 20;
constexpr uint8_t OPTION_SUBNET_SELECTION = 118;
constexpr uint8_t LINK_SELECTION = 5;

Address
relayIn(uint32_t subnet) {
    return (Address((10U << 24) + (subnet << 16) + 1));
}

/// @brief Sends forged queries without reading replies, at a rate or as fast as possible.
///
/// In turn: a new identity, two machines of a new identifier, an identity of an honest machine, a renewal of an address that
/// the sender has no lease for, and a DISCOVER that selects a network by option 118 or by a suboption of option 82.
class Flood {
public:
    Flood(uint32_t honest, uint32_t rate, uint64_t seed) :
        honest_(honest), rate_(rate), random_(seed), thread_([this] { run(); }) {}

    ~Flood() {
        end();
    }

    /// @brief Ends the flood.
    ///
    /// @return the number of packets a second.
    double end() {
        done_ = true;
        if (thread_.joinable()) {
            thread_.join();
            per_second_ = double(sent_) / std::chrono::duration<double>(Clock::now() - begun_).count();
        }
        return (per_second_);
    }

private:
    void run() {
        Link link(serverAddress());
        while (!done_) {
            const auto forged = uint32_t(++made_);
            switch (made_ % 5) {
            case 0:
                send(link, discover(forged, cloneIdentifier(0x7000000000000000 + forged)));
                break;
            case 1:
                send(link, discover(forged, cloneIdentifier(0x6000000000000000 + forged)));
                send(link, discover(forged + 0x400000, cloneIdentifier(0x6000000000000000 + forged)));
                break;
            case 2:
                send(link, discover(forged, cloneIdentifier(0x1000000000000000 + random_() % honest_)));
                break;
            case 3:
                send(link, renewal(forged));
                break;
            default:
                send(link, elsewhere(forged));
            }
        }
    }

    void send(Link& link, const Packet& packet) {
        link.send(packet);
        ++sent_;
        if (rate_ != 0) {
            std::this_thread::sleep_until(begun_ +
                                          std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double>(double(sent_) / rate_)));
        }
    }

    Packet discover(uint32_t machine, const Bytes& identifier) {
        Packet packet;
        packet.xid = uint32_t(random_());
        packet.chaddr = virtualMac(0x800000 + machine % 0x800000);
        packet.giaddr = relayIn(2);
        packet.type(DISCOVER);
        packet.add(OPTION_CLIENT_IDENTIFIER, identifier);
        return (packet);
    }

    Packet renewal(uint32_t forged) {
        Packet packet;
        packet.xid = uint32_t(random_());
        packet.chaddr = virtualMac(0x800000 + forged % 0x800000);
        packet.ciaddr = Address(relayIn(3).value + 0x100 + forged % 2000);
        packet.giaddr = relayIn(3);
        packet.type(REQUEST);
        packet.add(OPTION_CLIENT_IDENTIFIER, cloneIdentifier(0x6000000000000000 + forged - 2));
        return (packet);
    }

    Packet elsewhere(uint32_t forged) {
        Packet packet = discover(forged, cloneIdentifier(0x6000000000000000 + forged - 3));
        const Bytes network = bigEndian(relayIn(uint32_t(1 + random_() % SUBNETS)).value);
        if (random_() % 2 == 0) {
            packet.add(OPTION_SUBNET_SELECTION, network);
        } else {
            packet.add(OPTION_RELAY_AGENT, Bytes{LINK_SELECTION, 4} + network);
        }
        return (packet);
    }

    uint32_t honest_;
    uint32_t rate_;
    std::mt19937_64 random_;
    Clock::time_point begun_ = Clock::now();
    uint64_t made_ = 0;
    uint64_t sent_ = 0;
    double per_second_ = 0;
    std::atomic<bool> done_{false};
    std::thread thread_;
};

Json
waitsOf(const LoadResult& result) {
    if (result.waits.empty()) {
        return (Json{{"exchanges", 0}});
    }
    return (Json{{"exchanges", result.waits.size()},
                 {"median-ms", result.waits[result.waits.size() / 2]},
                 {"p99-ms", result.waits[result.waits.size() * 99 / 100]},
                 {"longest-ms", result.waits.back()},
                 {"sent-again", result.retransmissions},
                 {"naks", result.naks},
                 {"gave-up", result.gave_up},
                 {"shared-addresses", result.shared_addresses}});
}

ServerSetup
setupOf(bool guard, unsigned threads) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = threads;
    setup.subnets.clear();
    for (uint32_t id = 1; id <= SUBNETS; ++id) {
        setup.subnets.push_back(subnet(id));
    }
    return (guard ? setup : setup.withoutGuard());
}

/// @brief The guard's tables and logs after the flood, and what it reported of the real clones.
Json
reportOf(KeaServer& server) {
    const Json status = server.command("clone-guard-status-get")["arguments"];
    Json result{{"claims", status["claims"]},
                {"conflicts", status["conflicts"]},
                {"operator-log-lines", server.operatorLog("CLONE_GUARD_").size()},
                {"audit-records", server.audit().size()},
                {"degraded", server.operatorLog("CLONE_GUARD_DEGRADED")}};
    unsigned reported = 0;
    const auto lines = server.operatorLog("CLONE_GUARD_CONFLICT_");
    for (uint32_t i = 0; i < TEMPLATES; ++i) {
        const std::string identifier = toHex(cloneIdentifier(0x2000000000000000 + i));
        reported += std::any_of(lines.begin(), lines.end(), [&identifier](const std::string& line) {
            return (line.find(identifier) != std::string::npos);
        });
    }
    result["real-conflicts"] = TEMPLATES;
    result["real-conflicts-reported"] = reported;
    return (result);
}

Json
measure(bool guard, const po::variables_map& values) {
    const auto clients = values["clients"].as<uint32_t>();
    KeaServer server(setupOf(guard, values["threads"].as<unsigned>()));
    server.start();
    Link link(serverAddress());
    LoadPlan plan;
    plan.clients = clients;
    plan.timeout = Milliseconds(values["timeout"].as<uint32_t>());
    plan.relays = {relayIn(1)};
    LoadGenerator honest(link, plan);
    honest.acquire();
    // Two machines of each template; the second of each is the clone.
    LoadPlan of_clones = plan;
    of_clones.mode = LoadMode::CLONES;
    of_clones.identifiers = TEMPLATES;
    of_clones.clients = 2 * TEMPLATES;
    of_clones.first = 0x40000;
    LoadGenerator clones(link, of_clones);

    Json result{{"guard", guard}};
    result["renewals-before"] = waitsOf(honest.renew(1));
    Flood flood(clients, values["rate"].as<uint32_t>(), values["seed"].as<uint64_t>());
    std::this_thread::sleep_for(std::chrono::seconds(values["seconds"].as<unsigned>()));
    result["renewals"] = waitsOf(honest.renew(2));
    result["clones"] = waitsOf(clones.acquire());
    honest.powerCut();
    result["boots"] = waitsOf(honest.acquire());
    result["flood-per-second"] = flood.end();
    if (guard) {
        result["report"] = reportOf(server);
    }
    return (result);
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("clients", po::value<uint32_t>()->default_value(1000),
                          "honest machines")("rate", po::value<uint32_t>()->default_value(0),
                                             "forged packets a second; 0 for as many as possible")(
        "rounds", po::value<unsigned>()->default_value(3), "measurements of each server, in turn")(
        "seconds", po::value<unsigned>()->default_value(5), "of flood before the first measurement")(
        "threads", po::value<unsigned>()->default_value(0), "threads of the server")(
        "timeout", po::value<uint32_t>()->default_value(1000),
        "milliseconds before a machine sends again")("seed", po::value<uint64_t>()->default_value(1),
                                                     "decides what the flood consists of");
    return (options);
}

int
run(const po::variables_map& values) {
    for (unsigned round = 0; round < values["rounds"].as<unsigned>(); ++round) {
        for (const bool guard : {false, true}) {
            std::cout << measure(guard, values).dump(2) << std::endl;
        }
    }
    return (0);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(argc, argv,
                       {"clone-guard-flood-bench",
                        "measures how long honest machines wait while a flood lasts, without the guard\n"
                        "and with it. Prints one JSON object for each measurement.",
                        describe(), run}));
}
