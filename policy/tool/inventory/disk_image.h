// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_DISK_IMAGE_H
#define CLONE_GUARD_TOOL_INVENTORY_DISK_IMAGE_H

#include <string>
#include <vector>

namespace clone_guard {

/// @brief The images below an image, from its header.
struct BackingChain {
    std::vector<std::string> files;  ///< paths, the nearest first; the last may be a URL
    bool is_complete = true;         ///< false if a header cannot be read
};

/// @brief Follows the backing files of a qcow2 image (QEMU's docs/interop/qcow2.txt).
///
/// @param path an image; an image of another format has no backing file.
/// @return the chain. An image that does not exist or cannot be read has an empty chain that is not complete.
BackingChain backingChain(const std::string& path);

}  // namespace clone_guard

#endif
