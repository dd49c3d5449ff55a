// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_DECLINED_REPORT_H
#define CLONE_GUARD_TOOL_SCAN_DECLINED_REPORT_H

#include <tool/scan/declined_address.h>

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Prints how many addresses of each subnet are declined, and until when. Prints nothing without any.
void printDeclined(std::ostream& out, const std::vector<DeclinedAddress>& declined);

/// @brief Prints what a server reports likewise.
void printDeclined(std::ostream& out, const std::vector<DeclinedCount>& declined);

/// @brief Returns what a server reports, for programs.
nlohmann::ordered_json declinedJson(const std::vector<DeclinedCount>& declined);

/// @brief Returns the same with each address, for programs.
nlohmann::ordered_json declinedJson(const std::vector<DeclinedAddress>& declined);

/// @brief Prints a shell script that frees declined addresses of a running server. Lines about an address that another
/// client declined are comments.
///
/// @param socket path of the server's control socket.
void printFreeingScript(std::ostream& out, const std::vector<DeclinedAddress>& declined,
                        const std::string& socket);

}  // namespace clone_guard

#endif
