// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_ONE_MACHINE_H
#define CLONE_GUARD_CORE_CONFLICTS_ONE_MACHINE_H

#include <core/conflicts/report_limiter.h>

#include <string_view>

namespace clone_guard {

/// @brief What indicates that the two machines of a conflict may be one that changed its hardware address.
enum class OneMachine {
    NONE,  ///< nothing does
    AGGREGATE,  ///< the interface is a bond, a bridge or a team, which may take the address of another network card
    HOST_NAME,  ///< both sent the same host name
};

/// @brief What is known about a conflict.
struct ConflictFacts {
    Level level = Level::SUSPECTED;
    size_t claimants = 0;
    bool aggregate = false;  ///< the interface in the identifier is a bond, a bridge or a team
    std::string_view hostname;
    std::string_view holder_hostname;
};

/// @brief Looks for signs of a single machine.
///
/// Two machines that were proven to be active at the same time are two. A template gives its host name to all its clones,
/// so an equal host name counts only while there is one claimant. Host names are compared up to the first dot and without
/// regard to case, as the server may complete those in leases.
OneMachine findOneMachine(const ConflictFacts& facts);

}  // namespace clone_guard

#endif
