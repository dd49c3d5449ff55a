// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_DERIVED_IDENTIFIER_H
#define CLONE_GUARD_CORE_IDENTITY_DERIVED_IDENTIFIER_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief The longest client identifier that Kea 2.2.0 stores, in bytes.
constexpr size_t MAX_DERIVED = 128;

/// @brief Makes the derived identifier of a claimant (R6).
///
///     00 43 47   type 0, which is not a hardware type (RFC 2132 section 9.14), then "CG"
///     01 or 81   format 1; the high bit is set if the digest stands for the identifier
///     htype hlen chaddr
///     the client's own identifier, or the first 16 bytes of its SHA-256 if it does not fit
///
/// @param address the hardware address of the claimant, at most 20 bytes
/// @param identifier the client's own option 61
/// @return the derived identifier, at most 128 bytes
/// @throw std::runtime_error if OpenSSL fails
Bytes derive(const HardwareAddress& address, ByteView identifier);

/// @brief Checks whether an identifier begins with the prefix of derived identifiers.
inline bool
looksDerived(ByteView identifier) noexcept {
    return (identifier.size() >= 3 && identifier[0] == 0x00 && identifier[1] == 0x43 &&
            identifier[2] == 0x47);
}

/// @brief The parts of a derived identifier, as views into the parsed bytes.
struct DerivedIdentifier {
    HardwareAddress address;  ///< the hardware address of the claimant
    ByteView identifier;      ///< the client's own identifier; empty if the digest stands for it
    ByteView digest;          ///< 16 bytes; empty if the identifier itself is present
};

/// @brief Parses a derived identifier, as stored in the lease database.
///
/// @return the parts, or std::nullopt if the bytes are not a derived identifier
std::optional<DerivedIdentifier> parseDerived(ByteView bytes) noexcept;

}  // namespace clone_guard

#endif
