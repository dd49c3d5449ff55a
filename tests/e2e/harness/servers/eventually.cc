// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/eventually.h>

#include <thread>

namespace clone_guard {
namespace e2e {

bool
eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return (false);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return (true);
}

}  // namespace e2e
}  // namespace clone_guard
