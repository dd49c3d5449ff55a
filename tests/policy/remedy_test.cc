// SPDX-License-Identifier: MPL-2.0

#include "support.h"

#include <core/remedy.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

std::string
remedyForDuid(const std::string& duid) {
    return (remedyFor(hex("ff:00:00:00:01:" + duid)));
}

}  // namespace

// R12: each kind of DUID has its own cure.
TEST(RemedyTest, rule12FitsTheKindOfDuid) {
    EXPECT_NE(remedyFor(cloneIdentifier()).find("truncate -s 0 /etc/machine-id"), std::string::npos);
    for (const auto* duid :
         {"00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56", "00:03:00:01:52:54:00:12:34:56"}) {
        const auto remedy = remedyForDuid(duid);
        EXPECT_NE(remedy.find("/var/lib/dhcpcd/duid"), std::string::npos) << remedy;
        EXPECT_EQ(remedy.find("machine-id"), std::string::npos) << remedy;
    }
    const auto uuid = remedyForDuid("00:04:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff");
    EXPECT_NE(uuid.find("SMBIOS UUID"), std::string::npos) << uuid;
    EXPECT_EQ(uuid.find("machine-id"), std::string::npos) << uuid;
}

// R12: an enterprise number that is not systemd's says nothing about machine-id.
TEST(RemedyTest, rule12OtherEnterprise) {
    EXPECT_EQ(remedyForDuid("00:02:00:00:00:09:01:02:03").find("machine-id"), std::string::npos);
}

// R12: whatever the identifier is, there is something to do about it, in one line that can be logged.
TEST(RemedyTest, rule12NeverEmpty) {
    for (const auto& identifier :
         {Bytes(), hex("01:bc:24:11:00:00:01"), hex("ff:00"), filled(255),
          hex("ff:00:00:00:01:00:09:aa"), hex("ff:00:00:00:01:00:02:aa"), cloneIdentifier()}) {
        const auto remedy = remedyFor(identifier);
        EXPECT_FALSE(remedy.empty());
        EXPECT_EQ(remedy.find_first_of("\n\"%\\"), std::string::npos) << remedy;
    }
}

}  // namespace test
}  // namespace clone_guard
