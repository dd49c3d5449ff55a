// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FILE_SET_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FILE_SET_H

#include <string>
#include <vector>

namespace clone_guard {

/// @brief A file in the history of one server's leases.
struct LeaseFilePart {
    std::string path;
    bool restated = false;  ///< repeats what the parts before it have
};

/// @brief The files of one server, the oldest first.
using LeaseFileSet = std::vector<LeaseFilePart>;

/// @brief Puts lease files in the order in which they were written.
///
/// Kea's lease file cleanup moves FILE to FILE.1, merges it with FILE.2 into FILE.output, calls that FILE.completed
/// when it is done, removes the two, and calls it FILE.2. So FILE.2 is older than FILE.1, and FILE.1 than FILE.
///
/// @param paths what was named; files that belong together may be named in any order.
/// @param companions whether to add the companions of each FILE that are there. FILE.output is not added: it has nothing
///        that FILE.1 and FILE.2 do not have.
std::vector<LeaseFileSet> leaseFileSets(const std::vector<std::string>& paths, bool companions);

}  // namespace clone_guard

#endif
