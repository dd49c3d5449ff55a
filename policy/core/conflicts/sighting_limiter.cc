// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/sighting_limiter.h>

#include <functional>
#include <string_view>

namespace clone_guard {

bool
SightingLimiter::shouldReport(ByteView subject, size_t kind, Instant now) {
    const std::string_view text(reinterpret_cast<const char*>(subject.data()), subject.size());
    const auto index = (std::hash<std::string_view>()(text) + kind) % SLOTS;
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& slot = slots_.at(index);
    if (slot.reported && (repeat_.count() == 0 || now - slot.last < repeat_)) {
        return (false);
    }
    slot = Slot{true, now};
    return (true);
}

}  // namespace clone_guard
