// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_SERVER_PAGES_H
#define CLONE_GUARD_TOOL_CLI_SERVER_PAGES_H

#include <tool/cli/control_socket.h>

#include <functional>
#include <string>

namespace clone_guard {

/// @brief Asks a server for all pages of a list.
///
/// The server reads its control socket before it looks for DHCP queries, so the pause after each page, which is as long
/// as the page took, is for its clients.
///
/// @param arguments a map, or null for a command without arguments.
/// @param on_page called for each page.
/// @throw Failure as ControlSocket::ask().
void forEachPage(const ControlSocket& server, const std::string& command,
                 nlohmann::ordered_json arguments,
                 const std::function<void(const ControlSocket::Answer&)>& on_page);

}  // namespace clone_guard

#endif
