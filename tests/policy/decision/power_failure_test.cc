// SPDX-License-Identifier: MPL-2.0
//
// R3, R13: the machines of a large network return after a power failure. They are not a flood.

#include <tests/policy/decision/fake_lease_lookup.h>

#include <core/decision/settings.h>

#include <gtest/gtest.h>

#include <map>

namespace clone_guard {
namespace test {

namespace {

/// @brief Simulates the lease database and one network.
class ReturnLookup : public OneNetworkLookup {
public:
    ReturnLookup(std::map<Bytes, std::vector<Lease>>& leases, ByteView identifier) :
        OneNetworkLookup(1), leases_(leases), identifier_(identifier.copy()) {}

    std::vector<Lease> leases() override {
        return (leases_[identifier_]);
    }
    std::vector<Lease> derivedLeases(const HardwareAddress&) override {
        return {};
    }

private:
    std::map<Bytes, std::vector<Lease>>& leases_;
    const Bytes identifier_;
};

class PowerFailureTest : public ::testing::Test {
protected:
    static constexpr uint32_t MACHINES = 60000;
    static constexpr uint32_t A_SECOND = 6000;
    static constexpr uint32_t CLONES = 4;

    /// @brief Half of the machines are clones, four of each template.
    static Bytes identifierOf(uint32_t machine) {
        const bool clone = machine % MACHINES < MACHINES / 2;
        return (identifierNumber(clone ? machine - machine % CLONES : machine));
    }

    /// @brief Judges one query. The server writes a lease for a REQUEST that passes.
    void ask(uint32_t machine, double when, Stage stage) {
        const auto identifier = identifierOf(machine);
        ReturnLookup lookup(leases_, identifier);
        const GuardedQuery query{identifier, mac(machine), at(when), stage, false};
        const auto judgement = judge_.judge(query, lookup);
        full_ += judgement.claims_full ? 1 : 0;
        if (judgement.role == Role::HOLDER && stage == Stage::SELECTING) {
            Lease lease;
            lease.address = mac(machine);
            lease.subnet_id = 1;
            lease.live = true;
            auto& leases = leases_[identifier];
            shared_ += leases.empty() || leases.front().address == lease.address ? 0 : 1;
            leases.assign(1, lease);
        }
    }

    const Settings settings_{};
    ClaimTable claims_{settings_.claim_window, settings_.max_claims};
    ConflictRegistry conflicts_{10000, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    std::map<Bytes, std::vector<Lease>> leases_;
    uint32_t full_ = 0;
    uint32_t shared_ = 0;
};

}  // namespace

// R3, R13: two networks of 60,000 machines return one after the other, 6,000 machines a second. The table
// of claims is never full, and no two machines share a lease.
TEST_F(PowerFailureTest, rule13LargeNetworkReturns) {
    const uint32_t machines = 2 * MACHINES;
    const uint32_t delay = A_SECOND;  // A machine takes its offer after a second.
    for (uint32_t machine = 0; machine < machines + delay; ++machine) {
        const double when = machine / static_cast<double>(A_SECOND);
        if (machine < machines) {
            ask(machine, when, Stage::DISCOVERING);
        }
        if (machine >= delay) {
            ask(machine - delay, when, Stage::SELECTING);
        }
    }
    EXPECT_EQ(full_, 0U);
    EXPECT_EQ(shared_, 0U);
    EXPECT_EQ(leases_.size(), machines / 2 + machines / 2 / CLONES);
}

}  // namespace test
}  // namespace clone_guard
