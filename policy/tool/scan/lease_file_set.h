// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FILE_SET_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FILE_SET_H

#include <string>
#include <vector>

namespace clone_guard {

/// @brief A file with a part of one server's lease history.
struct LeaseFilePart {
    std::string path;
    bool is_snapshot = false;  ///< repeats leases of the parts before it
};

/// @brief The lease files of one server, the oldest first.
using LeaseFileSet = std::vector<LeaseFilePart>;

/// @brief Groups lease files by server and sorts each group by age.
///
/// Kea's lease file cleanup moves FILE to FILE.1 and merges FILE.1 with FILE.2 into FILE.output. It renames FILE.output to
/// FILE.completed, removes FILE.1 and FILE.2, and renames FILE.completed to FILE.2. So FILE.2 is older than FILE.1, and
/// FILE.1 is older than FILE.
///
/// @param paths files in any order.
/// @param companions true to add the existing companions of each FILE. FILE.output is not added: all its leases are in
///        FILE.1 and FILE.2.
///
/// ISC dhcpd moves FILE to FILE~ each hour and begins FILE with a lease of each address, so FILE~ is older than FILE.
std::vector<LeaseFileSet> leaseFileSets(const std::vector<std::string>& paths, bool companions);

/// @brief Returns copies of one server's file as one group, which repeat each other's leases.
///
/// @param paths the copies, the oldest first.
std::vector<LeaseFileSet> copiesOfOneFile(const std::vector<std::string>& paths);

}  // namespace clone_guard

#endif
