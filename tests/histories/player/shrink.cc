// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/shrink.h>

#include <algorithm>
#include <cstddef>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

History
without(const History& history, size_t first, size_t count) {
    History shorter = history;
    const auto begin = shorter.events.begin() + std::ptrdiff_t(first);
    shorter.events.erase(begin, begin + std::ptrdiff_t(std::min(count, shorter.events.size() - first)));
    return (shorter);
}

}  // namespace

History
shrink(const History& history, const std::function<bool(const History&)>& breaks, unsigned tries) {
    History best = history;
    size_t chunk = std::max<size_t>(1, best.events.size() / 2);
    while (tries > 0) {
        bool shorter = false;
        // From the beginning: the last events are the most likely cause.
        for (size_t at = 0; at < best.events.size() && tries > 0;) {
            const History candidate = without(best, at, chunk);
            --tries;
            if (breaks(candidate)) {
                best = candidate;
                shorter = true;
            } else {
                at += chunk;
            }
        }
        if (chunk == 1 && !shorter) {
            break;
        }
        chunk = std::max<size_t>(1, chunk / 2);
    }
    return (best);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
