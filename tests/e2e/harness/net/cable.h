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

/// @brief A TCP port that stands for another one, and a cable in between that can be pulled.
class Cable {
public:
    /// @brief Listens on a port of @ref serverAddress 3, in a thread of its own, and is plugged in.
    ///
    /// @param server who listens on the same port of its own address.
    Cable(Address server, uint16_t port);

    ~Cable();

    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;

    /// @brief Ends what is connected, as soon as nobody waits for an answer; from now on nobody listens.
    ///
    /// A server whose request gets lost on the way may wait ten seconds for the answer.
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
    std::mutex mutex_;  ///< held while anything is done with what is open
    int listener_ = -1;
    std::map<int, int> ends_;  ///< each end of a connection, and the other one
    std::set<int> askers_;     ///< ends at which somebody has connected and waits for an answer
    std::atomic<bool> done_{false};
    std::thread thread_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_CABLE_H
