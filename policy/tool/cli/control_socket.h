// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_CONTROL_SOCKET_H
#define CLONE_GUARD_TOOL_CLI_CONTROL_SOCKET_H

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace clone_guard {

/// @brief The control socket of Debian's kea-dhcp4.
inline constexpr const char* DEFAULT_SOCKET = "/run/kea/kea4-ctrl-socket";

/// @brief What --help says about --socket.
inline constexpr const char* SOCKET_TEXT =
    "the control socket of the server (default: /run/kea/kea4-ctrl-socket)";

/// @brief Sends commands to a running kea-dhcp4 through its unix socket.
class ControlSocket {
public:
    /// @brief An answer of the server.
    struct Answer {
        std::string text;                  ///< escaped for a terminal
        nlohmann::ordered_json arguments;  ///< an object; empty if the answer has no arguments
    };

    /// @param path the path of the socket, as in the server's "control-socket".
    /// @param timeout how long a command may take.
    explicit ControlSocket(std::string path, std::chrono::seconds timeout = std::chrono::seconds(30)) :
        path_(std::move(path)), timeout_(timeout) {}

    /// @brief Sends one command and waits for the answer.
    ///
    /// @param arguments a map, or null for a command without arguments.
    /// @throw Failure if there is no answer, the answer does not come from Kea, the server does not know the command
    /// (it has not loaded the guard), or the command failed (result 1).
    Answer ask(const std::string& command, const nlohmann::ordered_json& arguments) const;

private:
    [[nodiscard]] std::string exchange(const std::string& request) const;

    std::string path_;
    std::chrono::seconds timeout_;
};

}  // namespace clone_guard

#endif
