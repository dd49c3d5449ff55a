// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/identifiers.h>

namespace clone_guard {
namespace e2e {

Bytes
iaidEns18() {
    return (Bytes{0xca, 0x53, 0x09, 0x5a});
}

Bytes
systemdDuid(uint64_t machine) {
    return (Bytes{0x00, 0x02, 0x00, 0x00, 0xab, 0x11} + bigEndian(uint32_t(machine >> 32)) +
            bigEndian(uint32_t(machine)));
}

Bytes
rfc4361(const Bytes& iaid, const Bytes& duid) {
    return (Bytes{0xff} + iaid + duid);
}

Bytes
cloneIdentifier(uint64_t machine) {
    return (rfc4361(iaidEns18(), systemdDuid(machine)));
}

Bytes
macIdentifier(const Bytes& hw_address) {
    return (Bytes{0x01} + hw_address);
}

Bytes
virtualMac(uint32_t number) {
    return (Bytes{0xbc, 0x24, 0x11, uint8_t(number >> 16), uint8_t(number >> 8), uint8_t(number)});
}

Bytes
derivedIdentifier(const Bytes& hw_address, const Bytes& identifier) {
    return (Bytes{0x00, 0x43, 0x47, 0x01, 0x01, uint8_t(hw_address.size())} + hw_address + identifier);
}

bool
looksDerived(const Bytes& identifier) {
    return (identifier.size() >= 3 && identifier[0] == 0x00 && identifier[1] == 0x43 &&
            identifier[2] == 0x47);
}

}  // namespace e2e
}  // namespace clone_guard
