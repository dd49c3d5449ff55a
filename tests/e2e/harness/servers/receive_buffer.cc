// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/receive_buffer.h>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace clone_guard {
namespace e2e {

namespace {

/// @brief Owns a file descriptor.
class Descriptor {
public:
    explicit Descriptor(long number) : number_(int(number)) {}

    ~Descriptor() {
        if (number_ >= 0) {
            close(number_);
        }
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const {
        return (number_);
    }

private:
    int number_;
};

/// @brief True for a socket that receives DHCP queries: of IPv4, or a raw socket of an interface.
bool
receivesQueries(int socket) {
    int domain = 0;
    int type = 0;
    socklen_t size = sizeof(int);
    return (getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
            getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
            (domain == AF_PACKET || (domain == AF_INET && type == SOCK_DGRAM)));
}

}  // namespace

unsigned
setReceiveBuffers(pid_t pid, int bytes) {
    unsigned changed = 0;
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_getfd)
    const Descriptor process(syscall(SYS_pidfd_open, pid, 0));
    if (process.number() < 0) {
        return (0);
    }
    for (const auto& entry :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        const int number = std::stoi(entry.path().filename().string());
        // A copy refers to the same socket.
        const Descriptor copy(syscall(SYS_pidfd_getfd, process.number(), number, 0));
        if (copy.number() >= 0 && receivesQueries(copy.number()) &&
            setsockopt(copy.number(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) == 0) {
            ++changed;
        }
    }
#endif
    return (changed);
}

}  // namespace e2e
}  // namespace clone_guard
