// SPDX-License-Identifier: MPL-2.0

#include "identify.h"

#include <core/client_identifier.h>
#include <core/derived_identifier.h>
#include <core/remedy.h>

#include <iomanip>
#include <iostream>

namespace clone_guard {

namespace {

void
line(std::ostream& out, const char* name, const std::string& value) {
    out << std::left << std::setw(20) << name << value << '\n';
}

void
printDuid(std::ostream& out, ByteView duid) {
    line(out, "DUID", toHex(duid));
    line(out, "DUID type", duidTypeName(static_cast<uint16_t>(toNumber(ByteView(duid.data(), 2)))));
    if (const auto number = duidEnterprise(duid)) {
        line(out, "enterprise number", std::to_string(*number) + (*number == 43793 ? " (systemd)" : ""));
    }
    const auto address = duidHardwareAddress(duid);
    if (!address.empty()) {
        line(out, "hardware address", toHex(address) + " (of the machine that made the DUID)");
    }
}

void
printDerived(std::ostream& out, const DerivedIdentifier& derived) {
    line(out, "kind", "derived identifier: made by the clone guard for a claimant");
    line(out, "claimant", derived.address.toText());
    if (derived.identifier.empty()) {
        line(out, "made from", "an identifier with the SHA-256 " + toHex(derived.digest) + "...");
        return;
    }
    out << "made from:\n";
    printIdentifier(out, derived.identifier);
}

}  // namespace

void
printIdentifier(std::ostream& out, ByteView identifier) {
    line(out, "client identifier", toHex(identifier));
    line(out, "length", std::to_string(identifier.size()) + " bytes");
    if (const auto derived = parseDerived(identifier)) {
        printDerived(out, *derived);
        return;
    }
    if (const auto parts = parseRfc4361(identifier)) {
        line(out, "kind", "RFC 4361 (IAID and DUID)");
        line(out, "IAID", toHex(parts->iaid));
        printDuid(out, parts->duid);
        line(out, "if it is cloned", remedyFor(identifier));
        return;
    }
    if (identifier.size() < MIN_IDENTIFIER) {
        line(out, "kind", "malformed: an option 61 has at least 2 bytes (RFC 2132 section 9.14)");
    } else if (identifier[0] == TYPE_RFC4361) {
        line(out, "kind",
             "malformed: type 255 takes an IAID of 4 bytes and a DUID of 3 to 130 (RFC 4361)");
    } else if (identifier[0] == 0) {
        line(out, "kind", "type 0: a value of the client's own choice (RFC 2132 section 9.14)");
    } else {
        line(out, "kind", "type " + std::to_string(identifier[0]) + ": a hardware address");
        line(out, "hardware address", toHex(identifier.from(1)));
    }
}

}  // namespace clone_guard
