// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_MESSAGE_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_MESSAGE_H

#include <core/decision/network.h>
#include <core/decision/place.h>
#include <core/decision/verdict.h>
#include <core/identity/bytes.h>

namespace clone_guard {
namespace model {

/// @brief A query to the simulated server.
struct Inbound {
    Message message = Message::DISCOVER;
    Bytes hw_address;
    Bytes identifier;  ///< empty: none
    IpAddress relay;
    IpAddress client;     ///< ciaddr
    IpAddress requested;  ///< option 50
    bool has_server_identifier = false;
    bool bootp = false;  ///< a BOOTP query, which the server handles as a REQUEST
};

/// @brief A reply of the simulated server.
struct Outbound {
    enum class Type { OFFER, ACK, NAK };
    Type type = Type::NAK;
    IpAddress ip;
    Bytes identifier;  ///< the echo
};

/// @brief Returns the subnets of a network in the order of the server's search. The server has two networks.
///
/// @param first the first subnet; 0: none.
const std::vector<uint32_t>& subnetsFrom(uint32_t first);

/// @brief Returns the subnet that the server selects for a query or a place.
uint32_t selectSubnet(IpAddress relay, IpAddress client);

/// @brief Returns the subnet whose pool has an address; 0: none.
uint32_t poolOf(IpAddress ip);

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_MESSAGE_H
