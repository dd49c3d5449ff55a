// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>

namespace clone_guard {
namespace test {

Bytes
hex(const std::string& text) {
    auto bytes = fromHex(text);
    if (!bytes) {
        throw std::invalid_argument("not hexadecimal: " + text);
    }
    return (*bytes);
}

Bytes
filled(size_t size, uint8_t value) {
    return (Bytes(size, value));
}

const Bytes&
cloneIdentifier() {
    static const Bytes identifier = hex("ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
    return (identifier);
}

Bytes
identifierNumber(uint32_t number) {
    auto identifier = cloneIdentifier();
    for (size_t i = 0; i < 4; ++i) {
        identifier[identifier.size() - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
    }
    return (identifier);
}

HardwareAddress
mac(uint32_t number) {
    return {HardwareAddress::ETHERNET,
            Bytes{0xbc, 0x24, 0x11, static_cast<uint8_t>(number >> 16U),
                  static_cast<uint8_t>(number >> 8U), static_cast<uint8_t>(number)}};
}

Place
behindRelay(uint32_t relay) {
    Place place;
    place.interface = "ens18";
    place.relay = IpAddress(relay);
    return (place);
}

const Explainer&
explainer() {
    static const Explainer one;
    return (one);
}

Instant
at(double seconds) {
    return (Instant() + std::chrono::hours(1) +
            std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)));
}

uint64_t
seed() {
    const char* given = std::getenv("CLONE_GUARD_SEED");
    std::random_device entropy;
    const uint64_t value = given ? std::strtoull(given, nullptr, 0) : entropy();
    std::cout << "CLONE_GUARD_SEED=" << value << '\n';
    return (value);
}

}  // namespace test
}  // namespace clone_guard
