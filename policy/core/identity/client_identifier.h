// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_IDENTITY_CLIENT_IDENTIFIER_H
#define CLONE_GUARD_IDENTITY_CLIENT_IDENTIFIER_H

#include <core/decision/settings.h>
#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief First byte of an RFC 4361 client identifier.
constexpr uint8_t TYPE_RFC4361 = 255;

/// @brief The shortest option 61 that RFC 2132 section 9.14 allows.
constexpr size_t MIN_IDENTIFIER = 2;

/// @brief Type (1) and IAID (4) before the DUID, RFC 4361 section 6.1.
constexpr size_t DUID_OFFSET = 5;

/// @brief A DUID is a type (2) and 1 to 128 bytes, RFC 8415 section 11.1.
constexpr size_t MIN_DUID = 3;
constexpr size_t MAX_DUID = 130;

/// @brief The kinds of DUID, numbered as in the registry (RFC 8415 section 11, RFC 6355).
enum class DuidType : uint16_t {
    LLT = 1,   ///< link-layer address plus time
    EN = 2,    ///< enterprise number
    LL = 3,    ///< link-layer address
    UUID = 4,  ///< universally unique identifier
};

/// @brief What an option 61 is to the guard (R1).
enum class IdentifierKind {
    GUARDED,    ///< two machines that present it are clones
    UNGUARDED,  ///< well formed, of a kind that the configuration leaves alone
    MALFORMED,  ///< breaks RFC 2132 or RFC 4361; counted and passed on
    FORGED,     ///< begins like a derived identifier, which no client knows
};

/// @brief Says what an option 61 from the wire is.
///
/// @param identifier the option's data, concatenated (RFC 3396).
/// @param types which identifiers the configuration guards.
/// @param max_size the longest identifier that the server takes, in bytes.
IdentifierKind classify(ByteView identifier, IdentifierTypes types, size_t max_size) noexcept;

/// @brief An RFC 4361 client identifier in its parts. Views into the identifier it was made of.
struct Rfc4361Identifier {
    ByteView iaid;  ///< 4 bytes
    ByteView duid;  ///< 3 to 130 bytes

    /// @return the number in the DUID's first two bytes.
    [[nodiscard]] uint16_t duidType() const noexcept {
        return (static_cast<uint16_t>(toNumber(ByteView(duid.data(), 2))));
    }
};

/// @brief Takes an identifier apart.
///
/// @return nothing where it is no well-formed RFC 4361 identifier.
std::optional<Rfc4361Identifier> parseRfc4361(ByteView identifier) noexcept;

/// @brief "DUID-EN", ...; "DUID type 9" for one that no RFC describes.
std::string duidTypeName(uint16_t type);

/// @brief The hardware address that DUID-LLT and DUID-LL carry.
///
/// @return empty for every other kind.
ByteView duidHardwareAddress(ByteView duid) noexcept;

/// @brief The enterprise number of a DUID-EN.
std::optional<uint32_t> duidEnterprise(ByteView duid) noexcept;

}  // namespace clone_guard

#endif
