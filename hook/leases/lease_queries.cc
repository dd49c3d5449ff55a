// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/lease_queries.h>

#include <core/audit/escape.h>
#include <core/identity/client_identifier.h>

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

/// The server's memfile counts a page from its beginning for every lease in it: one of 10,000 takes half a second, a
/// hundred of 100 a few milliseconds.
constexpr size_t SERVERS_PAGE = 100;

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
        const auto wanted = std::min(limit - all.size(), SERVERS_PAGE);
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
machine(const HardwareAddress& address, const Lease& record) {
    auto element = Element::createMap();
    element->set("hw-address", Element::create(address.toText()));
    if (!record.ip.isUnspecified()) {
        element->set("ip-address", Element::create(record.ip.toText()));
        element->set("subnet-id", Element::create(static_cast<int64_t>(record.subnet_id)));
        element->set("cltt", Element::create(record.last_seen));
        element->set("expired", Element::create(!record.live));
    }
    if (!record.hostname.empty()) {
        element->set("hostname", Element::create(record.hostname));
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
