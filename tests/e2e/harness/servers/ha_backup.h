// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_BACKUP_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_BACKUP_H

#include <tests/e2e/harness/servers/server_setup.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A backup server for Kea's high availability that accepts every command and records it.
class HaBackup {
public:
    /// @brief Listens on a port of 127.0.0.1, in its own thread.
    explicit HaBackup(uint16_t port);

    ~HaBackup();

    HaBackup(const HaBackup&) = delete;
    HaBackup& operator=(const HaBackup&) = delete;

    /// @brief Returns the arguments of all received commands of this name.
    std::vector<Json> received(const std::string& command) const;

private:
    void serve();
    void accept();
    bool receive(int connection);
    void answer(int connection, const std::string& body);

    int listener_ = -1;
    std::map<int, std::string> connections_;  ///< each with the data received so far
    mutable std::mutex mutex_;
    std::vector<Json> commands_;
    std::atomic<bool> done_{false};
    std::thread thread_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_BACKUP_H
