// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/lease_queries.h>

#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <algorithm>

namespace clone_guard {
namespace lease_queries {

using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::ClientId;

Lease
leaseWithHostName(const isc::dhcp::Lease4& lease) {
    auto found = toLease(lease);
    found.hostname = lease.hostname_;
    return (found);
}

namespace {

/// The server's memfile counts from the beginning of a page for every lease in it. One page of 10,000 leases takes half a
/// second, a hundred pages of 100 leases take a few milliseconds.
constexpr size_t SERVER_PAGE = 100;

}  // namespace

isc::dhcp::Lease4Collection
leasesOf(ByteView identifier) {
    if (identifier.size() < MIN_IDENTIFIER || identifier.size() > ClientId::MAX_CLIENT_ID_LEN) {
        return {};
    }
    return (ask([identifier] {
        return (leaseDatabase().getLease4(ClientId(identifier.data(), identifier.size())));
    }));
}

isc::dhcp::Lease4Collection
page(const isc::asiolink::IOAddress& after, size_t limit) {
    isc::dhcp::Lease4Collection all;
    auto from = after;
    while (all.size() < limit) {
        const auto wanted = std::min(limit - all.size(), SERVER_PAGE);
        const auto leases =
            ask([&] { return (leaseDatabase().getLeases4(from, isc::dhcp::LeasePageSize(wanted))); });
        all.insert(all.end(), leases.begin(), leases.end());
        if (leases.size() < wanted) {
            break;
        }
        from = leases.back()->addr_;
    }
    return (all);
}

ElementPtr
machine(const HardwareAddress& address, const Lease& lease) {
    auto element = Element::createMap();
    element->set("hw-address", Element::create(address.toText()));
    if (!lease.ip.isUnspecified()) {
        element->set("ip-address", Element::create(lease.ip.toText()));
        element->set("subnet-id", Element::create(static_cast<int64_t>(lease.subnet_id)));
        element->set("cltt", Element::create(lease.last_seen));
        element->set("expired", Element::create(!lease.live));
    }
    if (!lease.hostname.empty()) {
        element->set("hostname", Element::create(lease.hostname));
    }
    return (element);
}

void
explain(const ElementPtr& element, const Explanation& known) {
    if (!known.template_name.empty()) {
        element->set("template", Element::create(escape(known.template_name)));
    }
    if (!known.nic.empty()) {
        element->set("nic", Element::create(known.nic));
    }
    if (!known.remedy.empty()) {
        element->set("remedy", Element::create(known.remedy));
    }
}

}  // namespace lease_queries
}  // namespace clone_guard
