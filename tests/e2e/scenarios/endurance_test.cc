// SPDX-License-Identifier: MPL-2.0
//
// R13: a server with the guard runs for months. It is reconfigured, loads and unloads the library and handles packets
// without growing, and its clients keep their addresses meanwhile.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

/// @brief The resources of a server.
struct Footprint {
    long memory = 0;  ///< resident, in kilobytes
    size_t descriptors = 0;
};

class Endurance : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    static ServerSetup setup() {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = GetParam();
        // A lease file that grows would hide what the server itself needs.
        setup.lease_database = {{"type", "memfile"}, {"persist", false}};
        return (setup);
    }

    static LoadPlan plan(LoadMode mode) {
        LoadPlan plan;
        plan.mode = mode;
        plan.clients = 20;
        plan.identifiers = 4;
        plan.window = 4;
        plan.timeout = Milliseconds(50);
        return (plan);
    }

    Footprint footprint() {
        const auto process = "/proc/" + std::to_string(server().pid());
        Footprint found;
        std::ifstream status(process + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.rfind("VmRSS:", 0) == 0) {
                found.memory = std::stol(line.substr(6));
            }
        }
        const std::filesystem::directory_iterator files(process + "/fd");
        found.descriptors = static_cast<size_t>(std::distance(begin(files), end(files)));
        return (found);
    }

    /// @brief Does something as often as given while the machines of a load renew. All of them keep their addresses.
    ///
    /// The footprint is compared with that after a tenth, when all that is made once has been made.
    template <typename Work>
    void repeatUnderTraffic(LoadMode mode, unsigned times, Work work) {
        LoadGenerator load(link(), plan(mode));
        ASSERT_EQ(load.acquire().completed, plan(mode).clients);
        std::atomic<bool> over{false};
        std::atomic<unsigned> rounds{0};
        LoadResult all;
        std::thread traffic([&] {
            while (!over) {
                const LoadResult round = load.renew(1);
                all.completed += round.completed;
                all.naks += round.naks;
                all.shared_acks += round.shared_acks;
                all.wrong_echoes += round.wrong_echoes;
                ++rounds;
            }
        });
        Footprint before;
        for (unsigned i = 0; i < times; ++i) {
            work(i);
            const unsigned served = rounds;
            EXPECT_TRUE(eventually([&] { return (rounds > served); }));
            if (i == times / 10) {
                before = footprint();
            }
        }
        over = true;
        traffic.join();
        EXPECT_EQ(all.naks + all.shared_acks + all.wrong_echoes, 0U) << all.toJson();
        expectFlat(before,
                   std::to_string(times) + " times, " + std::to_string(all.completed) + " renewals");
    }

    /// @brief Expects that the server needs no more than before.
    ///
    /// A leak in each repetition is more than the allowed growth. The number of descriptors varies by a few, for example
    /// while the server closes a connection to its control socket.
    void expectFlat(const Footprint& before, const std::string& after_what) {
        const auto after = footprint();
        EXPECT_LT(after.memory, before.memory + before.memory / 10 + 4096);
        EXPECT_LT(after.descriptors, before.descriptors + 5);
        std::cout << after_what << ": " << before.memory << " kB, then " << after.memory << " kB; "
                  << before.descriptors << " descriptors, then " << after.descriptors << std::endl;
    }

    void reconfigure(unsigned times) {
        serve(setup());
        repeatUnderTraffic(LoadMode::CLONES, times, [this](unsigned i) {
            ServerSetup other = setup();
            other.guard->update({{"claim-window", 30 + i % 2}});
            ASSERT_EQ(server().configSet(other)["result"], 0);
        });
    }

    void loadAndUnload(unsigned times) {
        serve(setup());
        // Without the guard clones share addresses, so these machines have identifiers of their own.
        repeatUnderTraffic(LoadMode::DUID, times, [this](unsigned) {
            ASSERT_EQ(server().configSet(setup().withoutGuard())["result"], 0);
            ASSERT_EQ(server().configSet(setup())["result"], 0);
        });
        SimClient& first = holder();
        EXPECT_FALSE(clone(2).acquire().isZero());
        expectKept(first);
    }

    void handlePackets(unsigned packets) {
        serve(setup());
        const auto clients = plan(LoadMode::CLONES).clients;
        LoadGenerator load(link(), plan(LoadMode::CLONES));
        ASSERT_EQ(load.acquire().completed, clients);
        ASSERT_EQ(load.renew(packets / clients / 10).naks, 0U);
        const auto before = footprint();
        const LoadResult result = load.renew(packets / clients);
        EXPECT_EQ(result.naks + result.shared_acks + result.wrong_echoes + result.gave_up, 0U)
            << result.toJson();
        expectFlat(before, std::to_string(result.completed) + " renewals");
    }
};

// R13: 20 reconfigurations under traffic.
TEST_P(Endurance, rule13Reconfigurations) {
    reconfigure(20);
}

// R13: the library is loaded and unloaded 10 times under traffic.
TEST_P(Endurance, rule13LoadsAndUnloads) {
    loadAndUnload(10);
}

// R13: 1000 reconfigurations under traffic.
TEST_P(Endurance, rule13EveryReconfiguration) {
    reconfigure(1000);
}

// R13: the library is loaded and unloaded 200 times under traffic.
TEST_P(Endurance, rule13EveryLoadAndUnload) {
    loadAndUnload(200);
}

// R13: a million packets of clones.
TEST_P(Endurance, rule13EveryPacket) {
    handlePackets(1000000);
}

INSTANTIATE_TEST_SUITE_P(Threads, Endurance, ::testing::Values(0U, 4U));

}  // namespace

}  // namespace test
}  // namespace clone_guard
