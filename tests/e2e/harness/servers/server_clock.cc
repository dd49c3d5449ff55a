// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/server_clock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace clone_guard {
namespace e2e {

namespace {

/// @brief The time at which a frozen clock begins, in seconds since 1970.
const uint64_t FROZEN_START = 2000000000;

}  // namespace

uint64_t
ServerClock::frozenTime() const {
    return (FROZEN_START + offset);
}

void
ServerClock::write() const {
    // Replaced in one step, since servers read the file whenever they read the clock.
    const std::string fresh = file + ".new";
    if (frozen) {
        std::ofstream(fresh) << frozenTime() << std::endl;
    } else {
        std::ofstream(fresh) << "+" << offset << std::endl;
    }
    std::filesystem::rename(fresh, file);
}

void
ServerClock::removeObjects(pid_t process) {
    for (const char* name : {"faketime_shm_", "sem.faketime_sem_"}) {
        std::error_code ignored;
        std::filesystem::remove("/dev/shm/" + (name + std::to_string(process)), ignored);
    }
}

}  // namespace e2e
}  // namespace clone_guard
