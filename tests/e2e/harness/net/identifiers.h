// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H

#include <tests/e2e/harness/net/bytes.h>

namespace clone_guard {
namespace e2e {

/// @brief The IAID that systemd derives from the interface name ens18.
Bytes iaidEns18();

/// @brief The DUID-EN that systemd derives from a machine-id: 00:02:00:00:ab:11 and eight bytes.
///
/// @param machine any number; the hash of systemd is not computed here, the bytes only look like it.
Bytes systemdDuid(uint64_t machine);

/// @brief An identifier of RFC 4361: 255, IAID, DUID.
Bytes rfc4361(const Bytes& iaid, const Bytes& duid);

/// @brief What every clone of one unsealed template sends: 255, IAID of ens18, its machine's DUID.
Bytes cloneIdentifier(uint64_t machine = 0xb632e2673bd9f55d);

/// @brief The identifier of type 1: the hardware address once more.
Bytes macIdentifier(const Bytes& hw_address);

/// @brief A hardware address of Proxmox's prefix.
Bytes virtualMac(uint32_t number);

/// @brief The client identifier that the guard makes for a claimant (contract, R6), if it fits.
///
/// Written down here once more from the contract, so that a change of the format by accident shows:
/// what is in the lease databases of running servers must stay readable.
Bytes derivedIdentifier(const Bytes& hw_address, const Bytes& identifier);

/// @brief True if the identifier begins as derived ones do.
bool looksDerived(const Bytes& identifier);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_IDENTIFIERS_H
