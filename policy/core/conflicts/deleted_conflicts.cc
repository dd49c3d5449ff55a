// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/deleted_conflicts.h>

#include <algorithm>

namespace clone_guard {

void
DeletedConflicts::insert(ByteView identifier, const std::string& network, int64_t time) {
    const std::lock_guard<std::mutex> lock(mutex_);
    times_[{identifier.copy(), network}] = time;
    if (times_.size() > max_conflicts_) {
        times_.erase(
            std::min_element(times_.begin(), times_.end(), [](const auto& left, const auto& right) {
                return (left.second < right.second);
            }));
    }
}

bool
DeletedConflicts::covers(ByteView identifier, const std::string& network, int64_t last_seen) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (times_.empty()) {
        return (false);
    }
    for (const auto& scope : {network, std::string()}) {
        const auto known = times_.find({identifier.copy(), scope});
        if (known != times_.end() && last_seen <= known->second) {
            return (true);
        }
    }
    return (false);
}

size_t
DeletedConflicts::size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return (times_.size());
}

}  // namespace clone_guard
