// SPDX-License-Identifier: MPL-2.0
//
// Clones with one host name, and that name in the DNS: a real kea-dhcp-ddns updates a real name server, with Kea's
// default conflict resolution.

#include <tests/e2e/harness/fixtures/ddns_fixture.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

const uint8_t OPTION_CLIENT_FQDN = 81;

class Ddns : public DdnsTest {
protected:
    /// @brief Makes a clone that sends its full name and asks the server to update the DNS (RFC 4702).
    SimClient& cloneWithFqdn(uint32_t number) {
        SimClient& one = clone(number);
        const uint8_t server_updates_in_wire_form = 0x05;
        one.addOption(OPTION_CLIENT_FQDN,
                      Bytes{server_updates_in_wire_form, 0, 0, uint8_t(HOST.size())} + fromText(HOST));
        return (one);
    }
};

class Rule04DdnsThreads : public Ddns, public ::testing::WithParamInterface<unsigned> {};

INSTANTIATE_TEST_SUITE_P(Threads, Rule04DdnsThreads, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

using Rule01Ddns = Ddns;
using Rule02Ddns = Ddns;
using Rule04Ddns = Ddns;
using Rule06Ddns = Ddns;
using Rule07Ddns = Ddns;
using Rule08Ddns = Ddns;

// R4: clones get their own addresses, and every record of the holder stays the same, byte for byte. The server requests
// the name for the claimant under the DHCID of its derived identifier, and Kea's conflict resolution refuses: the
// claimant gets neither the name nor a reverse record.
TEST_P(Rule04DdnsThreads, clonesDoNotGetTheHoldersName) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = GetParam();
    serveNames(setup);
    SimClient& first = namedHolder();
    const Names before = zone();
    show("with the guard: the holder, alone", before);
    for (const uint32_t number : {2U, 3U}) {
        SimClient& other = namedClone(number);
        EXPECT_FALSE(other.acquire().isZero());
        EXPECT_NE(other.address(), first.address());
        EXPECT_TRUE(hasDerivedLease(server(), other));
        EXPECT_EQ(zone(), before);
        EXPECT_EQ(outcomesOfClaimant(other), Outcomes{"add failed"});
        // The server answers before it knows the outcome.
        EXPECT_EQ(other.renew().packet->option(OPTION_HOST_NAME), fromText(FULL_NAME));
    }
    show("with the guard: the holder and two clones", zone());
    EXPECT_EQ(outcomesOf(first), Outcomes{"add succeeded"});
    EXPECT_EQ(ddns().log("DHCP_DDNS_FORWARD_REPLACE_REJECTED").size(), 2U);
}

// R4 protects leases, not names. The name goes to the first machine that gets an ACK, which can be a claimant if clones
// boot at the same instant. It keeps the name like a holder until its lease ends.
TEST_F(Ddns, rule04NameGoesToTheFirstAcknowledgedMachine) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedClone(1);
    SimClient& second = namedClone(2);
    const Reply to_first = first.discover();
    EXPECT_EQ(second.request(second.discover()).type(), ACK);
    EXPECT_EQ(first.request(to_first).type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_EQ(zone(), namesOfClaimant(second));
    EXPECT_EQ(outcomesOf(first), Outcomes{"add failed"});
}

// R4: while the leases live, renewals, reboots and restarts request no further update.
TEST_F(Rule04Ddns, renewalsRebootsAndRestartsLeaveTheNameAlone) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_FALSE(second.acquire().isZero());
    const Names before = zone();
    for (int round = 0; round < 2; ++round) {
        expectKept(second);
        expectKept(first);
        EXPECT_EQ(zone(), before);
        EXPECT_EQ(outcomesOf(first), Outcomes{"add succeeded"});
        EXPECT_EQ(outcomesOfClaimant(second), Outcomes{"add failed"});
        server().restart();
    }
}

// R4: the server updates the DNS at every renewal, by a removal and an addition under the identifier of the lease. The
// claimant's attempts fail and the holder's succeed.
TEST_F(Rule04Ddns, updatesAtEveryRenewalLeaveTheNameWithTheHolder) {
    serveNames(guarded("mac-fallback"), updatesAtRenewals());
    SimClient& first = namedHolder();
    const Names before = zone();
    SimClient& second = namedClone(2);
    EXPECT_FALSE(second.acquire().isZero());
    Outcomes of_second{"add failed"};
    Outcomes of_first{"add succeeded"};
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(second.renew().type(), ACK);
        of_second.insert(of_second.end(), {"remove failed", "add failed"});
        EXPECT_EQ(outcomesOfClaimant(second), of_second);
        EXPECT_EQ(zone(), before);
        EXPECT_EQ(first.renew().type(), ACK);
        of_first.insert(of_first.end(), {"remove succeeded", "add succeeded"});
        EXPECT_EQ(outcomesOf(first), of_first);
        EXPECT_EQ(zone(), before);
    }
}

// R4: the name stays with the holder if clients send their name in option 81 and leave the update to the server.
TEST_F(Rule04Ddns, fullNameOptionMakesNoDifference) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = cloneWithFqdn(1);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_EQ(zone(), namesOf(first));
    SimClient& second = cloneWithFqdn(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(zone(), namesOf(first));
    EXPECT_EQ(outcomesOfClaimant(second), Outcomes{"add failed"});
}

// R7: a refused machine has no lease, and the server requests no update for it.
TEST_F(Rule07Ddns, refusedClaimantAsksForNoName) {
    serveNames(guarded("refuse"));
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_EQ(zone(), namesOf(first));
    EXPECT_EQ(outcomesOf(first), Outcomes{"add succeeded"});
    EXPECT_TRUE(outcomesOfClaimant(second).empty());
}

// R6: a claimant whose name is free gets it, under the DHCID of its whole derived identifier (RFC 4701, type 1). The
// release of one machine leaves the other's records alone.
TEST_F(Rule06Ddns, claimantWithANameOfItsOwnGetsIt) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    SimClient& second = clone(2);
    second.addOption(OPTION_HOST_NAME, fromText("web-2"));
    EXPECT_FALSE(second.acquire().isZero());
    const std::string own_name = "web-2.lab.example";
    EXPECT_EQ(zone(), together(namesOf(first), namesOfClaimant(second, own_name)));
    EXPECT_EQ(dhcid(derivedOf(second), own_name).at(1), 1);
    EXPECT_EQ(dhcid(first.identifier(), own_name).at(1), 2);
}

// R6: a claimant whose name comes from a reservation for its hardware address gets it: this is how to name a clone.
TEST_F(Rule06Ddns, reservationByHardwareAddressGivesTheClaimantAName) {
    ServerSetup setup = guarded("mac-fallback");
    const Json reservation = {{"hw-address", toHex(virtualMac(2))}, {"hostname", "web-2"}};
    setup.subnets = {subnet(1, {{"reservations", Json::array({reservation})}})};
    serveNames(setup);
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(zone(), together(namesOf(first), namesOfClaimant(second, "web-2.lab.example")));
}

// R6: if the server generates names from addresses, each machine gets its own name.
TEST_F(Rule06Ddns, generatedNamesAreDifferent) {
    serveNames(guarded("mac-fallback"),
               {{"ddns-replace-client-name", "always"}, {"ddns-generated-prefix", "lab"}});
    SimClient& first = namedClone(1);
    SimClient& second = namedClone(2);
    EXPECT_EQ(first.acquire(), Address("10.1.1.0"));
    EXPECT_EQ(second.acquire(), Address("10.1.1.1"));
    EXPECT_EQ(zone(), together(namesOf(first, "lab-10-1-1-0.lab.example"),
                               namesOfClaimant(second, "lab-10-1-1-1.lab.example")));
}

// R6: a shared network with a subnet for claimants can generate names for claimants only.
TEST_F(Rule06Ddns, claimantsAloneCanHaveGeneratedNames) {
    ServerSetup setup = guarded("mac-fallback");
    const Json condition = {
        {"name", "NO_CLONE"},
        {"test", "not member('CLONE_CONFLICT') and (member('KNOWN') or member('UNKNOWN'))"}};
    const Json pool = {{"pool", "10.1.1.0 - 10.1.9.255"}, {"client-class", "NO_CLONE"}};
    setup.subnets.clear();
    setup.shared_networks = {sharedNetwork("lab", {subnet(1, {{"pools", Json::array({pool})}}),
                                                   subnet(2, {{"client-class", "CLONE_CONFLICT"},
                                                              {"ddns-replace-client-name", "always"},
                                                              {"ddns-generated-prefix", "clone"}})})};
    serveNames(setup, {{"client-classes", Json::array({{{"name", "CLONE_CONFLICT"}}, condition})}});
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_EQ(second.acquire(), Address("10.2.1.0"));
    EXPECT_EQ(zone(), together(namesOf(first), namesOfClaimant(second, "clone-10-2-1-0.lab.example")));
}

// R6: a clone that was sealed but kept the host name is a different machine and does not get the name. It gets a name
// once it has its own host name.
TEST_F(Rule06Ddns, sealedCloneNeedsAHostNameOfItsOwn) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_FALSE(second.acquire().isZero());
    second.setIdentifier(cloneIdentifier(2));
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(zone(), namesOf(first));
    EXPECT_EQ(outcomesOf(second), Outcomes{"add failed"});
    SimClient& renamed = machine(2, second.identifier());
    renamed.addOption(OPTION_HOST_NAME, fromText("web-2"));
    EXPECT_EQ(renamed.acquire(), second.address());
    EXPECT_EQ(zone(), together(namesOf(first), namesOf(renamed, "web-2.lab.example")));
}

// R8: a claimant's RELEASE or DECLINE of the holder's address requests no update.
TEST_F(Rule08Ddns, claimantCannotReleaseOrDeclineTheName) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2);
    EXPECT_FALSE(second.acquire().isZero());
    second.release(first.address());
    second.decline(first.address());
    EXPECT_EQ(zone(), namesOf(first));
    EXPECT_EQ(outcomesOf(first), Outcomes{"add succeeded"});
    EXPECT_EQ(outcomesOfClaimant(second), Outcomes{"add failed"});
}

// R1: an identifier from the wire that looks like a derived identifier is derived again. A client therefore cannot
// forge a claimant's DHCID to take or remove its name.
TEST_F(Rule01Ddns, derivedIdentifierFromTheWireDoesNotGiveAccessToAName) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    SimClient& second = clone(2);
    second.addOption(OPTION_HOST_NAME, fromText("web-2"));
    EXPECT_FALSE(second.acquire().isZero());
    SimClient& forger = machine(9, derivedOf(second));
    forger.addOption(OPTION_HOST_NAME, fromText("web-2"));
    const Names before = zone();
    EXPECT_EQ(before, together(namesOf(first), namesOfClaimant(second, "web-2.lab.example")));
    EXPECT_FALSE(forger.acquire().isZero());
    EXPECT_EQ(zone(), before);
    forger.release(second.address());
    EXPECT_EQ(zone(), before);
}

// R2: clones in two networks are not in conflict, nor are two interfaces of one machine, and both have the DHCID of one
// DUID. As in stock Kea, the machine with the latest request gets the name.
TEST_F(Rule02Ddns, cloneInAnotherNetworkTakesTheNameAsInStockKea) {
    ServerSetup setup = guarded("mac-fallback");
    setup.subnets = {subnet(1), subnet(2)};
    serveNames(setup);
    SimClient& first = namedHolder();
    SimClient& second = namedClone(2, 2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(outcomesOf(second), (Outcomes{"add succeeded", "add succeeded"}));
    const Names names = zone();
    const auto has = [&names](const std::string& record) {
        return (std::find(names.begin(), names.end(), record) != names.end());
    };
    EXPECT_TRUE(has("web.lab.example A " + second.address().toText()));
    EXPECT_FALSE(has("web.lab.example A " + first.address().toText()));
    EXPECT_TRUE(has(reverseName(first.address()) + " PTR web.lab.example"));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
