// SPDX-License-Identifier: MPL-2.0
//
// The command clone-guard-scan finds clones in the lease database, including those from before the guard.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class Scan : public E2eTest {
protected:
    using Machines = std::set<std::string>;

    /// @brief The joined contents of all pages.
    struct Result {
        std::map<std::string, Machines> identifiers;  ///< client identifier to hardware addresses
        std::map<std::string, Machines> duids;        ///< DUID to hardware addresses
        uint64_t leases = 0;
        unsigned pages = 0;
    };

    Json page(const std::string& from, unsigned limit) {
        const Json answer = server().command("clone-guard-scan", {{"from", from}, {"limit", limit}});
        EXPECT_TRUE(answer["result"] == 0 || answer["result"] == 3) << answer;
        const Json& found = answer["arguments"];
        EXPECT_EQ(found["count"], found["client-ids"].size() + found["duids"].size());
        return (found);
    }

    static void add(std::map<std::string, Machines>& all, const Json& findings, const char* name) {
        for (const Json& finding : findings) {
            for (const Json& lease : finding["leases"]) {
                all[finding[name]].insert(lease["hw-address"].get<std::string>());
            }
        }
    }

    Result scan(unsigned limit = 1000) {
        Result result;
        for (std::string from = "start"; !from.empty() && result.pages < 1000; ++result.pages) {
            const Json found = page(from, limit);
            EXPECT_EQ(found["compared-from"], "start");
            add(result.identifiers, found["client-ids"], "client-id");
            add(result.duids, found["duids"], "duid");
            result.leases += found["leases"].get<uint64_t>();
            from = found.value("next", "");
        }
        return (result);
    }

    static std::string mac(uint32_t number) {
        return (toHex(virtualMac(number)));
    }

    /// @brief Returns an identifier with the DUID of @ref clone() on another interface.
    static Bytes otherInterface() {
        return (rfc4361({1, 2, 3, 4}, systemdDuid(0xb632e2673bd9f55d)));
    }

    /// @brief Makes two clones in one network, one in another, one with another IAID, and other machines.
    void populate() {
        for (const uint32_t number : {1U, 2U, 3U}) {
            clone(number).acquire();
        }
        machine(4, cloneIdentifier(), 2).acquire();
        machine(5, otherInterface()).acquire();
        for (uint32_t number = 20; number < 30; ++number) {
            machine(number, cloneIdentifier(number), 1 + number % 2).acquire();
        }
        machine(31, std::nullopt).acquire();
        machine(32, macIdentifier(virtualMac(32))).acquire();
        // One machine in two networks.
        machine(33, cloneIdentifier(33)).acquire();
        machine(33, cloneIdentifier(33), 2).acquire();
        // Two interfaces of one machine with one hardware address.
        machine(34, rfc4361({0, 0, 0, 1}, systemdDuid(34))).acquire();
        machine(34, rfc4361({0, 0, 0, 2}, systemdDuid(34))).acquire();
    }

    static ServerSetup twoNetworks(const std::string& policy) {
        auto setup = guarded(policy);
        setup.subnets = {subnet(1), subnet(2)};
        return (setup);
    }
};

}  // namespace

// R2: the scan lists all machines that share an identifier in any network, and all that share its DUID. It lists no
// other machine, however small the pages are.
TEST_F(Scan, rule02ListsTheClonesOnly) {
    serve(twoNetworks("mac-fallback"));
    populate();
    for (const unsigned limit : {1U, 2U, 3U, 5U, 1000U}) {
        SCOPED_TRACE("limit " + std::to_string(limit));
        const auto result = scan(limit);
        EXPECT_EQ(result.identifiers, (std::map<std::string, Machines>{
                                          {cloneIdentifierText(), {mac(1), mac(2), mac(3), mac(4)}}}));
        ASSERT_EQ(result.duids.size(), 1U);
        EXPECT_EQ(result.duids.begin()->second.count(mac(5)), 1U);
        EXPECT_GE(result.duids.begin()->second.size(), 2U);
        EXPECT_EQ(result.leases, 21U);
        EXPECT_GT(result.pages, limit < 20 ? 1U : 0U);
    }
}

// R12: a claimant is marked, and the template's name and the remedy are given.
TEST_F(Scan, rule12FindingsAreExplained) {
    auto setup = guarded("mac-fallback");
    const auto duid = toHex(systemdDuid(0xb632e2673bd9f55d));
    (*setup.guard)["templates"] = Json::array({{{"name", "golden"}, {"duid", duid}}});
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    machine(5, otherInterface()).acquire();
    const Json found = page("start", 1000);
    const Json identifier = found["client-ids"][0];
    EXPECT_EQ(identifier["template"], "golden");
    EXPECT_EQ(identifier["nic"], "ens18");
    EXPECT_NE(identifier["remedy"].get<std::string>().find("/etc/machine-id"), std::string::npos);
    for (const Json& lease : identifier["leases"]) {
        const bool claimant = lease["hw-address"] == second.hwText();
        EXPECT_EQ(lease.value("claimant", false), claimant) << lease;
        EXPECT_EQ(lease["ip-address"], (claimant ? second : first).address().toText());
        EXPECT_EQ(lease["subnet-id"], 1);
        EXPECT_EQ(lease["expired"], false);
        EXPECT_GT(lease["cltt"], 0);
    }
    const Json shared = found["duids"][0];
    EXPECT_EQ(shared["duid"], duid);
    EXPECT_EQ(shared["duid-type"], "DUID-EN");
    EXPECT_EQ(shared["template"], "golden");
    EXPECT_EQ(shared["leases"].back()["client-id"], toHex(otherInterface()));
}

// The scan finds leases from before the guard, also under the policy off.
TEST_F(Scan, clonesFromBeforeTheGuard) {
    serve(twoNetworks("off"));
    machine(1, cloneIdentifier(), 1).acquire();
    machine(2, cloneIdentifier(), 2).acquire();
    EXPECT_EQ(scan().identifiers,
              (std::map<std::string, Machines>{{cloneIdentifierText(), {mac(1), mac(2)}}}));
}

// R1: machines that the configuration exempts are not reported.
TEST_F(Scan, rule01Exempt) {
    auto setup = twoNetworks("mac-fallback");
    (*setup.guard)["exempt"] = {{"duids", {toHex(systemdDuid(0xb632e2673bd9f55d))}}};
    serve(setup);
    populate();
    const auto result = scan();
    EXPECT_TRUE(result.identifiers.empty());
    EXPECT_TRUE(result.duids.empty());
}

// A scan that another one interrupts reports that it is incomplete; a page can be requested twice.
TEST_F(Scan, reportsWhetherItIsComplete) {
    serve(twoNetworks("mac-fallback"));
    populate();
    const Json first = page("start", 4);
    const Json second = page(first["next"], 4);
    EXPECT_EQ(page(first["next"], 4), second);
    EXPECT_EQ(page(second["next"], 4)["compared-from"], "start");
    page("start", 4);
    EXPECT_EQ(page(second["next"], 4)["compared-from"], second["next"]);
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    EXPECT_EQ(page(first["next"], 4)["compared-from"], first["next"]);
}

}  // namespace test
}  // namespace clone_guard
