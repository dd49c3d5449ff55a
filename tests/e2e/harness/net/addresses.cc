// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/addresses.h>

namespace clone_guard {
namespace e2e {

Address
relayOf(uint32_t id) {
    return (addressIn(id, 0, 1));
}

Address
addressIn(uint32_t id, uint8_t x, uint8_t y) {
    return (Address(10U << 24 | id << 16 | uint32_t(x) << 8 | y));
}

Address
serverAddress(unsigned number) {
    return (Address(127U << 24 | number));
}

sockaddr_in
endpoint(Address address, uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(address.value);
    return (name);
}

}  // namespace e2e
}  // namespace clone_guard
