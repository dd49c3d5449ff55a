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
selectSubnet(uint32_t relay, uint32_t client) {
    const uint32_t address = relay != 0 ? relay : client;
    const uint32_t subnet = address >> 16U & 0xffU;
    return (address >> 24U == 10 && subnet >= 1 && subnet <= 3 ? subnet : 0);
}

uint32_t
poolOf(uint32_t ip) {
    const uint32_t subnet = selectSubnet(0, ip);
    if (subnet == 0) {
        return (0);
    }
    const uint32_t first = e2e::addressIn(subnet, 1, 1).value;
    return (ip >= first && ip < first + e2e::history::poolSize(subnet) ? subnet : 0);
}

}  // namespace model
}  // namespace clone_guard
