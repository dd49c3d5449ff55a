// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_E2E_DDNS_TEST_H
#define CLONE_GUARD_E2E_DDNS_TEST_H

#include "ddns_server.h"
#include "e2e_test.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief Records of the zones, sorted, as @ref NameServer::records has them.
using Names = std::vector<std::string>;

/// @brief Outcomes of requests to the DDNS server, as @ref DdnsServer::outcomes has them.
using Outcomes = std::vector<std::string>;

/// @brief A test with a name server, a DDNS server, and machines that send a host name, all of them the same.
class DdnsTest : public E2eTest {
protected:
    void SetUp() override {
        E2eTest::SetUp();
        if (!IsSkipped()) {
            names_ = std::make_unique<NameServer>();
            ddns_ = std::make_unique<DdnsServer>(*names_);
        }
    }

    /// @brief Ends all servers and starts with empty zones, for a comparison within a test.
    void startOver() {
        endServer();
        ddns_.reset();
        names_.reset();
        DdnsTest::SetUp();
    }

    /// @brief Starts a server that has the DDNS server update names.
    ///
    /// @param more further entries of "Dhcp4".
    KeaServer& serveNames(ServerSetup setup, const Json& more = Json::object(),
                          bool steppable_clock = false) {
        ddns().use(setup);
        setup.more.update(more);
        return (serve(setup, steppable_clock));
    }

    /// @brief A clone that sends the host name of its template.
    SimClient& namedClone(uint32_t number, uint32_t subnet = 1) {
        SimClient& one = clone(number, subnet);
        one.addOption(OPTION_HOST_NAME, fromText(HOST));
        return (one);
    }

    /// @brief The first of them, with an address, and its name in the zone.
    SimClient& namedHolder() {
        SimClient& first = namedClone(1);
        EXPECT_FALSE(first.acquire().isZero());
        EXPECT_EQ(zone(), namesOf(first));
        return (first);
    }

    /// @brief What is in the zones once everything that the server asked for is done.
    Names zone() {
        awaitDdns();
        return (names_->records());
    }

    void awaitDdns() {
        EXPECT_TRUE(ddns().hasDoneAllOf(server())) << "the DDNS server owes an answer";
    }

    /// @brief What the zones have for an address under a name, put there for a client identifier.
    static Names namesOf(Address address, const Bytes& identifier, const std::string& name = FULL_NAME) {
        const std::string identity = " DHCID " + toBase64(dhcid(identifier, name));
        const std::string reverse = reverseName(address);
        return (sorted({name + " A " + address.toText(), name + identity, reverse + " PTR " + name,
                        reverse + identity}));
    }

    /// @brief What they have for a machine under its own identifier.
    static Names namesOf(const SimClient& machine, const std::string& name = FULL_NAME) {
        return (namesOf(machine.address(), machine.identifier(), name));
    }

    /// @brief What they have for a claimant under its derived identifier.
    static Names namesOfClaimant(const SimClient& machine, const std::string& name = FULL_NAME) {
        return (namesOf(machine.address(), derivedOf(machine), name));
    }

    /// @brief Those of the zone of addresses.
    static Names reverseOf(const Names& names) {
        Names reverse;
        for (const auto& record : names) {
            if (record.find(".in-addr.arpa ") != std::string::npos) {
                reverse.push_back(record);
            }
        }
        return (reverse);
    }

    /// @brief Settings with which the server updates the DNS at every renewal, however early: no lease is reused.
    static Json updatesAtRenewals() {
        return (Json{{"ddns-update-on-renew", true}, {"cache-max-age", 0}});
    }

    static Names sorted(Names names) {
        std::sort(names.begin(), names.end());
        return (names);
    }

    static Names together(Names left, const Names& right) {
        left.insert(left.end(), right.begin(), right.end());
        return (sorted(left));
    }

    static Bytes derivedOf(const SimClient& machine) {
        return (derivedIdentifier(machine.hwAddress(), machine.identifier()));
    }

    /// @brief How the requests for a machine ended, those under its own identifier.
    Outcomes outcomesOf(const SimClient& machine) {
        awaitDdns();
        return (ddns().outcomes(dhcid(machine.identifier(), FULL_NAME)));
    }

    /// @brief Likewise those under its derived identifier.
    Outcomes outcomesOfClaimant(const SimClient& machine) {
        awaitDdns();
        return (ddns().outcomes(dhcid(derivedOf(machine), FULL_NAME)));
    }

    /// @brief Prints a zone for people.
    static void show(const std::string& title, const Names& names) {
        std::cout << "    " << title << "\n";
        for (const auto& line : names) {
            std::cout << "        " << line << "\n";
        }
    }

    DdnsServer& ddns() {
        return (*ddns_);
    }

    inline static const std::string HOST = "web";
    inline static const std::string FULL_NAME = "web.lab.example";

private:
    std::unique_ptr<NameServer> names_;
    std::unique_ptr<DdnsServer> ddns_;
};

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_E2E_DDNS_TEST_H
