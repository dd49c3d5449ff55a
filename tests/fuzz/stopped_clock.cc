// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/stopped_clock.h>

#include <dlfcn.h>
#include <sys/time.h>

#include <ctime>

namespace {

/// Seconds since 1970 at which each input begins.
constexpr int64_t BEGIN = 1700000000;
/// Seconds since the start of the machine at that time.
constexpr int64_t UPTIME = 1000000;

int64_t passed = 0;

}  // namespace

namespace clone_guard {
namespace fuzz {
namespace stopped_clock {

void
reset() {
    passed = 0;
}

void
advance(int64_t seconds) {
    passed += seconds;
}

}  // namespace stopped_clock
}  // namespace fuzz
}  // namespace clone_guard

/// All libraries of the program call these instead of those of the C library.
extern "C" {

__attribute__((visibility("default"))) time_t
time(time_t* result) noexcept {
    const time_t now = BEGIN + passed;
    if (result != nullptr) {
        *result = now;
    }
    return (now);
}

__attribute__((visibility("default"))) int
gettimeofday(timeval* result, void*) noexcept {
    *result = {BEGIN + passed, 0};
    return (0);
}

__attribute__((visibility("default"))) int
clock_gettime(clockid_t clock, timespec* result) noexcept {
    if (clock == CLOCK_MONOTONIC) {
        *result = {UPTIME + passed, 0};
        return (0);
    }
    static const auto next =
        reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
    return (next(clock, result));
}
}
