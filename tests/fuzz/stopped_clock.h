// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_STOPPED_CLOCK_H
#define CLONE_GUARD_TESTS_FUZZ_STOPPED_CLOCK_H

#include <cstdint>

namespace clone_guard {
namespace fuzz {

/// @brief The clocks of the guard and of Kea, which advance in steps only, so that an input repeats exactly.
///
/// They replace `time()`, `gettimeofday()` and the monotonic clock of the whole program. `CLOCK_REALTIME` runs on:
/// libFuzzer measures with it.
namespace stopped_clock {

/// @brief Sets the clocks to the time at which each input begins.
void reset();

/// @brief Advances the clocks.
void advance(int64_t seconds);

}  // namespace stopped_clock
}  // namespace fuzz
}  // namespace clone_guard

#endif
