// SPDX-License-Identifier: MPL-2.0

#include <hooks/hooks.h>

extern "C" {

/// @brief Returns the release that the library was built for; the server refuses any other.
__attribute__((visibility("default"))) int
version() {
    return (KEA_HOOKS_VERSION);
}
}
