// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/allocation.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/histories/rules/history.h>
#include <tests/histories/rules/hosts.h>

namespace clone_guard {
namespace model {

using e2e::history::LIFETIME;

namespace {

/// Seconds for which a declined address is not leased.
constexpr unsigned PROBATION = LIFETIME / 2;

const StoredLease*
firstIn(uint32_t subnet, const std::vector<const StoredLease*>& leases) {
    for (const auto* lease : leases) {
        if (lease->subnet == subnet) {
            return (lease);
        }
    }
    return (nullptr);
}

const StoredLease*
firstAround(uint32_t subnet, const std::vector<const StoredLease*>& leases) {
    for (const uint32_t id : subnetsFrom(subnet)) {
        if (const auto* lease = firstIn(id, leases)) {
            return (lease);
        }
    }
    return (nullptr);
}

Outbound
nak(const Inbound& query) {
    return (Outbound{Outbound::Type::NAK, IpAddress(), query.identifier});
}

}  // namespace

std::optional<Outbound>
Allocation::handle(const Inbound& query, const Select& select, uint64_t now) {
    if (query.message == Message::INFORM) {
        return (std::nullopt);
    }
    if (query.message == Message::RELEASE || query.message == Message::DECLINE) {
        giveUp(query, now);
        return (std::nullopt);
    }
    const uint32_t subnet = selectSubnet(query.relay, query.client);
    Context context{query, select, now, subnet,
                    query.requested.isUnspecified() ? query.client : query.requested};
    if (query.message == Message::REQUEST) {
        return (subnet == 0 ? nak(query) : query.bootp ? bootp(context) : request(context));
    }
    const IpAddress ip = subnet == 0 ? IpAddress() : discover(context);
    if (ip.isUnspecified()) {
        return (std::nullopt);
    }
    return (Outbound{Outbound::Type::OFFER, ip, query.identifier});
}

void
Allocation::restart() {
    last_.fill(IpAddress());
    picked_.fill(0);
}

/// The server searches by identifier in all subnets, then by hardware address. It finds expired leases, too.
const StoredLease*
Allocation::findClientLease(Context& context) const {
    const auto& query = context.query;
    if (!query.identifier.empty()) {
        if (const auto* lease = firstAround(context.subnet, leases_.ofClient(query.identifier))) {
            context.subnet = lease->subnet;
            return (lease);
        }
    }
    const auto leases = leases_.ofHardware(query.hw_address);
    for (const uint32_t id : subnetsFrom(context.subnet)) {
        for (const auto* lease : leases) {
            if (lease->subnet == id && lease->belongsTo(query.hw_address, query.identifier)) {
                context.subnet = id;
                return (lease);
            }
        }
    }
    return (nullptr);
}

bool
Allocation::inPool(Context& context, IpAddress ip) {
    const uint32_t pool = poolOf(ip);
    for (const uint32_t id : subnetsFrom(context.subnet)) {
        if (id == pool) {
            context.subnet = id;
            return (true);
        }
    }
    return (false);
}

IpAddress
Allocation::discover(Context& context) {
    const auto* own = findClientLease(context);
    if (own && inPool(context, own->ip)) {
        return (own->ip);
    }
    if (!context.hint.isUnspecified() && inPool(context, context.hint)) {
        const auto* lease = leases_.at(context.hint);
        if (!lease || lease->expired(context.now)) {
            return (context.hint);
        }
    }
    return (pickAddress(context));
}

/// In a shared network the server begins with the subnet that gave the last address.
IpAddress
Allocation::pickAddress(Context& context) {
    uint32_t preferred = context.subnet;
    for (uint32_t id = 2; context.subnet >= 2 && id <= 3; ++id) {
        if (picked_.at(id) > picked_.at(context.subnet)) {
            preferred = id;
        }
    }
    for (const uint32_t id : subnetsFrom(preferred)) {
        for (unsigned attempt = 0; attempt < e2e::history::poolSize(id); ++attempt) {
            const IpAddress ip = nextOf(id);
            const auto* lease = leases_.at(ip);
            if (!lease || lease->expired(context.now)) {
                return (ip);
            }
        }
    }
    return {};
}

IpAddress
Allocation::nextOf(uint32_t subnet) {
    auto& last = last_.at(subnet);
    const IpAddress first(e2e::addressIn(subnet, 1, 1).value);
    const IpAddress next(last.toUint32() + 1);
    last = last.isUnspecified() || poolOf(next) != subnet ? first : next;
    picked_.at(subnet) = ++picks_;
    return (last);
}

std::optional<Outbound>
Allocation::request(Context& context) {
    const auto& query = context.query;
    const bool init_reboot = !query.has_server_identifier && !query.requested.isUnspecified();
    if (init_reboot) {
        const auto* lease = query.identifier.empty()
                                ? nullptr
                                : firstAround(context.subnet, leases_.ofClient(query.identifier));
        if (!lease) {
            lease = firstAround(context.subnet, leases_.ofHardware(query.hw_address));
        }
        if (!lease || !lease->belongsTo(query.hw_address, query.identifier)) {
            return (std::nullopt);
        }
        if (lease->ip != context.hint) {
            return (nak(query));
        }
    }
    const uint32_t subnet = context.subnet;
    const auto* own = findClientLease(context);
    const IpAddress own_ip = own ? own->ip : IpAddress();
    const auto* there = leases_.at(context.hint);
    if (there && !there->expired(context.now) && !there->belongsTo(query.hw_address, query.identifier)) {
        return (nak(query));
    }
    if (!inPool(context, context.hint)) {
        // The server sends a NAK only for an address of this network.
        context.subnet = subnet;
        return (inPool(context, context.hint) ? std::optional<Outbound>(nak(query)) : std::nullopt);
    }
    if (own_ip == context.hint) {
        lease(context, own_ip);
    } else if (!allocate(context, context.hint)) {
        return (nak(query));
    } else if (!own_ip.isUnspecified()) {
        leases_.remove(own_ip);
    }
    return (Outbound{Outbound::Type::ACK, context.hint, query.identifier});
}

/// A BOOTP client gets its address with its first message, forever.
std::optional<Outbound>
Allocation::bootp(Context& context) {
    const IpAddress ip = discover(context);
    if (ip.isUnspecified()) {
        return (std::nullopt);
    }
    const auto* own = leases_.at(ip);
    if (own && own->belongsTo(context.query.hw_address, context.query.identifier)) {
        lease(context, ip);
    } else if (!allocate(context, ip)) {
        return (std::nullopt);
    }
    return (Outbound{Outbound::Type::ACK, ip, context.query.identifier});
}

/// Makes a lease for a free address, or reuses an expired one.
bool
Allocation::allocate(const Context& context, IpAddress ip) {
    const auto* there = leases_.at(ip);
    if ((there && !there->expired(context.now)) || !context.select(ip)) {
        return (false);
    }
    lease(context, ip);
    return (true);
}

void
Allocation::lease(const Context& context, IpAddress ip) {
    StoredLease lease;
    lease.ip = ip;
    lease.hw_address = context.query.hw_address;
    lease.client_id = context.query.identifier;
    lease.subnet = context.subnet;
    lease.cltt = context.now;
    lease.valid = context.query.bootp ? UINT32_MAX : LIFETIME;
    leases_.write(lease);
}

void
Allocation::giveUp(const Inbound& query, uint64_t now) {
    const bool release = query.message == Message::RELEASE;
    const auto* named = leases_.at(release ? query.client : query.requested);
    if (!named || !named->belongsTo(query.hw_address, query.identifier)) {
        return;
    }
    if (release) {
        // A lease of a BOOTP client never expires, so it is deleted.
        if (!keep_released_ || named->valid == UINT32_MAX) {
            leases_.remove(named->ip);
            return;
        }
        StoredLease released = *named;
        released.valid = 0;
        leases_.write(released);
        return;
    }
    StoredLease declined = *named;
    declined.hw_address.clear();
    declined.client_id.clear();
    declined.cltt = now;
    declined.valid = PROBATION;
    declined.state = StoredLease::DECLINED;
    leases_.write(declined);
}

void
Allocation::reclaim(bool remove, uint64_t now) {
    for (const auto* lease : leases_.all()) {
        if (!lease->expired(now) || lease->state == StoredLease::RECLAIMED) {
            continue;
        }
        if (remove || lease->state == StoredLease::DECLINED) {
            leases_.remove(lease->ip);
        } else {
            StoredLease reclaimed = *lease;
            reclaimed.state = StoredLease::RECLAIMED;
            leases_.write(reclaimed);
        }
    }
}

}  // namespace model
}  // namespace clone_guard
