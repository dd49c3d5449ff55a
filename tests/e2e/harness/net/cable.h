// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_CABLE_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_CABLE_H

#include <tests/e2e/harness/net/addresses.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace clone_guard {
namespace e2e {

/// @brief A TCP port that forwards to the same port of another address, and that a test can disconnect.
class Cable {
public:
    /// @brief Listens on a port of @ref serverAddress 3, in its own thread, and forwards connections.
    ///
    /// @param server the address of the server that listens on the same port.
    Cable(Address server, uint16_t port);

    ~Cable();

    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;

    /// @brief Closes all connections as soon as no answer is pending, and stops listening.
    ///
    /// If a request were lost on the way, its server might wait ten seconds for the answer.
    void pull();

    /// @brief Listens again.
    void plug();

private:
    void carry();
    void accept();
    void forward(int from);
    void hangUp(int end);
    void hangUpAll();
    bool isQuiet() const;

    Address server_;
    uint16_t port_;
    std::mutex mutex_;  ///< guards the open descriptors
    int listener_ = -1;
    std::map<int, int> ends_;  ///< each end of a connection, and its peer
    std::set<int> askers_;     ///< ends whose client has connected and waits for an answer
    std::atomic<bool> done_{false};
    std::thread thread_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_CABLE_H
