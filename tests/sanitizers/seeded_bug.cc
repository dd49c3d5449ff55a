// SPDX-License-Identifier: MPL-2.0
//
// A hook library with one seeded bug, chosen at compile time: a read past the end of a block for the address sanitizer,
// or two threads that write one variable for the thread sanitizer. It is built in sanitizer builds only.

#include <hooks/hooks.h>

#include <thread>

using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace {

#ifdef SEEDED_OVERFLOW
int
fault() {
    // Volatile, so that the compiler does not remove the block.
    char* volatile block = new char[16]();
    const int beyond = block[16];
    delete[] block;
    return (beyond);
}
#else
int unguarded = 0;

int
fault() {
    std::thread other([] { ++unguarded; });
    ++unguarded;
    other.join();
    return (unguarded);
}
#endif

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int
version() {
    return (KEA_HOOKS_VERSION);
}

__attribute__((visibility("default"))) int
load(LibraryHandle&) {
    return (0);
}

__attribute__((visibility("default"))) int
multi_threading_compatible() {
    return (1);
}

__attribute__((visibility("default"))) int
pkt4_receive(CalloutHandle&) {
    // The result depends on the fault, so that the compiler does not remove it.
    return (fault() == 100 ? 1 : 0);
}
}
