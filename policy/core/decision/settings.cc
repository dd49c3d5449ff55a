// SPDX-License-Identifier: MPL-2.0

#include <core/decision/settings.h>
#include <core/identity/client_identifier.h>

#include <array>
#include <utility>

namespace clone_guard {

namespace {

template <typename Value, size_t N>
using Words = std::array<std::pair<Value, const char*>, N>;

constexpr Words<Policy, 4> POLICIES{{{Policy::OFF, "off"},
                                     {Policy::MONITOR, "monitor"},
                                     {Policy::MAC_FALLBACK, "mac-fallback"},
                                     {Policy::REFUSE, "refuse"}}};
constexpr Words<Takeover, 2> TAKEOVERS{{{Takeover::EXPIRED, "expired"}, {Takeover::NEVER, "never"}}};
constexpr Words<IdentifierTypes, 2> TYPES{
    {{IdentifierTypes::DUID, "duid"}, {IdentifierTypes::ALL, "all"}}};

template <typename Value, size_t N>
std::string
wordFor(const Words<Value, N>& words, Value value) {
    for (const auto& [candidate, word] : words) {
        if (candidate == value) {
            return (word);
        }
    }
    return ("unknown");
}

template <typename Value, size_t N>
constexpr std::optional<Value>
valueFor(const Words<Value, N>& words, std::string_view word) {
    for (const auto& [value, candidate] : words) {
        if (word == candidate) {
            return (value);
        }
    }
    return (std::nullopt);
}

/// The content of a JSON string.
constexpr std::string_view
unquoted(std::string_view json) {
    return (json.substr(1, json.size() - 2));
}

static_assert(valueFor(POLICIES, unquoted(parameter::POLICY.default_value)) == DEFAULT_POLICY);
static_assert(valueFor(TAKEOVERS, unquoted(parameter::TAKEOVER.default_value)) == DEFAULT_TAKEOVER);
static_assert(valueFor(TYPES, unquoted(parameter::CLIENT_ID_TYPES.default_value)) ==
              DEFAULT_IDENTIFIER_TYPES);

}  // namespace

std::string
defaultClientClass() {
    return (std::string(unquoted(parameter::CLIENT_CLASS.default_value)));
}

std::string
toText(Policy policy) {
    return (wordFor(POLICIES, policy));
}

std::string
toText(Takeover takeover) {
    return (wordFor(TAKEOVERS, takeover));
}

std::string
toText(IdentifierTypes types) {
    return (wordFor(TYPES, types));
}

std::optional<Policy>
parsePolicy(std::string_view word) {
    return (valueFor(POLICIES, word));
}

std::optional<Takeover>
parseTakeover(std::string_view word) {
    return (valueFor(TAKEOVERS, word));
}

std::optional<IdentifierTypes>
parseIdentifierTypes(std::string_view word) {
    return (valueFor(TYPES, word));
}

bool
Exemptions::covers(ByteView identifier, const HardwareAddress& address) const {
    if (!client_ids.empty() && client_ids.count(identifier.copy()) > 0) {
        return (true);
    }
    if (!hw_addresses.empty() && hw_addresses.count(address.bytes().copy()) > 0) {
        return (true);
    }
    if (duids.empty()) {
        return (false);
    }
    const auto parts = parseRfc4361(identifier);
    return (parts && duids.count(parts->duid.copy()) > 0);
}

}  // namespace clone_guard
