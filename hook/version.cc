// SPDX-License-Identifier: MPL-2.0

#include <hooks/hooks.h>

extern "C" {

/// @brief Tells the server which release the library was built for; it loads no other.
__attribute__((visibility("default"))) int
version() {
    return (KEA_HOOKS_VERSION);
}
}
