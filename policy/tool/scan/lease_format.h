// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FORMAT_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FORMAT_H

#include <string_view>

namespace clone_guard {

/// @brief The servers whose lease files are read, and the answers of a running server with the guard.
enum class LeaseFormat { KEA, DNSMASQ, DHCPD, NETWORKD, ROUTEROS, SERVER };

/// @brief Recognises the format of a lease file by its first bytes.
///
/// @return the format, or LeaseFormat::KEA if none is recognised: the reader of that format gives the error.
LeaseFormat recogniseFormat(std::string_view head) noexcept;

/// @return the name of the format in the output for programs.
const char* formatName(LeaseFormat format) noexcept;

/// @return the server and what its file does not show, in one line; empty if it shows everything.
const char* formatLimit(LeaseFormat format) noexcept;

/// @return true if one copy of the file shows no clones, because it has one record for each identifier.
bool needsCopies(LeaseFormat format) noexcept;

}  // namespace clone_guard

#endif
