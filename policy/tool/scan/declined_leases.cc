// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/declined_leases.h>

namespace clone_guard {

size_t
DeclinedLeases::slotOf(IpAddress address) noexcept {
    // Addresses of one pool differ in their last bits.
    return (address.toUint32() % RECENT);
}

void
DeclinedLeases::addDeclined(const LeaseRow& row, uint16_t server) {
    const auto [at, is_new] = declines_.try_emplace(row.address);
    auto& decline = at->second;
    if (!is_new && row.time < decline.time) {
        return;
    }
    const auto& recent = recent_[slotOf(row.address)];
    const bool is_known = recent.address == row.address;
    // A file that the server has cleaned up repeats the DECLINE without the lease before.
    if (is_known || row.time > decline.time) {
        decline.user = is_known ? recent.user : nullptr;
        decline.is_known = is_known;
    }
    decline.time = row.time;
    decline.until = row.time + row.lifetime;
    decline.subnet = row.subnet;
    decline.server = server;
}

void
DeclinedLeases::addLease(const LeaseRow& row, const SoleUser* user, uint16_t server) {
    recent_[slotOf(row.address)] = {row.address, user};
    if (declines_.empty()) {
        return;
    }
    const auto found = declines_.find(row.address);
    // The file of another server proves nothing about this one.
    if (found != declines_.end() && found->second.server == server && row.time >= found->second.time) {
        found->second.until = found->second.time;
    }
}

UtcSeconds
DeclinedLeases::lastDecline(IpAddress address) const {
    const auto found = declines_.find(address);
    return (found == declines_.end() ? UtcSeconds() : found->second.time);
}

std::vector<DeclinedAddress>
DeclinedLeases::current() const {
    std::vector<DeclinedAddress> all;
    for (const auto& [address, decline] : declines_) {
        if (decline.until == decline.time) {
            continue;
        }
        DeclinedAddress declined;
        declined.address = address;
        declined.subnet = decline.subnet;
        declined.since = decline.time;
        declined.until = decline.until;
        declined.cause = decline.is_known ? DeclineCause::OTHER_CLIENT : DeclineCause::UNKNOWN;
        if (decline.user != nullptr) {
            declined.identifier = LeaseStore::identifier(*decline.user).copy();
            declined.cause =
                decline.user->shared_use != 0 ? DeclineCause::CLONES : DeclineCause::OTHER_CLIENT;
        }
        all.push_back(std::move(declined));
    }
    return (all);
}

}  // namespace clone_guard
