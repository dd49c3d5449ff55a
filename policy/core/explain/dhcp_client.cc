// SPDX-License-Identifier: MPL-2.0

#include <core/explain/dhcp_client.h>

#include <algorithm>
#include <array>
#include <utility>

namespace clone_guard {

namespace {

/// The beginning of option 60 (vendor class) of clients that send one.
constexpr std::array<std::pair<std::string_view, DhcpClient>, 2> VENDOR_CLASSES{
    {{"dhcpcd", DhcpClient::DHCPCD}, {"udhcp", DhcpClient::UDHCPC}}};

/// The beginning of option 55 (parameter request list) of clients that send no vendor class. The lists of Debian, Red
/// Hat and FreeBSD for dhclient begin alike, and differ from the fourth option on.
constexpr std::array<std::pair<std::string_view, DhcpClient>, 2> REQUESTED{
    {{"\x01\x1c\x02", DhcpClient::DHCLIENT},
     {"\x01\x02\x06\x0c\x0f\x1a\x1c\x79", DhcpClient::NETWORK_MANAGER}}};

/// The IAIDs of OpenWrt: the first four bytes of the MD5 digest of the interface names wan, lan and wwan.
constexpr std::array<std::string_view, 3> OPENWRT_IAIDS{
    {"\xbc\x66\x80\xc1", "\x73\xf5\x0c\x9f", "\xdd\xcf\x28\x02"}};

std::string_view
textOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <size_t N>
DhcpClient
findPrefix(const std::array<std::pair<std::string_view, DhcpClient>, N>& table, std::string_view text) {
    for (const auto& [prefix, client] : table) {
        if (text.substr(0, prefix.size()) == prefix) {
            return (client);
        }
    }
    return (DhcpClient::UNKNOWN);
}

bool
isOpenWrt(ByteView iaid) {
    return (std::find(OPENWRT_IAIDS.begin(), OPENWRT_IAIDS.end(), textOf(iaid)) != OPENWRT_IAIDS.end());
}

/// wicked makes the IAID of a hardware address and stores it by interface name: a clone sends the template's IAID. The
/// other clients that make an IAID of a hardware address use that of the sender, except dhclient with DHCPv6, whose lease
/// file has the IAID.
bool
isWicked(const Explanation& known, const Sender& sender) {
    return (!sender.is_dhcpv6 && !known.iaid_address.empty() && !sender.address.bytes().empty() &&
            sender.address.bytes() != ByteView(known.iaid_address) &&
            (known.duid_type == "DUID-LLT" || known.duid_type == "DUID-LL"));
}

/// In DHCPv6, NetworkManager sends a DUID-UUID made of the machine-id, with an IAID of the interface. dhcpcd makes its
/// IAID of the hardware address if it has a DUID-UUID of the SMBIOS.
bool
isNetworkManagerV6(ByteView iaid, const Explanation& known, const Sender& sender) {
    return (sender.is_dhcpv6 && known.duid_type == "DUID-UUID" && !iaid.empty() &&
            known.iaid_address.empty());
}

}  // namespace

DhcpClient
dhcpClientOf(ByteView iaid, const Explanation& known, const Sender& sender) {
    if (isOpenWrt(iaid)) {
        return (DhcpClient::OPENWRT);
    }
    const auto by_class = findPrefix(VENDOR_CLASSES, sender.vendor_class);
    if (by_class != DhcpClient::UNKNOWN) {
        return (by_class);
    }
    const auto by_requests = findPrefix(REQUESTED, textOf(sender.requested_options));
    if (by_requests != DhcpClient::UNKNOWN) {
        return (by_requests);
    }
    if (isNetworkManagerV6(iaid, known, sender)) {
        return (DhcpClient::NETWORK_MANAGER);
    }
    return (isWicked(known, sender) ? DhcpClient::WICKED : DhcpClient::UNKNOWN);
}

}  // namespace clone_guard
