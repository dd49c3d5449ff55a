// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/world.h>

#include <tests/fuzz/properties.h>
#include <tests/fuzz/stopped_clock.h>
#include <tests/hook/wire.h>
#include <tests/policy/support.h>

#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

namespace clone_guard {
namespace fuzz {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

constexpr uint32_t LIFETIME = 3600;

HardwareAddress
ownerOf(const Lease4& lease) {
    return (lease.hwaddr_
                ? HardwareAddress(static_cast<uint8_t>(lease.hwaddr_->htype_), lease.hwaddr_->hwaddr_)
                : HardwareAddress());
}

Bytes
identifierOf(const Lease4& lease) {
    return (lease.client_id_ ? lease.client_id_->getClientId() : Bytes());
}

std::string
describe(const Lease4& lease) {
    return (lease.addr_.toText() + " hw=" + ownerOf(lease).toText() +
            " id=" + toHex(identifierOf(lease)) + " state=" + std::to_string(lease.state_) + " valid=" +
            std::to_string(lease.valid_lft_) + " subnet=" + std::to_string(lease.subnet_id_));
}

}  // namespace

World::World(const Site& site) : site_(site), server_(Server::instance()) {
    stopped_clock::reset();
    server_.reset(site);
}

void
World::require(bool holds, const std::string& what) const {
    if (holds) {
        return;
    }
    std::cerr << "broken: " << what << "\nlast packet: " << toHex(last_) << "\nleases:\n";
    for (const auto& lease : leaseDatabase().getLeases4()) {
        std::cerr << "  " << describe(*lease) << '\n';
    }
    std::abort();
}

/// Whether the guard promises something for a live lease: it has a guarded identifier, a derived one, or none at all.
bool
World::isProtected(const Lease4& lease, const HardwareAddress& owner) const {
    const auto identifier = identifierOf(lease);
    // A lease from before the exemption: its machine renews under the exempt identifier, as with stock Kea.
    const auto derived = parseDerived(identifier);
    const ByteView own = derived ? derived->identifier : ByteView(identifier);
    if (site_.exempts &&
        (owner == test::mac(EXEMPT_MACHINE) || own == test::identifierNumber(EXEMPT_IDENTIFIER))) {
        return (false);
    }
    return (owner.usable() && site_.monitored.count(lease.subnet_id_) == 0 &&
            (identifier.empty() || looksDerived(identifier) ||
             classify(identifier, site_.types, MAX_DERIVED) == IdentifierKind::GUARDED));
}

/// Whether the site exempts the sender, or a class of the query.
bool
World::isExempt(Pkt4& query, const HardwareAddress& sender) const {
    return (site_.exempts &&
            (sender == test::mac(EXEMPT_MACHINE) || query.inClass("VENDOR_CLASS_PXEClient:Arch:00007")));
}

World::Leases
World::protectedLeases() const {
    Leases leases;
    for (const auto& lease : leaseDatabase().getLeases4()) {
        const auto owner = ownerOf(*lease);
        if (lease->state_ == Lease::STATE_DEFAULT && !lease->expired() && isProtected(*lease, owner)) {
            leases[lease->addr_.toUint32()] = {lease, owner};
        }
    }
    return (leases);
}

Passage
World::send(const Packet& packet) {
    last_ = packet.write();
    const auto before = protectedLeases();
    auto passage = server_.handle(last_);
    if (!passage.query) {
        return (passage);
    }
    const auto& hwaddr = passage.query->getHWAddr();
    const HardwareAddress sender =
        hwaddr ? HardwareAddress(static_cast<uint8_t>(hwaddr->htype_), hwaddr->hwaddr_)
               : HardwareAddress();
    expectNoFailure();
    expectLoggable();
    if (!isExempt(*passage.query, sender)) {
        expectUntouched(before, sender);
    }
    if (!passage.dropped) {
        expectOwnIdentifier(passage);
    }
    return (passage);
}

/// R13: no callout failed, and the lease database was reached. A table may be full.
void
World::expectNoFailure() const {
    for (const auto& line : server_.log().lines()) {
        const bool is_degraded = line.text.rfind("CLONE_GUARD_DEGRADED ", 0) == 0 &&
                                 line.text.find("is full") == std::string::npos;
        if (is_degraded || line.text.rfind("CLONE_GUARD_CALLOUT_FAILED ", 0) == 0) {
            require(false, "R13: " + line.text);
        }
    }
}

/// R11: no packet can split or forge a line of a log.
void
World::expectLoggable() const {
    for (const auto& line : server_.log().lines()) {
        require(properties::isPrintable(line.text), "R11: a message is one line of text");
        if (test::CapturedLog::isAudit(line) && !nlohmann::json::accept(line.text)) {
            require(false, "R11: an audit record is one line of JSON: " + line.text);
        }
    }
}

/// R15: the live leases of machines with another hardware address are as they were.
void
World::expectUntouched(const Leases& before, const HardwareAddress& sender) const {
    for (const auto& [address, live] : before) {
        if (live.owner == sender) {
            continue;
        }
        const auto now = leaseDatabase().getLease4(IOAddress(address));
        // The message takes longer to make than the comparison.
        if (!now || *now != *live.lease) {
            require(false, "R15: a packet of " + sender.toText() + " changed the lease " +
                               describe(*live.lease) +
                               (now ? " to " + describe(*now) : ", which is gone"));
        }
    }
}

/// R6: whatever the server reads as option 61, the reply carries the client's own.
void
World::expectOwnIdentifier(const Passage& passage) const {
    const auto reply = test::answer(passage.query, DHCPACK);
    require(test::identifierOnWire(*reply) == passage.identifier,
            "R6: the reply has another client identifier");
}

void
World::boot(uint32_t subnet, const HardwareAddress& machine, const Bytes& identifier) {
    const auto offer = send(ordinary(DHCPDISCOVER, subnet, machine, identifier)).reply;
    if (offer.type != DHCPOFFER) {
        return;
    }
    auto request = ordinary(DHCPREQUEST, subnet, machine, identifier);
    request.requested = offer.address.toUint32();
    request.server = addressIn(1, 2);
    send(request);
}

Reply
World::renew(size_t number) {
    const auto leases = protectedLeases();
    if (leases.empty()) {
        return {};
    }
    const auto& [address, live] = *std::next(leases.begin(), static_cast<long>(number % leases.size()));
    const auto identifier = identifierOf(*live.lease);
    const auto derived = parseDerived(identifier);
    auto packet = ordinary(DHCPREQUEST, live.lease->subnet_id_, live.owner,
                           derived ? derived->identifier.copy() : identifier);
    if (identifier.empty()) {
        packet.identifier.reset();
    }
    packet.ciaddr = address;
    return (send(packet).reply);
}

void
World::addLease(size_t kind, uint32_t subnet, uint32_t address, const HardwareAddress& machine,
                const Bytes& identifier) {
    // The guard derives identifiers only of those that it guards.
    if (kind == 6 && classify(identifier, site_.types, MAX_DERIVED) != IdentifierKind::GUARDED) {
        return;
    }
    const auto owned = kind == 6 ? derive(machine, identifier) : identifier;
    for (const auto& lease : leaseDatabase().getLeases4()) {
        if (identifierOf(*lease) == owned || lease->addr_.toUint32() == address ||
            ownerOf(*lease) == machine) {
            return;
        }
    }
    const HWAddrPtr hwaddr(kind == 4 ? nullptr : new HWAddr(machine.bytes().copy(), 1));
    const ClientIdPtr client_id(kind == 5 ? nullptr : new ClientId(owned));
    const auto age = kind == 1 || kind == 2 ? 2 * LIFETIME : 10;
    const Lease4Ptr lease(
        new Lease4(IOAddress(address), hwaddr, client_id, LIFETIME, std::time(nullptr) - age, subnet));
    if (kind == 2) {
        lease->state_ = Lease::STATE_EXPIRED_RECLAIMED;
    } else if (kind == 3) {
        lease->decline(LIFETIME);
    }
    leaseDatabase().addLease(lease);
}

/// Whether a renewal of the lease is bound to succeed.
bool
World::isRenewable(const Live& live) const {
    if (site_.conditional.count(live.lease->subnet_id_) > 0) {
        return (false);
    }
    const auto identifier = identifierOf(*live.lease);
    const auto derived = parseDerived(identifier);
    // A machine with several leases may be served by another of its leases. A lease of the identifier comes first.
    const auto leases = leaseDatabase().getLease4(*live.lease->hwaddr_);
    const bool one_of_several = std::count_if(leases.begin(), leases.end(), [&](const auto& lease) {
                                    return (identifierOf(*lease) == identifier);
                                }) > 1;
    if (!derived && !identifier.empty()) {
        return (!one_of_several);
    }
    if (leases.size() > 1) {
        return (false);
    }
    // Under `refuse` a claimant's earlier lease runs out, and a digest does not reveal the identifier.
    const bool refuses = site_.refusing.count(live.lease->subnet_id_) > 0;
    return (!derived || (!refuses && !derived->identifier.empty()));
}

void
World::checkRenewals() {
    size_t number = 0;
    for (const auto& [address, live] : protectedLeases()) {
        const auto reply = renew(number++);
        if (isRenewable(live) && (reply.type != DHCPACK || reply.address != IOAddress(address))) {
            require(false, "R15: no renewal of " + describe(*live.lease) + " but a reply of type " +
                               std::to_string(reply.type) + " with " + reply.address.toText());
        }
    }
}

}  // namespace fuzz
}  // namespace clone_guard
