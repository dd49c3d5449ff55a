// SPDX-License-Identifier: MPL-2.0
//
// A hook library that rejects each configuration in which its parameter "reject" is true, as some of Kea's libraries
// reject configurations that they cannot apply.

#include <cc/data.h>
#include <hooks/hooks.h>

using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace {

bool rejects = false;

}  // namespace

extern "C" {

int
version() {
    return (KEA_HOOKS_VERSION);
}

int
load(LibraryHandle& handle) {
    const auto reject = handle.getParameter("reject");
    rejects = reject && reject->boolValue();
    return (0);
}

int
unload() {
    return (0);
}

int
multi_threading_compatible() {
    return (1);
}

int
dhcp4_srv_configured(CalloutHandle& handle) {
    if (rejects) {
        handle.setArgument("error", std::string("rejected by the test library"));
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    }
    return (0);
}
}
