// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/decision/claim_store.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace clone_guard {
namespace test {

namespace {

using Position = ClaimStore::Position;

constexpr auto UNKNOWN = ClaimNetwork::UNKNOWN;

ClaimNetwork
network(uint32_t number) {
    return (claimNetwork("subnet " + std::to_string(number)));
}

/// @brief A claim as the test remembers it.
struct Known {
    uint32_t identifier = 0;
    ClaimNetwork network = UNKNOWN;
    HardwareAddress address;
};

class ClaimStoreTest : public ::testing::Test {
protected:
    Position add(const Bytes& identifier, ClaimNetwork in, uint32_t machine) {
        return (store_.add(ClaimStore::subjectOf(identifier), in, {mac(machine), behindRelay(1)}));
    }

    /// @return the sorted positions of the claims that a key selects.
    std::vector<Position> select(const ClaimStore::Key& key) {
        std::vector<Position> found;
        store_.find(key, [&found](Position at, const ClaimStore::Entry&) {
            found.push_back(at);
            return (false);
        });
        std::sort(found.begin(), found.end());
        return (found);
    }

    /// @return the positions of the claims in the order in which they expire. The claims are erased.
    std::vector<Position> drain() {
        std::vector<Position> order;
        while (store_.first() != ClaimStore::NONE) {
            order.push_back(store_.first());
            store_.erase(store_.first());
        }
        return (order);
    }

    ClaimStore store_;
};

}  // namespace

TEST_F(ClaimStoreTest, empty) {
    EXPECT_EQ(store_.first(), ClaimStore::NONE);
    EXPECT_TRUE(select(ClaimStore::Key(ClaimStore::subjectOf(cloneIdentifier()))).empty());
}

TEST_F(ClaimStoreTest, keepsTheClaim) {
    const auto at = add(cloneIdentifier(), network(7), 1);
    const auto& entry = store_[at];
    EXPECT_EQ(Bytes(entry.identifier.begin(), entry.identifier.end()), cloneIdentifier());
    EXPECT_EQ(entry.network, network(7));
    EXPECT_EQ(entry.claim, (Claim{mac(1), behindRelay(1)}));
}

// R1: a client identifier has up to 255 bytes, and all of them count.
TEST_F(ClaimStoreTest, longIdentifiers) {
    const auto text = filled(255);
    auto other = text;
    other.back() ^= 1U;
    const auto shorter = filled(254);
    const auto at = add(text, UNKNOWN, 1);
    EXPECT_EQ(select(ClaimStore::Key(ClaimStore::subjectOf(text))), std::vector<Position>{at});
    EXPECT_TRUE(select(ClaimStore::Key(ClaimStore::subjectOf(other))).empty());
    EXPECT_TRUE(select(ClaimStore::Key(ClaimStore::subjectOf(shorter))).empty());
}

// R14: with a claim in each of a thousand networks, a look-up for one network or one machine visits one claim.
TEST_F(ClaimStoreTest, rule14ManyNetworks) {
    for (uint32_t number = 0; number < 1000; ++number) {
        add(cloneIdentifier(), network(number), number);
    }
    const auto subject = ClaimStore::subjectOf(cloneIdentifier());
    EXPECT_EQ(select(ClaimStore::Key(subject, network(500))).size(), 1U);
    EXPECT_EQ(select(ClaimStore::Key(subject, mac(500))).size(), 1U);
    EXPECT_EQ(select(ClaimStore::Key(subject)).size(), 1000U);
}

TEST_F(ClaimStoreTest, order) {
    const auto first = add(identifierNumber(1), UNKNOWN, 1);
    const auto second = add(identifierNumber(2), UNKNOWN, 2);
    const auto third = add(identifierNumber(3), UNKNOWN, 3);
    store_.moveToEnd(third);
    store_.moveToEnd(first);
    EXPECT_EQ(drain(), (std::vector<Position>{second, third, first}));
}

// A test may erase the claim that it gets, or set its network.
TEST_F(ClaimStoreTest, changesWhileSearching) {
    for (uint32_t machine = 0; machine < 100; ++machine) {
        add(cloneIdentifier(), UNKNOWN, machine);
    }
    const auto subject = ClaimStore::subjectOf(cloneIdentifier());
    size_t visited = 0;
    store_.find(ClaimStore::Key(subject, UNKNOWN), [&](Position at, const ClaimStore::Entry&) {
        if (++visited % 2 == 0) {
            store_.erase(at);
        } else {
            store_.setNetwork(at, network(1));
        }
        return (false);
    });
    EXPECT_EQ(visited, 100U);
    EXPECT_TRUE(select(ClaimStore::Key(subject, UNKNOWN)).empty());
    EXPECT_EQ(select(ClaimStore::Key(subject, network(1))).size(), 50U);
    EXPECT_EQ(drain().size(), 50U);
}

// The store and a list in the order of expiry agree after any number of changes.
TEST_F(ClaimStoreTest, random) {
    std::mt19937_64 random(seed());
    const auto below = [&random](uint32_t limit) { return (uint32_t(random() % limit)); };
    std::vector<std::pair<Position, Known>> known;  // in the order of expiry
    for (int step = 0; step < 20000; ++step) {
        const auto at = known.empty() ? known.end() : known.begin() + below(uint32_t(known.size()));
        switch (below(step % 4000 < 2000 ? 8 : 4)) {
        case 0:
            if (at != known.end()) {
                store_.erase(at->first);
                known.erase(at);
            }
            break;
        case 1:
            if (at != known.end()) {
                at->second.network = network(below(4));
                store_.setNetwork(at->first, at->second.network);
            }
            break;
        case 2:
            if (at != known.end()) {
                store_.moveToEnd(at->first);
                std::rotate(at, at + 1, known.end());
            }
            break;
        case 3:
            if (at != known.end()) {
                store_.erase(at->first);
                known.erase(at);
            }
            break;
        default: {
            const Known claim{below(20), below(2) == 0 ? UNKNOWN : network(below(4)), mac(below(10))};
            const auto identifier = identifierNumber(claim.identifier);
            known.emplace_back(store_.add(ClaimStore::subjectOf(identifier), claim.network,
                                          {claim.address, behindRelay(1)}),
                               claim);
        }
        }
        const auto identifier = below(20);
        const auto in = below(2) == 0 ? UNKNOWN : network(below(4));
        const auto address = mac(below(10));
        std::array<std::vector<Position>, 3> expected;
        for (const auto& [position, claim] : known) {
            if (claim.identifier == identifier) {
                expected[0].push_back(position);
                if (claim.network == in) {
                    expected[1].push_back(position);
                }
                if (claim.address == address) {
                    expected[2].push_back(position);
                }
            }
        }
        for (auto& positions : expected) {
            std::sort(positions.begin(), positions.end());
        }
        const auto bytes = identifierNumber(identifier);
        const auto subject = ClaimStore::subjectOf(bytes);
        ASSERT_EQ(select(ClaimStore::Key(subject)), expected[0]) << step;
        ASSERT_EQ(select(ClaimStore::Key(subject, in)), expected[1]) << step;
        ASSERT_EQ(select(ClaimStore::Key(subject, address)), expected[2]) << step;
    }
    std::vector<Position> order;
    for (const auto& entry : known) {
        order.push_back(entry.first);
    }
    EXPECT_EQ(drain(), order);
}

}  // namespace test
}  // namespace clone_guard
