// SPDX-License-Identifier: MPL-2.0
//
// A hook library with faults in it, to prove that a server under a sanitizer reports the faults of a library:
// a read past the end of a block for the address sanitizer, two threads that write one variable for the thread
// sanitizer. Which of them is in it is said at compile time; it is built with the sanitizers only.

#include <hooks/hooks.h>

#include <thread>

using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace {

#ifdef SEEDED_OVERFLOW
int
fault() {
    // Volatile, or the compiler sees through it and leaves the block out.
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
    // What the fault yields has to matter, or the compiler leaves it out.
    return (fault() == 100 ? 1 : 0);
}
}
