// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_INSTANT_H
#define CLONE_GUARD_CORE_IDENTITY_INSTANT_H

#include <chrono>

namespace clone_guard {

/// @brief A point in time that never goes back. The caller owns the clock.
using Instant = std::chrono::steady_clock::time_point;

}  // namespace clone_guard

#endif
