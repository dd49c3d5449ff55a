// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H

#include <cstdint>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A clock that is stepped, in a file that servers look at (libfaketime).
struct ServerClock {
    std::string file;
    bool frozen = false;  ///< whether it stands still but for the steps
    uint64_t offset = 0;  ///< seconds, of all steps

    /// @brief What it says when it is frozen, in seconds since 1970.
    uint64_t frozenTime() const;

    /// @brief Has the servers see it as it is now.
    void write() const;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_CLOCK_H
