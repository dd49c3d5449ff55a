// SPDX-License-Identifier: MPL-2.0
//
// A hook library that does nothing at the hook points of the clone guard. Its cost is Kea's dispatch of callouts; the
// further cost of the guard is the guard's own work.

#include <hooks/hooks.h>

using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

extern "C" {

int
version() {
    return KEA_HOOKS_VERSION;
}

int
load(LibraryHandle&) {
    return 0;
}

int
unload() {
    return 0;
}

int
multi_threading_compatible() {
    return 1;
}

int
dhcp4_srv_configured(CalloutHandle&) {
    return 0;
}

int
cb4_updated(CalloutHandle&) {
    return 0;
}

int
pkt4_receive(CalloutHandle&) {
    return 0;
}

int
lease4_select(CalloutHandle&) {
    return 0;
}
}
