// SPDX-License-Identifier: MPL-2.0

#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>

namespace clone_guard {

IdentifierKind
classify(ByteView identifier, IdentifierTypes types, size_t max_size) noexcept {
    if (identifier.size() < MIN_IDENTIFIER || identifier.size() > max_size) {
        return (IdentifierKind::MALFORMED);
    }
    if (looksDerived(identifier)) {
        return (IdentifierKind::FORGED);
    }
    if (types == IdentifierTypes::ALL) {
        return (IdentifierKind::GUARDED);
    }
    if (identifier[0] != TYPE_RFC4361) {
        return (IdentifierKind::UNGUARDED);
    }
    return (parseRfc4361(identifier) ? IdentifierKind::GUARDED : IdentifierKind::MALFORMED);
}

std::optional<Rfc4361Identifier>
parseRfc4361(ByteView identifier) noexcept {
    if (identifier.size() < DUID_OFFSET + MIN_DUID || identifier.size() > DUID_OFFSET + MAX_DUID ||
        identifier[0] != TYPE_RFC4361) {
        return (std::nullopt);
    }
    return (Rfc4361Identifier{ByteView(identifier.data() + 1, DUID_OFFSET - 1),
                              identifier.from(DUID_OFFSET)});
}

std::string
duidTypeName(uint16_t type) {
    switch (static_cast<DuidType>(type)) {
    case DuidType::LLT:
        return ("DUID-LLT");
    case DuidType::EN:
        return ("DUID-EN");
    case DuidType::LL:
        return ("DUID-LL");
    case DuidType::UUID:
        return ("DUID-UUID");
    }
    return ("DUID type " + std::to_string(type));
}

ByteView
duidHardwareAddress(ByteView duid) noexcept {
    if (duid.size() < MIN_DUID) {
        return {};
    }
    // The address follows type (2), hardware type (2) and, in a DUID-LLT, the time (4).
    switch (static_cast<DuidType>(toNumber(ByteView(duid.data(), 2)))) {
    case DuidType::LLT:
        return (duid.from(8));
    case DuidType::LL:
        return (duid.from(4));
    default:
        return {};
    }
}

std::optional<uint32_t>
duidEnterprise(ByteView duid) noexcept {
    if (duid.size() < 6 || static_cast<DuidType>(toNumber(ByteView(duid.data(), 2))) != DuidType::EN) {
        return (std::nullopt);
    }
    return (toNumber(ByteView(duid.data() + 2, 4)));
}

}  // namespace clone_guard
