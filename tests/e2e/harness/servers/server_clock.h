// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A steppable clock: a file that servers read (libfaketime).
struct ServerClock {
    std::string file;
    bool frozen = false;  ///< true if only steps move it
    uint64_t offset = 0;  ///< sum of all steps in seconds

    /// @brief Returns the time of a frozen clock in seconds since 1970.
    uint64_t frozenTime() const;

    /// @brief Writes the file, which makes the time visible to the servers.
    void write() const;

    /// @brief Removes the shared memory of libfaketime that a killed process left behind.
    static void removeObjects(pid_t process);
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H
