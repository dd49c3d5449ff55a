// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/stale_leases.h>

#include <tests/histories/rules/rules.h>

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
        lookAtAll();
    }
}

void
ReturnRule::changed(const Change& change) {
    if (!back_.empty()) {
        lookAtAll();
        back_.erase(change.after.address);
    }
}

/// @param own whether only those of its hardware address count.
std::set<Address>
ReturnRule::recordsOf(const Host& host, bool own) const {
    std::set<Address> found;
    const auto add = [&](const Row& row) {
        if (row.valid_lifetime > 0 && networkOfSubnet(row.subnet) == host.network &&
            (!own || row.hw_address == host.hwText())) {
            found.insert(row.address);
        }
    };
    scene_.journal.each(host.derivedText(), add);
    scene_.journal.each(host.identifierText(), add);
    return (found);
}

void
ReturnRule::look(const Host& host) {
    for (const bool own : {false, true}) {
        const auto records = recordsOf(host, own);
        auto& several = own ? several_own_ : several_;
        if (records.size() < 2) {
            several.erase(host.number);
        } else if (std::any_of(records.begin(), records.end(),
                               [this](Address address) { return (isBack(address)); })) {
            several.insert(host.number);
        }
    }
}

void
ReturnRule::lookAtAll() {
    for (const Host& host : scene_.world.hosts()) {
        if (host.identifier) {
            look(host);
        }
    }
}

/// To a claimant others' records under the identifier that it shares do not matter.
bool
ReturnRule::hasSeveral(const Host& host) {
    if (!host.identifier) {
        return (false);
    }
    look(host);
    const bool claimant = scene_.journal.at(host.last).client_id == host.derivedText();
    return ((claimant ? several_own_ : several_).count(host.number) != 0);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
