// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/listen/privileges.h>

#include <cap-ng.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace clone_guard {

void
dropPrivileges() {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        throw Failure("the privileges cannot be dropped: the kernel has no PR_SET_NO_NEW_PRIVS");
    }
    capng_clear(CAPNG_SELECT_BOTH);
    if (geteuid() != 0) {
        if (capng_apply(CAPNG_SELECT_CAPS) != 0) {
            throw Failure("the capabilities cannot be dropped");
        }
        return;
    }
    const auto* const nobody = getpwnam("nobody");
    if (!nobody) {
        throw Failure("the privileges cannot be dropped: there is no account 'nobody'");
    }
    const auto flags = static_cast<capng_flags_t>(CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
    if (capng_change_id(static_cast<int>(nobody->pw_uid), static_cast<int>(nobody->pw_gid), flags) !=
        0) {
        throw Failure(
            "the privileges cannot be dropped: the process cannot become the account 'nobody'");
    }
}

}  // namespace clone_guard
