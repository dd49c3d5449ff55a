// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_PROPERTIES_H
#define CLONE_GUARD_TESTS_FUZZ_PROPERTIES_H

#include <core/audit/audit_record.h>
#include <core/explain/explanation.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>

#include <stdexcept>
#include <string>

namespace clone_guard {

/// @brief Properties that hold for every input, from a fuzzer or at random.
namespace properties {

/// @brief Checks one property.
///
/// @throw std::logic_error if the property does not hold.
inline void
require(bool holds, const char* what) {
    if (!holds) {
        throw std::logic_error(what);
    }
}

/// @brief Checks that a text cannot split or forge a log line.
inline bool
isPrintable(const std::string& text) {
    for (const char character : text) {
        if (character < 0x20 || character > 0x7e) {
            return (false);
        }
    }
    return (true);
}

/// @brief Returns an explainer with the default interface names.
inline const Explainer&
anExplainer() {
    static const Explainer one;
    return (one);
}

/// @brief Checks that option 61 has one of the four kinds, and that its parts are the whole.
inline void
identifier(ByteView input) {
    const auto duid = classify(input, IdentifierTypes::DUID, MAX_DERIVED);
    const auto all = classify(input, IdentifierTypes::ALL, MAX_DERIVED);
    const auto parts = parseRfc4361(input);
    const auto known = anExplainer().explain(input);
    require(duid != IdentifierKind::GUARDED || parts, "a guarded DUID can be parsed");
    require(all != IdentifierKind::UNGUARDED, "with 'all' every identifier is guarded");
    require((duid == IdentifierKind::FORGED) == (all == IdentifierKind::FORGED),
            "a forged identifier is forged for both types");
    require(duid != IdentifierKind::FORGED || looksDerived(input), "a forged identifier looks derived");
    require(input.size() >= MIN_IDENTIFIER || duid == IdentifierKind::MALFORMED,
            "a short identifier is malformed");
    require(input.size() <= MAX_DERIVED || all == IdentifierKind::MALFORMED,
            "a long identifier is malformed");
    require(isPrintable(known.remedy) && !known.remedy.empty(), "a remedy exists");
    if (parts) {
        require(1 + parts->iaid.size() + parts->duid.size() == input.size(), "the parts are the whole");
        require(parts->iaid.size() == 4 && parts->duid.size() >= MIN_DUID, "the parts have their sizes");
        require(!duidTypeName(parts->duidType()).empty(), "every DUID has a name");
        require(duidHardwareAddress(parts->duid).size() < parts->duid.size(),
                "an address is a part of the DUID");
        duidEnterprise(parts->duid);
    }
}

/// @brief Checks that a derived identifier fits, is recognised and is parsed; arbitrary input is never misread.
inline void
derived(const HardwareAddress& address, ByteView input) {
    const auto made = derive(address, input);
    require(made.size() <= MAX_DERIVED, "a derived identifier fits");
    require(looksDerived(made), "a derived identifier looks like one");
    require(made == derive(address, input), "equal input gives equal identifiers");
    const auto read = parseDerived(made);
    require(read || input.empty(), "a derived identifier can be read");
    if (read) {
        require(read->address == address && read->address.type() == address.type(),
                "the hardware address is read back");
        require(read->identifier == input || read->digest.size() == 16,
                "the identifier or its digest is read back");
    }
    if (const auto found = parseDerived(input)) {
        require(looksDerived(input), "only derived identifiers are parsed as derived");
        require(found->identifier.empty() != found->digest.empty(),
                "either the identifier or its digest");
        require(6 + found->address.bytes().size() + found->identifier.size() + found->digest.size() ==
                    input.size(),
                "the parts are the whole");
    }
}

/// @brief Checks that text of a client can be logged, and that its audit record is one line of ASCII.
inline void
text(const std::string& input) {
    const auto safe = escape(input);
    require(isPrintable(safe), "escaped text is printable");
    require(safe.find_first_of("\"%") == std::string::npos, "no character is special for a logger");
    require(safe.size() <= 4 * MAX_TEXT + 3, "escaped text is bounded");
    AuditRecord record;
    record.event = "conflict-suspected";
    record.client_id = Bytes(input.begin(), input.end());
    record.hw_address = HardwareAddress(1, record.client_id);
    record.hostname = safe;
    record.vendor_class = input;
    record.interface = input;
    const auto json = record.toJson(anExplainer());
    require(isPrintable(json), "a record is one line of ASCII");
    require(json.front() == '{' && json.back() == '}', "a record is one object");
}

/// @brief Checks that hexadecimal is read back as it was written, and that other text is rejected.
inline void
hexadecimal(const std::string& input) {
    const Bytes bytes(input.begin(), input.end());
    require(fromHex(toHex(bytes)) == bytes, "written bytes are read back");
    if (const auto read = fromHex(input)) {
        require(read->size() * 2 <= input.size(), "two digits a byte");
        require(fromHex(toHex(*read)) == read, "read bytes are written and read back");
    }
}

/// @brief Checks all properties for one input; its first bytes are the hardware address.
inline void
all(ByteView input) {
    const std::string characters(input.begin(), input.end());
    identifier(input);
    const auto size = input.empty() ? size_t{0} : input[0] % (HardwareAddress::MAX_SIZE + 1);
    const auto rest = input.from(1);
    derived(HardwareAddress(1, ByteView(rest.data(), std::min(size, rest.size()))), rest);
    derived(HardwareAddress(), input);
    text(characters);
    hexadecimal(characters);
}

}  // namespace properties
}  // namespace clone_guard

#endif
