// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_CONTROL_SOCKET_H
#define CLONE_GUARD_TOOL_CLI_CONTROL_SOCKET_H

#include <boost/program_options/options_description.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace clone_guard {

/// @brief Where Debian's kea-dhcp4 has its control socket.
inline constexpr const char* DEFAULT_SOCKET = "/run/kea/kea4-ctrl-socket";

/// @brief The control channel of a running kea-dhcp4, through its unix socket.
class ControlSocket {
public:
    /// @brief What the server answers.
    struct Answer {
        std::string text;                  ///< in words, safe for a terminal
        nlohmann::ordered_json arguments;  ///< an object, empty where it has none
    };

    /// @param path of the socket, as in the server's "control-socket".
    explicit ControlSocket(std::string path, std::chrono::seconds patience = std::chrono::seconds(30)) :
        path_(std::move(path)), patience_(patience) {}

    /// @brief Sends one command and waits for the answer.
    ///
    /// @param arguments a map; null for none.
    /// @throw Failure where nobody answers, where it is no answer of Kea's, where the server does not know the command
    /// (which means that it has not loaded the guard), and where it refuses (result 1).
    Answer ask(const std::string& command, const nlohmann::ordered_json& arguments) const;

private:
    [[nodiscard]] std::string exchange(const std::string& request) const;

    std::string path_;
    std::chrono::seconds patience_;
};

/// @brief Adds --socket to the options of a command.
void addSocketOption(boost::program_options::options_description& options);

}  // namespace clone_guard

#endif
