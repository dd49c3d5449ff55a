// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGERS_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGERS_H

#include <tests/e2e/harness/net/packet.h>
#include <tests/histories/rules/hosts.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

struct Host;

/// @brief Returns the hardware address that a server reads from a packet: empty if hlen is 0 or invalid.
Bytes hardwareAddressOf(const Packet& packet);

/// @brief Checks whether a hardware address, in the form of the lease file, identifies a machine: some byte is not 0.
bool isUsable(const std::string& hw_address);

/// @brief Checks whether a hardware address, in the form of the lease file, is one that hosts have.
bool belongsToHosts(const std::string& hw_address);

/// @brief Writes all fields and options of a packet on one line.
std::string describe(const Packet& packet);

/// @brief Simulates the strangers: machines with a hardware address that no host has, or with none.
///
/// A stranger sends messages of any type. It draws each field from what it overhears of a host, the victim, and from
/// values that no client should send. It never copies a hardware address: for DHCP it would be that machine (R15). It
/// uses only guarded identifiers of hosts, because a server takes any other identifier as stock Kea does.
class Strangers {
public:
    /// @brief Each seed that is a multiple makes two strangers pretend to be a conflict.
    static constexpr uint32_t PRETENDERS = 16;

    /// @brief Makes a message.
    ///
    /// @param seed The same seed gives the same message if the stranger overhears the same.
    Packet make(const Host& victim, const std::vector<Host>& hosts, uint32_t seed) const;

    /// @brief Records a reply: a stranger uses the offer, and may release the lease.
    void receive(const Packet& query, const Packet& reply);

private:
    /// @brief What a stranger remembers of its last lease or offer.
    struct Gained {
        Packet query;
        Address address;
    };

    std::map<Bytes, Gained> gained_;  ///< by hardware address
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGERS_H
