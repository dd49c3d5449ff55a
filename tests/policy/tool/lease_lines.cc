// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/lease_lines.h>

namespace clone_guard {
namespace test {

std::string
LeaseLine::text() const {
    return ("192.0.2." + std::to_string(address) + "," + mac(machine).toText() + "," +
            toHex(identifier) + "," + std::to_string(lifetime) + "," +
            std::to_string(LEASE_EPOCH + at + lifetime) + "," + std::to_string(subnet) + ",0,0," +
            hostname + "," + std::to_string(state) + ",\n");
}

std::string
leaseFile(const std::vector<LeaseLine>& lines) {
    std::string text = LEASE_HEAD;
    for (const auto& line : lines) {
        text += line.text();
    }
    return (text);
}

}  // namespace test
}  // namespace clone_guard
