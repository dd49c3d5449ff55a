// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_CLIENT_IDENTIFIER_H
#define CLONE_GUARD_CORE_IDENTITY_CLIENT_IDENTIFIER_H

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

/// @brief Which client identifiers are guarded (R1), as the parameter client-id-types says.
enum class IdentifierTypes { DUID, ALL };

/// @brief What kind of option 61 a query carries (R1).
enum class IdentifierKind {
    GUARDED,    ///< guarded: two machines that present it are clones
    UNGUARDED,  ///< well formed, of a kind that client-id-types leaves out
    MALFORMED,  ///< breaks RFC 2132 or RFC 4361; counted and passed on
    FORGED,     ///< begins like a derived identifier, which no client knows
};

/// @brief Classifies an option 61 from the wire.
///
/// @param identifier the data of the option, concatenated (RFC 3396)
/// @param types the identifiers that the configuration guards
/// @param max_size the longest identifier that the server accepts, in bytes
IdentifierKind classify(ByteView identifier, IdentifierTypes types, size_t max_size) noexcept;

/// @brief The parts of an RFC 4361 client identifier, as views into the parsed identifier.
struct Rfc4361Identifier {
    ByteView iaid;  ///< 4 bytes
    ByteView duid;  ///< 3 to 130 bytes

    /// @return the DUID type: the first two bytes of the DUID
    [[nodiscard]] uint16_t duidType() const noexcept {
        return (static_cast<uint16_t>(toNumber(ByteView(duid.data(), 2))));
    }
};

/// @brief Splits an RFC 4361 client identifier into IAID and DUID.
///
/// @return the parts, or std::nullopt if the identifier is not a well-formed RFC 4361 identifier
std::optional<Rfc4361Identifier> parseRfc4361(ByteView identifier) noexcept;

/// @brief Returns the name of a DUID type, such as "DUID-EN".
///
/// @return the name, or "DUID type N" if the type is not described by an RFC
std::string duidTypeName(uint16_t type);

/// @brief Returns the hardware address in a DUID-LLT or DUID-LL.
///
/// @return the address, or an empty view if the DUID is of another type
ByteView duidHardwareAddress(ByteView duid) noexcept;

/// @brief Returns the enterprise number of a DUID-EN.
///
/// @return the number, or std::nullopt if the DUID is of another type
std::optional<uint32_t> duidEnterprise(ByteView duid) noexcept;

}  // namespace clone_guard

#endif
