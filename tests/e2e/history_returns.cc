// SPDX-License-Identifier: MPL-2.0
#include "history_returns.h"

#include "history_rules.h"

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

void
ReturnRule::returned(const Change& change) {
    const Row& row = change.after;
    if (row.valid_lifetime > 0 &&
        (change.before.valid_lifetime == 0 || change.before.hw_address != row.hw_address)) {
        back_.insert(row.address);
        look();
    }
}

void
ReturnRule::changed(const Change& change) {
    if (!back_.empty()) {
        look();
        back_.erase(change.after.address);
    }
}

/// A claimant's records are those under its derived identifier, and what it had under its own.
std::set<Address>
ReturnRule::recordsOf(const Host& host) const {
    std::set<Address> found;
    const auto add = [&](const Row& row) {
        if (row.valid_lifetime > 0 && networkOfSubnet(row.subnet) == host.network) {
            found.insert(row.address);
        }
    };
    const bool derived = scene_.journal.at(host.last).client_id == host.derivedText();
    scene_.journal.each(host.derivedText(), add);
    scene_.journal.each(host.identifierText(), [&](const Row& row) {
        if (!derived || row.hw_address == host.hwText()) {
            add(row);
        }
    });
    return (found);
}

void
ReturnRule::look() {
    for (const Host& host : scene_.world.hosts()) {
        hasSeveral(host);
    }
}

bool
ReturnRule::hasSeveral(const Host& host) {
    if (!host.identifier || (back_.empty() && several_.count(host.number) == 0)) {
        return (false);
    }
    const auto records = recordsOf(host);
    if (records.size() < 2) {
        several_.erase(host.number);
    } else if (std::any_of(records.begin(), records.end(),
                           [this](Address address) { return (isBack(address)); })) {
        several_.insert(host.number);
    }
    return (several_.count(host.number) != 0);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
