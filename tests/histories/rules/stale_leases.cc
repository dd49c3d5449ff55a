// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/stale_leases.h>

#include <tests/histories/rules/rule_context.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

void
StaleLeasesRule::onServerReturn(const Change& change) {
    const Row& row = change.after;
    if (row.valid_lifetime > 0 &&
        (change.before.valid_lifetime == 0 || change.before.hw_address != row.hw_address)) {
        stale_.insert(row.address);
        updateAll();
    }
}

void
StaleLeasesRule::setCopies(const std::vector<Row>& copies) {
    copies_.clear();
    for (const Row& row : copies) {
        copies_.emplace(row.address, row);
    }
    updateAll();
}

void
StaleLeasesRule::onChange(const Change& change) {
    if (!stale_.empty() || !copies_.empty()) {
        updateAll();
        stale_.erase(change.after.address);
        copies_.erase(change.after.address);
    }
}

/// @param own Whether only leases of the host's hardware address count.
std::set<Address>
StaleLeasesRule::leasesOf(const Host& host, bool own) const {
    std::set<Address> found;
    const auto add = [&](const Row& row) {
        if (row.valid_lifetime > 0 && networkOfSubnet(row.subnet) == host.network &&
            (!own || row.hw_address == host.hwText())) {
            found.insert(row.address);
        }
    };
    context_.journal.each(host.derivedText(), add);
    context_.journal.each(host.identifierText(), add);
    for (const auto& entry : copies_) {
        const Row& row = entry.second;
        if (row.client_id == host.derivedText() || row.client_id == host.identifierText()) {
            add(row);
        }
    }
    return (found);
}

void
StaleLeasesRule::update(const Host& host) {
    for (const bool own : {false, true}) {
        const auto leases = leasesOf(host, own);
        auto& several = own ? several_leases_of_own_ : several_leases_;
        if (leases.size() < 2) {
            several.erase(host.number);
        } else if (std::any_of(leases.begin(), leases.end(),
                               [this](Address address) { return (isStale(address)); })) {
            several.insert(host.number);
        }
    }
}

void
StaleLeasesRule::updateAll() {
    for (const Host& host : context_.network.hosts()) {
        if (host.identifier) {
            update(host);
        }
    }
}

/// Leases of other hosts under the shared identifier do not affect a claimant.
bool
StaleLeasesRule::hasSeveralLeases(const Host& host) {
    if (!host.identifier) {
        // For Kea a client without identifier is every client with the same hardware address.
        return (std::any_of(copies_.begin(), copies_.end(), [&host](const auto& entry) {
            return (entry.second.hw_address == host.hwText());
        }));
    }
    update(host);
    const bool claimant = context_.journal.at(host.last).client_id == host.derivedText();
    return ((claimant ? several_leases_of_own_ : several_leases_).count(host.number) != 0);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
