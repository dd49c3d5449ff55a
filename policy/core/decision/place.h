// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_PLACE_H
#define CLONE_GUARD_CORE_DECISION_PLACE_H

#include <core/identity/ip_address.h>

#include <string>
#include <tuple>

namespace clone_guard {

/// @brief The place that a query came from: everything that Kea selects the subnet of a query by.
///
/// Two queries with equal places are in the same network. Two queries with different places may be in the same network:
/// the caller has to select the subnet of each to find out, which is too expensive for every query.
struct Place {
    std::string interface;   ///< name of the interface that received the query
    IpAddress relay;         ///< giaddr
    IpAddress client;        ///< ciaddr
    IpAddress source;        ///< source address of the datagram
    IpAddress selection;     ///< link selection (RFC 3527) or subnet selection option (RFC 3011)
    bool broadcast = false;  ///< sent to 255.255.255.255
    std::string classes;     ///< client classes, set only if subnets are selected by them

    /// @return all fields, for comparisons.
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
