// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_PACKET_GRAMMAR_H
#define CLONE_GUARD_TESTS_FUZZ_PACKET_GRAMMAR_H

#include <tests/fuzz/choices.h>

#include <core/identity/hardware_address.h>

#include <optional>

namespace clone_guard {
namespace fuzz {

constexpr uint32_t MACHINES = 6;
constexpr uint32_t SUBNETS = 8;

/// @brief Returns an address of a subnet; number 1 is its relay, 10 to 15 are its pool.
constexpr uint32_t
addressIn(uint32_t subnet, uint32_t number) {
    return (10U << 24U | subnet << 16U | number);
}

/// @brief A packet before it is written.
struct Packet {
    std::optional<uint8_t> type = uint8_t{1};  ///< option 53; a BOOTP packet has none
    uint8_t op = 1;
    uint8_t htype = 1;
    uint8_t hlen = 6;
    Bytes chaddr;
    uint8_t hops = 1;
    uint16_t secs = 0;
    uint16_t flags = 0;
    uint32_t ciaddr = 0;
    uint32_t yiaddr = 0;
    uint32_t giaddr = 0;
    std::optional<Bytes> identifier;    ///< option 61
    std::optional<uint32_t> requested;  ///< option 50
    std::optional<uint32_t> server;     ///< option 54
    Bytes others;                       ///< further options, with their codes and lengths

    [[nodiscard]] Bytes write() const;
};

/// @brief Chooses a hardware address of a machine; the numbers begin with 1.
HardwareAddress chooseMachine(Choices& choices);

/// @brief Chooses a client identifier that machines share.
Bytes chooseIdentifier(Choices& choices);

/// @brief Chooses an address of a subnet's pool.
uint32_t chooseAddress(Choices& choices, uint32_t subnet);

/// @brief Returns a packet that an ordinary client sends through a relay.
Packet ordinary(uint8_t type, uint32_t subnet, const HardwareAddress& sender, const Bytes& identifier);

/// @brief Chooses a packet of anything that a stranger can send.
Packet chooseStranger(Choices& choices);

}  // namespace fuzz
}  // namespace clone_guard

#endif
