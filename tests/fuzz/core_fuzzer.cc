// SPDX-License-Identifier: MPL-2.0
//
// All functions of the core that read bytes or text of clients.

#include <tests/fuzz/properties.h>

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    clone_guard::properties::all(clone_guard::ByteView(data, size));
    return (0);
}
