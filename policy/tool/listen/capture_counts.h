// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_CAPTURE_COUNTS_H
#define CLONE_GUARD_TOOL_LISTEN_CAPTURE_COUNTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief A file or an interface that was listened to.
struct Source {
    std::string name;
    std::string failure;  ///< why it could not be read to its end; empty if it could
};

/// @brief What was captured, beside the messages that the observer counts.
struct CaptureCounts {
    std::vector<Source> sources;
    bool is_live = false;
    uint64_t frames = 0;
    uint64_t damaged = 0;  ///< DHCP messages that contradict themselves
    uint64_t cut = 0;      ///< DHCP messages of which the capture has only the beginning
    uint64_t dropped = 0;  ///< frames that the kernel dropped
};

}  // namespace clone_guard

#endif
