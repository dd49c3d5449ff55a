// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H

#include <tests/e2e/harness/net/bytes.h>

namespace clone_guard {
namespace e2e {

/// @brief The IAID that systemd derives from the interface name ens18.
Bytes iaidEns18();

/// @brief Makes a DUID-EN like those that systemd derives from a machine-id: 00:02:00:00:ab:11 and eight bytes.
///
/// @param machine any number; its bytes replace systemd's hash.
Bytes systemdDuid(uint64_t machine);

/// @brief Makes an identifier of RFC 4361: 255, IAID, DUID.
Bytes rfc4361(const Bytes& iaid, const Bytes& duid);

/// @brief The identifier of every clone of one unsealed template: 255, IAID of ens18, the template's DUID.
Bytes cloneIdentifier(uint64_t machine = 0xb632e2673bd9f55d);

/// @brief Makes an identifier of type 1, which contains the hardware address.
Bytes macIdentifier(const Bytes& hw_address);

/// @brief Makes a hardware address with Proxmox's prefix.
Bytes virtualMac(uint32_t number);

/// @brief The client identifier that the guard derives for a claimant (R6), if it fits.
///
/// This is a second, independent implementation, so that an accidental change of the format fails a test: the lease
/// databases of running servers must stay readable.
Bytes derivedIdentifier(const Bytes& hw_address, const Bytes& identifier);

/// @brief True if the identifier begins as derived identifiers do.
bool looksDerived(const Bytes& identifier);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H
