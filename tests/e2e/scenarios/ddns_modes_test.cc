// SPDX-License-Identifier: MPL-2.0
//
// Clones with one host name under each of Kea's modes of DNS conflict resolution, and with stock Kea. These tests
// assert the table of docs/ddns.md.

#include <tests/e2e/harness/fixtures/ddns_fixture.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief A mode of conflict resolution, and its effect on the holder's name.
struct Mode {
    const char* name;
    Json settings;
    /// @brief True if a claimant's update and release leave the name alone.
    bool protects = false;
    /// @brief True if records have a DHCID.
    bool has_dhcid = true;
};

void
PrintTo(const Mode& mode, std::ostream* stream) {
    *stream << mode.name;
}

/// @brief Returns the modes that the release of Kea supports.
std::vector<Mode>
modes() {
    const char* const key = "ddns-conflict-resolution-mode";
    std::vector<Mode> all{{"useConflictResolution", {{"ddns-use-conflict-resolution", true}}, true},
                          {"useNoConflictResolution", {{"ddns-use-conflict-resolution", false}}}};
    ServerSetup setup = ServerSetup().withoutGuard();
    setup.more[key] = "check-with-dhcid";
    if (KeaServer(setup).check("-t")) {
        all.push_back({"checkWithDhcid", {{key, "check-with-dhcid"}}, true});
        all.push_back({"noCheckWithDhcid", {{key, "no-check-with-dhcid"}}});
        all.push_back({"checkExistsWithDhcid", {{key, "check-exists-with-dhcid"}}});
        all.push_back({"noCheckWithoutDhcid", {{key, "no-check-without-dhcid"}}, false, false});
    }
    return (all);
}

class DdnsModes : public DdnsTest, public ::testing::WithParamInterface<Mode> {
protected:
    /// @brief Returns the records as the mode writes them.
    static Names asWritten(const Names& names) {
        Names written;
        for (const auto& record : names) {
            if (GetParam().has_dhcid || record.find(" DHCID ") == std::string::npos) {
                written.push_back(record);
            }
        }
        return (written);
    }

    KeaServer& serveMode(const std::string& policy, Json more = Json::object()) {
        more.update(GetParam().settings);
        // Makes a release end a lease at once in every release of Kea.
        more["expired-leases-processing"] = {{"hold-reclaimed-time", 0}};
        return (serveNames(guarded(policy), more));
    }
};

std::string
nameOfMode(const ::testing::TestParamInfo<Mode>& mode) {
    return (mode.param.name);
}

using Rule06DdnsModes = DdnsModes;
using Rule07DdnsModes = DdnsModes;

INSTANTIATE_TEST_SUITE_P(Kea, Rule06DdnsModes, ::testing::ValuesIn(modes()), nameOfMode);
INSTANTIATE_TEST_SUITE_P(Kea, Rule07DdnsModes, ::testing::ValuesIn(modes()), nameOfMode);

// R6: a claimant requests the holder's name and then releases its lease. If Kea compares DHCIDs, the holder's records
// stay. In every other mode the claimant gets the name at once, and the end of its lease removes the name; the holder's
// reverse record stays. The guard does not change that: it gives each machine its own DHCID, and these modes ignore it.
TEST_P(Rule06DdnsModes, holdersNameIsSafeIfTheModeComparesDhcids) {
    serveMode("mac-fallback");
    SimClient& first = namedClone(1);
    SimClient& second = namedClone(2);
    EXPECT_FALSE(first.acquire().isZero());
    const Names alone = asWritten(namesOf(first));
    EXPECT_EQ(zone(), alone);
    EXPECT_FALSE(second.acquire().isZero());
    const Names taken = together(reverseOf(alone), asWritten(namesOfClaimant(second)));
    show("with a clone:", zone());
    EXPECT_EQ(zone(), GetParam().protects ? alone : taken);
    second.release();
    show("the clone has released its lease:", zone());
    EXPECT_EQ(zone(), GetParam().protects ? alone : reverseOf(alone));
}

// R6: generated names are safe in every mode, since no two machines request the same one.
TEST_P(Rule06DdnsModes, generatedNamesAreSafe) {
    serveMode("mac-fallback",
              {{"ddns-replace-client-name", "always"}, {"ddns-generated-prefix", "lab"}});
    SimClient& first = namedClone(1);
    SimClient& second = namedClone(2);
    EXPECT_EQ(first.acquire(), Address("10.1.1.0"));
    EXPECT_EQ(second.acquire(), Address("10.1.1.1"));
    const Names of_first = asWritten(namesOf(first, "lab-10-1-1-0.lab.example"));
    EXPECT_EQ(zone(),
              together(of_first, asWritten(namesOfClaimant(second, "lab-10-1-1-1.lab.example"))));
    second.release();
    EXPECT_EQ(zone(), of_first);
}

// R7: every name is safe under the policy refuse, since a claimant requests none.
TEST_P(Rule07DdnsModes, refusedClaimantDoesNoHarm) {
    serveMode("refuse");
    SimClient& first = namedClone(1);
    SimClient& second = namedClone(2);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_TRUE(second.discover().isSilence());
    second.release(first.address());
    EXPECT_EQ(zone(), asWritten(namesOf(first)));
}

/// @brief The parameter is the policy, or an empty text for stock Kea.
class StockDdns : public DdnsTest, public ::testing::WithParamInterface<const char*> {
protected:
    void serveAsStock(Json more = Json::object()) {
        const std::string policy = GetParam();
        more["expired-leases-processing"] = {{"hold-reclaimed-time", 0}};
        serveNames(policy.empty() ? ServerSetup().withoutGuard() : guarded(policy), more);
    }

    /// @brief Boots two clones at the same time: each is offered another address, and takes it.
    ///
    /// The second thereby takes the lease of the first.
    void bootTogether() {
        first_ = &namedClone(1);
        second_ = &namedClone(2);
        const Reply to_first = first_->discover();
        const Reply to_second = second_->discover();
        ASSERT_NE(to_first.address(), to_second.address());
        EXPECT_EQ(first_->request(to_first).type(), ACK);
        EXPECT_EQ(zone(), namesOf(*first_));
        show("without the guard: the first clone is up", zone());
        EXPECT_EQ(second_->request(to_second).type(), ACK);
        EXPECT_FALSE(server().lease(first_->address()));
        show("without the guard: both are up", zone());
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Policies, StockDdns, ::testing::Values("", "off", "monitor"),
                         [](const auto& info) {
                             const std::string policy = info.param;
                             return (policy.empty() ? std::string("none") : policy);
                         });

// Without the guard, and with policies that change nothing, clones have one DHCID and count as one machine in conflict
// resolution. For Kea the second is the first with another address and an unchanged name, so it requests no update: the
// name keeps an address without a lease, even after the other machine has gone.
TEST_P(StockDdns, namePointsToAnAddressWithoutALease) {
    serveAsStock();
    bootTogether();
    const Names left = namesOf(*first_);
    EXPECT_EQ(zone(), left);
    EXPECT_FALSE(server().lease(first_->address()));
    second_->release();
    EXPECT_EQ(zone(), left);
    EXPECT_TRUE(server().leases().empty());
    show("without the guard: no lease is left", zone());
}

// If the server updates the DNS at renewals, the name alternates between the clones with each renewal.
TEST_P(StockDdns, nameAlternatesBetweenClones) {
    serveAsStock(updatesAtRenewals());
    bootTogether();
    EXPECT_EQ(zone(), namesOf(*second_));
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(first_->renew().type(), ACK);
        EXPECT_EQ(zone(), namesOf(*first_));
        EXPECT_EQ(second_->renew().type(), ACK);
        EXPECT_EQ(zone(), namesOf(*second_));
    }
    EXPECT_NE(first_->address(), second_->address()) << "each uses another address";
}

// The release of one clone removes the other's name.
TEST_P(StockDdns, releaseOfAnyCloneRemovesTheName) {
    serveAsStock();
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_EQ(second.acquire(), first.address());
    EXPECT_EQ(zone(), namesOf(first));
    second.release();
    EXPECT_EQ(zone(), Names());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
