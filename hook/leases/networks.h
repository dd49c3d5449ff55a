// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_NETWORKS_H
#define CLONE_GUARD_HOOK_LEASES_NETWORKS_H

#include <hook/kea_compat.h>
#include <hook/leases/network_cache.h>

#include <core/decision/network.h>
#include <core/decision/place.h>

#include <dhcp/pkt4.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Finds networks in the server's current configuration (R2).
///
/// The functions are called for conflicts only. Each selection looks at all subnets; NetworkCache keeps the results.
namespace networks {

/// @return the reason why the network of a query is unknown before the server's own selection; empty if it is known.
std::string reasonNetworkUnknown(const isc::dhcp::SrvConfig& config);

/// @return the network that the server would select for a query.
/// @param with_class a client class in addition to those of the query; empty: none.
Network select(const isc::dhcp::Pkt4Ptr& query, const std::string& with_class,
               const ScopeSettings& global);

/// @return the network that the server would have selected for an earlier query.
Network select(const Place& place, const ScopeSettings& global);

/// @return the network that a subnet is in.
Network ofSubnet(uint32_t subnet_id, const ScopeSettings& global);

/// @brief Checks whether a server that selects the subnet by an address finds the client's lease in this subnet first.
///
/// @return true if the subnet exists, the address is in its prefix, and its shared network, if it is in one, does not lead
/// to other subnets first because this one has match-client-id false.
bool isSearchedFirst(uint32_t subnet_id, IpAddress address);

/// @return true if the subnet exists.
bool hasSubnet(uint32_t subnet_id);

/// @return the numbers of all subnets, in ascending order.
std::vector<uint32_t> subnetsIn(const isc::dhcp::SrvConfig& config);

/// @return the network with a key; one without subnets if the network no longer exists.
Network ofKey(const std::string& key, const ScopeSettings& global);

/// @return true if an address is reserved for any client, in the configuration or in a host database.
bool isReserved(uint32_t subnet_id, const isc::asiolink::IOAddress& address);

/// @brief Checks whether the configuration reserves one address of a network for two hardware addresses
/// (`ip-reservations-unique` false). A host database is not read.
bool haveOneReservation(const HardwareAddress& first, const HardwareAddress& second,
                        const Network& network);

/// @brief Blocks of 256 addresses that are known to be in the prefix of a subnet. Safe to call from several threads.
class KnownPrefixes {
public:
    [[nodiscard]] bool contains(uint32_t subnet_id, IpAddress address) const noexcept {
        const auto block = blockOf(subnet_id, address);
        return (blocks_[slotOf(block)].load(std::memory_order_relaxed) == block);
    }

    /// @brief Adds the block of an address if all of it is in the prefix.
    void add(uint32_t subnet_id, IpAddress address);

    void clear() noexcept;

private:
    static constexpr unsigned SLOT_BITS = 10;

    static uint64_t blockOf(uint32_t subnet_id, IpAddress address) noexcept {
        return (uint64_t{subnet_id} << 32U | address.toUint32() >> 8U);
    }
    static size_t slotOf(uint64_t block) noexcept {
        return (block * 0x9e3779b97f4a7c15U >> (64U - SLOT_BITS));
    }

    std::array<std::atomic<uint64_t>, size_t{1} << SLOT_BITS> blocks_{};
};

/// @brief Properties of a configuration that save look-ups for each query.
struct SubnetSelectionHints {
    bool by_class = true;       ///< a subnet is restricted to client classes, or a command can add one
    bool reservations = true;   ///< there is a reservation, or a command can add one
    bool by_relay_list = true;  ///< a subnet has a list of relays, or a command can add one
    KnownPrefixes* in_prefix = nullptr;  ///< what isSearchedFirst() has found, or null
    NetworkCache* selected = nullptr;    ///< the networks selected so far, or null
};

/// @return true if a command can change subnets without a new configuration: subnet_cmds is loaded.
bool changeByCommand(const isc::dhcp::SrvConfig& config);

SubnetSelectionHints hintsOf(const isc::dhcp::SrvConfig& config);

}  // namespace networks
}  // namespace clone_guard

#endif
