// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/observation.h>

#include <algorithm>

namespace clone_guard {

size_t
Observation::count(Sharing sharing) const {
    return (static_cast<size_t>(
        std::count_if(identifiers.begin(), identifiers.end(), [sharing](const ObservedIdentifier& one) {
            return (one.shared.sharing == sharing);
        })));
}

bool
Observation::serversCompete() const {
    return (std::any_of(servers.begin(), servers.end(),
                        [](const ObservedServer& one) { return (one.competing > 0); }));
}

bool
Observation::hasFindings() const {
    return (count(Sharing::CLONES) > 0 || !addresses.empty() || !declined.empty() || serversCompete());
}

}  // namespace clone_guard
