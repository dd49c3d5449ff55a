// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/sighting_limiter.h>

#include <functional>
#include <string_view>

namespace clone_guard {

bool
SightingLimiter::shouldReport(ByteView subject, size_t kind, Instant now) {
    const std::string_view text(reinterpret_cast<const char*>(subject.data()), subject.size());
    const size_t hash = std::hash<std::string_view>()(text) + kind;
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
