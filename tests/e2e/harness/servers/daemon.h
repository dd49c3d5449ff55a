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

/// @brief A server other than kea-dhcp4, started by a command line in its own directory.
///
/// It ends with the object, or with the test program. Set CLONE_GUARD_KEEP in the environment to keep the directory.
class Daemon {
public:
    /// @param name its name in the name of the directory and in messages.
    explicit Daemon(const std::string& name);

    ~Daemon();

    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// @brief Starts it and waits until it is ready.
    ///
    /// @param command program and arguments; its output goes to the file "console".
    /// @param environment variables added to those of the test.
    /// @param ready a function that returns true once the server provides its service.
    /// @throw std::runtime_error with its output if it ends or does not become ready.
    void start(const std::vector<std::string>& command,
               const std::map<std::string, std::string>& environment,
               const std::function<bool()>& ready);

    /// @brief Kills it, as a power failure would.
    void kill();

    bool isRunning();

    /// @brief Returns the path of a file in its directory.
    std::string path(const std::string& file) const {
        return (directory_.file(file));
    }

    /// @brief Returns the content of a file in its directory, or an empty text if the file is absent.
    std::string file(const std::string& name) const;

    /// @brief Writes a file in its directory.
    void write(const std::string& name, const std::string& content) const;

private:
    std::string name_;
    ScratchDirectory directory_;
    pid_t pid_ = -1;
};

/// @brief Returns PATH with the directories of the administrator's programs.
std::string programPath();

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DAEMON_H
