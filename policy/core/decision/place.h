// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_PLACE_H
#define CLONE_GUARD_DECISION_PLACE_H

#include <cstdint>
#include <string>
#include <tuple>

namespace clone_guard {

/// @brief Where a query came from: all that Kea selects its subnet by.
///
/// Two queries with equal places are in the same network. Two with different places may be: to know,
/// somebody has to select the subnet of each, which costs too much to do for every query.
struct Place {
    std::string interface;   ///< name of the interface that received the query
    uint32_t relay = 0;      ///< giaddr
    uint32_t client = 0;     ///< ciaddr
    uint32_t source = 0;     ///< source address of the datagram
    uint32_t selection = 0;  ///< link selection (RFC 3527) or subnet selection option (RFC 3011)
    bool broadcast = false;  ///< sent to 255.255.255.255
    std::string classes;     ///< client classes, where subnets are selected by them

    /// @brief All of it, for comparisons.
    [[nodiscard]] auto key() const {
        return (std::tie(relay, client, source, selection, broadcast, interface, classes));
    }

    friend bool operator==(const Place& left, const Place& right) {
        return (left.key() == right.key());
    }
    friend bool operator!=(const Place& left, const Place& right) {
        return (!(left == right));
    }
};

}  // namespace clone_guard

#endif
