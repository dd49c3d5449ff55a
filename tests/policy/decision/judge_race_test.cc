// SPDX-License-Identifier: MPL-2.0
//
// R3: of several clones that ask in the same instant, one passes, in one thread or in several.

#include <tests/policy/decision/fake_lease_lookup.h>

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

constexpr uint32_t CLONES = 4;

/// @brief Makes threads wait for each other.
class Barrier {
public:
    explicit Barrier(size_t threads) : threads_(threads) {}

    void wait() {
        std::unique_lock<std::mutex> lock(mutex_);
        const auto round = round_;
        if (++waiting_ == threads_) {
            waiting_ = 0;
            ++round_;
            all_here_.notify_all();
            return;
        }
        all_here_.wait(lock, [&] { return (round_ != round); });
    }

private:
    const size_t threads_;
    size_t waiting_ = 0;
    size_t round_ = 0;
    std::mutex mutex_;
    std::condition_variable all_here_;
};

/// @brief Simulates the leases of one identifier in one network, as the server writes them: the holder gets the lease
/// of the identifier, and with it the address.
class Leases {
public:
    struct Held {
        std::vector<Lease> records;
        std::map<HardwareAddress, Lease> derived;
    };

    void reset(Held held) {
        const std::lock_guard<std::mutex> lock(mutex_);
        held_ = std::move(held);
    }
    Held held() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return (held_);
    }
    void write(const HardwareAddress& address, Role role, IpAddress ip) {
        const std::lock_guard<std::mutex> lock(mutex_);
        Lease record;
        record.address = address;
        record.subnet_id = 1;
        record.live = true;
        if (role == Role::CLAIMANT) {
            record.ip = ip;
            held_.derived[address] = record;
        } else {
            record.ip = held_.records.empty() ? ip : held_.records.front().ip;
            held_.records.assign(1, record);
        }
    }

private:
    mutable std::mutex mutex_;
    Held held_;
};

class ModelLeaseLookup : public OneNetworkLookup {
public:
    ModelLeaseLookup(const Leases& leases, const HardwareAddress& address, uint32_t relay) :
        OneNetworkLookup(relay), leases_(leases), address_(address) {}

    std::vector<Lease> leases() override {
        return (leases_.held().records);
    }
    std::vector<Lease> derivedLeases(const HardwareAddress&) override {
        const auto held = leases_.held();
        const auto own = held.derived.find(address_);
        return (own == held.derived.end() ? std::vector<Lease>() : std::vector<Lease>{own->second});
    }

private:
    const Leases& leases_;
    const HardwareAddress address_;
};

class JudgeRaceTest : public ::testing::Test {
protected:
    /// @brief Judges one query of a clone.
    Role ask(uint32_t round, uint32_t clone, double when, uint32_t relay = 1) {
        const auto identifier = identifierNumber(round);
        const GuardedQuery query{identifier, mac(clone), at(when), Stage::DISCOVERING, false};
        ModelLeaseLookup lookup(leases_, mac(clone), relay);
        return (judge_.judge(query, lookup).role);
    }

    /// @brief Runs rounds. In each round all clones ask at once. All are judged before the first of them writes its
    /// lease.
    /// @param prepare says what the lease database has at the beginning of a round.
    /// @return for each round who passed.
    std::vector<std::set<uint32_t>> race(uint32_t rounds,
                                         const std::function<Leases::Held(uint32_t)>& prepare,
                                         bool several_relays = false) {
        std::vector<std::set<uint32_t>> passed(rounds);
        std::mutex mutex;
        Barrier barrier(CLONES);
        std::vector<std::thread> threads;
        for (uint32_t clone = 0; clone < CLONES; ++clone) {
            threads.emplace_back([&, clone] {
                for (uint32_t round = 0; round < rounds; ++round) {
                    if (clone == 0) {
                        leases_.reset(prepare(round));
                    }
                    barrier.wait();
                    const auto role = ask(round, clone, 0, several_relays ? clone : 1);
                    if (role == Role::HOLDER) {
                        const std::lock_guard<std::mutex> lock(mutex);
                        passed[round].insert(clone);
                    }
                    // All clones have been judged, and none has a lease yet.
                    barrier.wait();
                    leases_.write(mac(clone), role, IpAddress(100 + clone));
                    barrier.wait();
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        return (passed);
    }

    ClaimTable claims_{std::chrono::seconds(30), 65536};
    ConflictRegistry conflicts_{10000, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    Leases leases_;
};

Lease
record(uint32_t clone, bool is_live) {
    Lease record;
    record.address = mac(clone);
    record.subnet_id = 1;
    record.ip = IpAddress(100 + clone);
    record.live = is_live;
    return (record);
}

}  // namespace

// R3: all clones boot in the same instant without a lease: one passes.
TEST_F(JudgeRaceTest, rule03OnePassesWhenAllBoot) {
    const auto passed = race(200, [](uint32_t) { return (Leases::Held()); });
    for (const auto& round : passed) {
        EXPECT_EQ(round.size(), 1U);
    }
}

// R3: all clones boot in the same instant, each behind a relay of its own in one network: one passes.
TEST_F(JudgeRaceTest, rule03OnePassesBehindSeveralRelays) {
    const auto passed = race(
        200, [](uint32_t) { return (Leases::Held()); }, true);
    for (const auto& round : passed) {
        EXPECT_EQ(round.size(), 1U);
    }
}

// R3: all clones return at once after the holder's lease has expired: one passes, and it may be the previous holder.
TEST_F(JudgeRaceTest, rule03OnePassesAfterExpiry) {
    const auto passed = race(200, [](uint32_t round) {
        Leases::Held held;
        held.records.push_back(record(round % CLONES, false));
        return (held);
    });
    for (const auto& round : passed) {
        EXPECT_EQ(round.size(), 1U);
    }
}

// R3, R4: only the holder passes while its lease is live.
TEST_F(JudgeRaceTest, rule04HolderPassesAlone) {
    const auto passed = race(200, [](uint32_t round) {
        Leases::Held held;
        held.records.push_back(record(round % CLONES, true));
        return (held);
    });
    for (uint32_t round = 0; round < passed.size(); ++round) {
        EXPECT_EQ(passed[round], std::set<uint32_t>{round % CLONES}) << "round " << round;
    }
}

// R3, R6: in a random history of one identifier, clones ask, pause and return, leases expire, and the server restarts.
// At no time do two machines have one address, and every claimant keeps its own.
TEST_F(JudgeRaceTest, rule06RandomHistory) {
    std::mt19937_64 random(seed());
    const auto dice = [&random](uint32_t sides) { return (static_cast<uint32_t>(random() % sides)); };
    for (uint32_t history = 0; history < 50; ++history) {
        Leases::Held held;
        leases_.reset(held);
        auto claims = std::make_unique<ClaimTable>(std::chrono::seconds(30), 1024);
        double time = 1000;
        for (int step = 0; step < 60; ++step) {
            time += dice(20);
            const auto what = dice(20);
            held = leases_.held();
            if (what == 0) {
                // All leases expire. Claims are shorter than leases, so they expire too.
                time += 3600;
                for (auto& one : held.records) {
                    one.live = false;
                }
                for (auto& one : held.derived) {
                    one.second.live = false;
                }
                leases_.reset(held);
                continue;
            }
            if (what == 1) {
                claims = std::make_unique<ClaimTable>(std::chrono::seconds(30), 1024);
                continue;
            }
            const auto clone = dice(CLONES);
            Judge judge(*claims, conflicts_);
            const auto identifier = identifierNumber(history);
            const GuardedQuery query{identifier, mac(clone), at(time), Stage::SELECTING, false};
            ModelLeaseLookup lookup(leases_, mac(clone), 1);
            const auto role = judge.judge(query, lookup).role;
            leases_.write(mac(clone), role, IpAddress(100 + clone));
            const auto before = held.derived.find(mac(clone));
            if (before != held.derived.end()) {
                ASSERT_EQ(role, Role::CLAIMANT) << "history " << history << ", step " << step;
            }
            for (const auto& one : held.records) {
                ASSERT_TRUE(!one.live || (one.address == mac(clone)) == (role == Role::HOLDER))
                    << "history " << history << ", step " << step;
            }
        }
    }
}

}  // namespace test
}  // namespace clone_guard
