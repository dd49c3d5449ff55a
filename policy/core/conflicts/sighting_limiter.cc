// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/sighting_limiter.h>

namespace clone_guard {

bool
SightingLimiter::shouldReport(ByteView subject, size_t kind, Instant now) {
    const size_t hash = (hash_(subject) >> 32U) + kind;
    const std::lock_guard<std::mutex> lock(mutex_);
    Slot* free = nullptr;
    for (size_t step = 0; step < PROBES; ++step) {
        auto& slot = slots_[(hash + step) % SLOTS];
        const bool limiting = slot.reported && (repeat_.count() == 0 || now - slot.last < repeat_);
        if (limiting && slot.subject == hash) {
            return (false);
        }
        if (!limiting && !free) {
            free = &slot;
        }
    }
    if (!free) {
        return (false);
    }
    *free = Slot{true, hash, now};
    return (true);
}

}  // namespace clone_guard
