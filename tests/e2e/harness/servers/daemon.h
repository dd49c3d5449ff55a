// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DAEMON_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DAEMON_H

#include <tests/e2e/harness/servers/scratch_directory.h>

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A server beside kea-dhcp4, which needs nothing but a command line: it has a directory of its own.
///
/// It runs as long as the object is there, and ends with the program. Set CLONE_GUARD_KEEP in the environment to
/// keep the directory.
class Daemon {
public:
    /// @param name what the directory and messages name it.
    explicit Daemon(const std::string& name);

    ~Daemon();

    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// @brief Starts it and waits until it is ready.
    ///
    /// @param command program and arguments; what it prints goes into the file "console".
    /// @param environment variables beside the test's own.
    /// @param ready whether it does its work by now.
    /// @throw std::runtime_error if it ends instead, or never is ready, with what it said.
    void start(const std::vector<std::string>& command,
               const std::map<std::string, std::string>& environment,
               const std::function<bool()>& ready);

    /// @brief Ends it as a power failure would.
    void kill();

    bool isRunning();

    /// @brief A path in its directory.
    std::string path(const std::string& file) const {
        return (directory_.file(file));
    }

    /// @brief All bytes of a file in its directory; none if it is not there.
    std::string file(const std::string& name) const;

    /// @brief Makes a file in its directory.
    void write(const std::string& name, const std::string& content) const;

private:
    std::string name_;
    ScratchDirectory directory_;
    pid_t pid_ = -1;
};

/// @brief Where programs are looked for, those of the administrator as well.
std::string programPath();

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DAEMON_H
