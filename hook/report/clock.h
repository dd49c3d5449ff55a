// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_CLOCK_H
#define CLONE_GUARD_HOOK_REPORT_CLOCK_H

#include <chrono>
#include <cstdint>

namespace clone_guard {

/// @return the current time in milliseconds since 1970
inline int64_t
nowMilliseconds() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return (std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace clone_guard

#endif
