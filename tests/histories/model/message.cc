// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/message.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/histories/rules/hosts.h>

namespace clone_guard {
namespace model {

const std::vector<uint32_t>&
subnetsFrom(uint32_t first) {
    static const std::vector<std::vector<uint32_t>> orders{{}, {1}, {2, 3}, {3, 2}};
    return (orders.at(first));
}

uint32_t
selectSubnet(IpAddress relay, IpAddress client) {
    const uint32_t address = (relay.isUnspecified() ? client : relay).toUint32();
    const uint32_t subnet = address >> 16U & 0xffU;
    return (address >> 24U == 10 && subnet >= 1 && subnet <= 3 ? subnet : 0);
}

uint32_t
poolOf(IpAddress ip) {
    const uint32_t subnet = selectSubnet(IpAddress(), ip);
    if (subnet == 0) {
        return (0);
    }
    const uint32_t first = e2e::addressIn(subnet, 1, 1).value;
    const uint32_t number = ip.toUint32();
    return (number >= first && number < first + e2e::history::poolSize(subnet) ? subnet : 0);
}

}  // namespace model
}  // namespace clone_guard
