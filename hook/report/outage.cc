// SPDX-License-Identifier: MPL-2.0

#include <hook/report/outage.h>

namespace clone_guard {

bool
Outage::recordFailure(Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    last_ = now;
    ++failures_;
    const bool begins = !active_.exchange(true);
    if (begins) {
        begun_ = now;
    }
    return (begins);
}

std::optional<Outage::State>
Outage::state() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!active()) {
        return (std::nullopt);
    }
    return (State{begun_, failures_});
}

uint64_t
Outage::recordSuccess(Instant now) {
    if (!active()) {
        return (0);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!active() || now - last_ < MIN_QUIET) {
        return (0);
    }
    active_ = false;
    const auto failures = failures_;
    failures_ = 0;
    return (failures);
}

}  // namespace clone_guard
