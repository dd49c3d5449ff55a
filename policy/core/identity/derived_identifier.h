// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_IDENTITY_DERIVED_IDENTIFIER_H
#define CLONE_GUARD_IDENTITY_DERIVED_IDENTIFIER_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief The longest client identifier that Kea 2.2.0 keeps, in bytes.
constexpr size_t MAX_DERIVED = 128;

/// @brief Makes the identifier under which a claimant is known (R6).
///
///     00 43 47   type 0, so no hardware type (RFC 2132 section 9.14), then "CG"
///     01 or 81   format 1; with the high bit where the identifier is there as its digest only
///     htype hlen chaddr
///     the client's own identifier, or the first 16 bytes of its SHA-256 where it does not fit
///
/// @param address the claimant's hardware address, at most 20 bytes.
/// @param identifier the client's own option 61.
/// @return at most 128 bytes.
Bytes derive(const HardwareAddress& address, ByteView identifier);

/// @brief Whether bytes begin as every derived identifier does.
inline bool
looksDerived(ByteView identifier) noexcept {
    return (identifier.size() >= 3 && identifier[0] == 0x00 && identifier[1] == 0x43 &&
            identifier[2] == 0x47);
}

/// @brief A derived identifier in its parts. Views into the bytes it was read from.
struct DerivedIdentifier {
    HardwareAddress address;  ///< whose it is
    ByteView identifier;      ///< the client's own; empty where only the digest is known
    ByteView digest;          ///< 16 bytes; empty where the identifier itself is known
};

/// @brief Reads a derived identifier, as the lease database has it.
///
/// @return nothing where the bytes are none.
std::optional<DerivedIdentifier> parseDerived(ByteView bytes) noexcept;

}  // namespace clone_guard

#endif
