// SPDX-License-Identifier: MPL-2.0
//
// For libFuzzer: everything in the core that reads bytes or text from the wire.

#include <tests/fuzz/properties.h>

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    clone_guard::properties::all(clone_guard::ByteView(data, size));
    return (0);
}
