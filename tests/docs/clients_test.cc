// SPDX-License-Identifier: MPL-2.0
//
// docs/clients.md agrees with the remedies.

#include <tests/docs/markdown.h>

#include <core/explain/explanation.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

/// A message of a DHCP client, as the remedies recognize it.
struct ClientMessage {
    const char* client;
    const char* identifier;
    const char* vendor_class;
    const char* requested_options;
};

/// The first text between apostrophes: the command of a remedy.
std::string
commandIn(const std::string& remedy) {
    const auto begin = remedy.find('\'');
    return (remedy.substr(begin + 1, remedy.find('\'', begin + 1) - begin - 1));
}

}  // namespace

// R12: the table of DHCP clients has the commands of the remedies, and no other row.
TEST(Clients, commandsAreThoseOfTheRemedies) {
    const char* const llt = "ff:00:00:00:12:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56";
    const char* const systemd = "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d";
    const std::vector<ClientMessage> messages{
        {"systemd-networkd", systemd, "", "01:03:06:0c:0f"},
        {"NetworkManager", systemd, "", "01:02:06:0c:0f:1a:1c:79:03"},
        {"dhcpcd", llt, "dhcpcd-9.4.1:Linux-6.1.0", ""},
        {"ISC dhclient", llt, "", "01:1c:02:03:0f:06"},
        {"wicked", "ff:00:12:34:56:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56", "", ""},
        {"udhcpc of OpenWrt", "ff:bc:66:80:c1:00:03:00:01:52:54:00:12:34:56", "udhcp 1.37.0", ""},
        {"udhcpc of BusyBox", llt, "udhcp 1.35.0", ""}};
    const auto rows = Page("docs/clients.md").table("## Clients");
    ASSERT_EQ(rows.size(), messages.size());
    for (size_t at = 0; at < rows.size(); ++at) {
        const auto& message = messages[at];
        EXPECT_EQ(rows[at][0], message.client);
        const auto requested = fromHex(message.requested_options).value_or(Bytes());
        Sender sender;
        sender.address = HardwareAddress(HardwareAddress::ETHERNET, Bytes{0xbc, 0x24, 0x11, 0, 0, 1});
        sender.vendor_class = message.vendor_class;
        sender.requested_options = requested;
        const auto remedy = Explainer().explain(*fromHex(message.identifier), sender).remedy;
        EXPECT_NE(rows[at][3].find(commandIn(remedy)), std::string::npos) << rows[at][3] << "\n"
                                                                          << remedy;
    }
}

}  // namespace test
}  // namespace clone_guard
