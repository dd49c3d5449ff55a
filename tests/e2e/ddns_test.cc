// SPDX-License-Identifier: MPL-2.0
//
// Clones with one host name, and what becomes of the name in the DNS: a real kea-dhcp-ddns updates a real name
// server, with Kea's own conflict resolution as it is where nothing is configured.

#include "ddns_test.h"

namespace clone_guard {
namespace test {

namespace {

class Ddns : public DdnsTest {};

using Rule04Ddns = Ddns;
using Rule06Ddns = Ddns;

// R4: the clones come, each with an address of its own, and every record of the holder stays what it was, byte for
// byte. The server asks for the name on behalf of the claimant, under the DHCID of its derived identifier, and Kea's
// conflict resolution refuses: the claimant gets neither the name nor a reverse record.
TEST_F(Rule04Ddns, clonesDoNotGetTheHoldersName) {
    serveNames(guarded("mac-fallback"));
    SimClient& first = namedHolder();
    const Names before = zone();
    show("before", before);
    for (const uint32_t number : {2U, 3U}) {
        SimClient& other = namedClone(number);
        EXPECT_FALSE(other.acquire().isZero());
        EXPECT_NE(other.address(), first.address());
        EXPECT_TRUE(setAside(server(), other));
        EXPECT_EQ(zone(), before);
        EXPECT_EQ(outcomesOfClaimant(other), Outcomes{"add failed"});
    }
    show("after", zone());
    EXPECT_EQ(outcomesOf(first), Outcomes{"add succeeded"});
    EXPECT_EQ(ddns().log("DHCP_DDNS_FORWARD_REPLACE_REJECTED").size(), 2U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
