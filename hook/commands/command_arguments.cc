// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/command_arguments.h>

#include <core/identity/client_identifier.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <optional>

namespace clone_guard {
namespace commands {

namespace {

using isc::asiolink::IOAddress;
using isc::data::ConstElementPtr;
using isc::data::Element;

/// The maximum size of an option in bytes; the server may accept less.
constexpr size_t MAX_IDENTIFIER = 255;

/// Kea reserves the numbers above this one.
constexpr int64_t MAX_SUBNET_ID = 4294967294;

const char* const FROM_RULE = "must be \"start\" or the value of next in the previous page";
const char* const CLIENT_ID_RULE = "must be hexadecimal of 2 to 255 bytes, like 'ff:ca:53:09:5a'";

/// Formats a value for an error text, as one short line.
std::string
shown(const ConstElementPtr& value) {
    constexpr size_t LONGEST = 600;
    const auto text = value->getType() == Element::string ? value->stringValue() : value->str();
    return ("'" + (text.size() > LONGEST ? text.substr(0, LONGEST) + "..." : text) + "'");
}

[[noreturn]] void
reject(const std::string& name, const ConstElementPtr& value, const std::string& rule) {
    isc_throw(isc::BadValue, "invalid " << name << ": " << shown(value) << ", " << rule);
}

/// Separates identifier, hardware address and network in "next". A network may contain it.
constexpr char SEPARATOR = '/';

/// Parses what nextInMemory() has written after the prefix.
std::optional<ConflictPosition>
parseInMemory(const std::string& text) {
    const auto first = text.find(SEPARATOR);
    const auto second = first == std::string::npos ? first : text.find(SEPARATOR, first + 1);
    if (second == std::string::npos) {
        return (std::nullopt);
    }
    const auto address = text.substr(first + 1, second - first - 1);
    const auto identifier = fromHex(text.substr(0, first));
    const auto bytes = address.empty() ? std::optional<Bytes>(Bytes()) : fromHex(address);
    if (!identifier || !bytes) {
        return (std::nullopt);
    }
    return (ConflictPosition{*identifier, text.substr(second + 1),
                             HardwareAddress(HardwareAddress::ETHERNET, *bytes)});
}

std::string
listOf(const std::vector<const char*>& names) {
    if (names.empty()) {
        return ("the command has no arguments");
    }
    std::string all;
    for (size_t i = 0; i < names.size(); ++i) {
        all += i == 0 ? "" : ", ";
        all += names[i];
    }
    return ("must be one of " + all);
}

}  // namespace

const std::string IN_MEMORY = "memory:";

ConflictPosition
lastIn(const std::vector<ConflictView>& views) {
    const auto& last = views.back();
    return {last.identifier, last.network,
            last.claimants.empty() ? HardwareAddress() : last.claimants.rbegin()->first};
}

std::string
nextInMemory(const std::vector<ConflictView>& views) {
    const auto last = lastIn(views);
    return (IN_MEMORY + toHex(last.identifier) + SEPARATOR + toHex(last.claimant.bytes()) + SEPARATOR +
            last.network);
}

std::string
counted(size_t number, const std::string& noun) {
    return (std::to_string(number) + " " + noun + (number == 1 ? "" : "s"));
}

Arguments::Arguments(const ConstElementPtr& arguments, const std::vector<const char*>& known) :
    arguments_(arguments) {
    if (!arguments) {
        return;
    }
    if (arguments->getType() != Element::map) {
        isc_throw(isc::BadValue, "the arguments must be a map");
    }
    for (const auto& argument : arguments->mapValue()) {
        const auto& name = argument.first;
        if (std::none_of(known.begin(), known.end(),
                         [&name](const char* one) { return (name == one); })) {
            isc_throw(isc::BadValue, "unknown argument '" << name << "', " << listOf(known));
        }
    }
}

ConstElementPtr
Arguments::get(const char* name) const {
    return (arguments_ ? arguments_->get(name) : ConstElementPtr());
}

std::string
Arguments::text(const char* name, const std::string& rule) const {
    const auto value = get(name);
    if (value->getType() != Element::string) {
        reject(name, value, rule);
    }
    return (value->stringValue());
}

int64_t
Arguments::number(const char* name, int64_t most) const {
    const auto value = get(name);
    if (value->getType() != Element::integer || value->intValue() < 1 || value->intValue() > most) {
        reject(name, value, "must be an integer from 1 to " + std::to_string(most));
    }
    return (value->intValue());
}

Position
Arguments::from() const {
    Position position;
    if (!get("from")) {
        return (position);
    }
    const auto text = this->text("from", FROM_RULE);
    position.in_memory = text.rfind(IN_MEMORY, 0) == 0;
    if (!position.in_memory) {
        position.after_lease = fromLease();
        return (position);
    }
    const auto parsed = parseInMemory(text.substr(IN_MEMORY.size()));
    if (!parsed) {
        reject("from", get("from"), FROM_RULE);
    }
    position.after_claimant = *parsed;
    return (position);
}

IOAddress
Arguments::fromLease() const {
    auto address = IOAddress::IPV4_ZERO_ADDRESS();
    if (!get("from")) {
        return (address);
    }
    const auto text = this->text("from", FROM_RULE);
    if (text == "start") {
        return (address);
    }
    try {
        address = IOAddress(text);
    } catch (const isc::Exception&) {
        reject("from", get("from"), FROM_RULE);
    }
    if (!address.isV4()) {
        reject("from", get("from"), FROM_RULE);
    }
    return (address);
}

size_t
Arguments::limit() const {
    return (get("limit") ? static_cast<size_t>(number("limit", MAX_LIMIT)) : STANDARD_LIMIT);
}

Bytes
Arguments::clientId() const {
    if (!get("client-id")) {
        isc_throw(isc::BadValue, "missing argument 'client-id', it " << CLIENT_ID_RULE);
    }
    const auto identifier = fromHex(text("client-id", CLIENT_ID_RULE));
    if (!identifier || identifier->size() < MIN_IDENTIFIER || identifier->size() > MAX_IDENTIFIER) {
        reject("client-id", get("client-id"), CLIENT_ID_RULE);
    }
    return (*identifier);
}

std::optional<uint32_t>
Arguments::subnetId() const {
    if (!get("subnet-id")) {
        return (std::nullopt);
    }
    return (static_cast<uint32_t>(number("subnet-id", MAX_SUBNET_ID)));
}

}  // namespace commands
}  // namespace clone_guard
