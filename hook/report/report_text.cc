// SPDX-License-Identifier: MPL-2.0

#include <hook/report/report_text.h>

#include <core/identity/escape.h>
#include <hook/kea_address.h>

namespace clone_guard {

std::string
ipText(IpAddress ip) {
    return (ip.isUnspecified() ? std::string() : ip.toText());
}

std::string
networkText(const Network& network) {
    if (network.subnet_id == 0) {
        return ("an unknown subnet");
    }
    const auto subnet = "subnet " + std::to_string(network.subnet_id);
    return (network.name.empty() ? subnet : "network '" + escape(network.name) + "' (" + subnet + ")");
}

std::string
holderText(const Lease& holder) {
    return (holder.address.bytes().empty() ? "another machine" : holder.address.toText());
}

std::string
holderAddressText(const Lease& holder) {
    return (holder.ip.isUnspecified() ? "" : " with the address " + ipText(holder.ip));
}

std::string
hostnameText(const std::string& hostname) {
    return (hostname.empty() ? "" : " (host name " + hostname + ")");
}

std::string
placeText(const std::string& interface, IpAddress relay) {
    return ("interface " + escape(interface) +
            (relay.isUnspecified() ? "" : ", relay " + ipText(relay)));
}

std::string
fullTableText(const std::string& table, const isc::dhcp::Pkt4& query, const GuardedQuery& sender) {
    return (table + "; " + sourceText("the query that found it full", query, sender));
}

std::string
sourceText(const std::string& what, const isc::dhcp::Pkt4& query, const GuardedQuery& sender) {
    return (what + " came from " + placeText(query.getIface(), fromKea(query.getGiaddr())) +
            ", hardware address " + sender.address.toText() + ", client identifier " +
            toHex(sender.identifier));
}

}  // namespace clone_guard
