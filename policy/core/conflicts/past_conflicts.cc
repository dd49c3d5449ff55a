// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/past_conflicts.h>

namespace clone_guard {

void
PastConflicts::insert(const Bytes& identifier, bool cured) {
    const auto [known, is_new] = identifiers_.emplace(identifier, cured);
    known->second = known->second || cured;
    if (!is_new) {
        return;
    }
    empty_.store(false, std::memory_order_relaxed);
    order_.push_back(identifier);
    if (order_.size() > max_conflicts_) {
        identifiers_.erase(order_.front());
        order_.pop_front();
    }
}

}  // namespace clone_guard
