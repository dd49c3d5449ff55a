// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/isolation.h>

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace clone_guard {
namespace e2e {

namespace {

std::string problem = "the program has not been isolated";

// One local route makes every address of 10.0.0.0/8 local without a thousand `ip address add`.
std::string
makeNamespace() {
    if (geteuid() != 0) {
        return ("needs root: the test makes a network namespace of its own");
    }
    if (unshare(CLONE_NEWNET) != 0) {
        return (std::string("cannot make a network namespace: ") + std::strerror(errno));
    }
    if (std::system("PATH=$PATH:/sbin:/usr/sbin; ip link set lo up && "
                    "for n in 2 3 4; do ip address add 127.0.0.$n/8 dev lo || exit; done && "
                    "ip route add local 10.0.0.0/8 dev lo") != 0) {
        return ("cannot set up loopback in the namespace (is iproute2 installed?)");
    }
    return ("");
}

}  // namespace

void
raiseFileLimit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = std::max<rlim_t>(files.rlim_cur, std::min<rlim_t>(files.rlim_max, 16384));
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

std::string
isolate() {
    problem = makeNamespace();
    return (problem);
}

const std::string&
isolationProblem() {
    return (problem);
}

}  // namespace e2e
}  // namespace clone_guard
