// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_CONFLICT_LIST_H
#define CLONE_GUARD_HOOK_COMMANDS_CONFLICT_LIST_H

#include <hook/guard.h>

#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <map>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Lists conflicts for clone-guard-conflict-get-all, from the derived identifiers in the lease database and from
/// memory.
class ConflictList {
public:
    /// @brief One conflict.
    struct Entry {
        Bytes identifier;
        bool digest = false;  ///< the identifier is a digest
        Network network;
        Level level = Level::SUSPECTED;
        Lease holder;
        std::map<HardwareAddress, Lease> claimants;
    };

    explicit ConflictList(const Guard& guard) : guard_(guard) {}

    /// @brief Adds the conflict of a live lease with a derived identifier, unless an operator deleted the conflict.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer
    void add(const isc::dhcp::Lease4& lease);

    /// @brief Adds the claimants of a conflict in memory that have no live lease.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer
    void add(const ConflictView& view, Instant now);

    /// @brief Returns the added conflicts that have a claimant.
    [[nodiscard]] std::vector<Entry> entries() const;

    /// @brief Formats these conflicts for an answer, with a map for each.
    [[nodiscard]] isc::data::ElementPtr toElement() const;

private:
    static void settle(Entry& entry);
    [[nodiscard]] bool isDeleted(ByteView identifier, const Network& network,
                                 const HardwareAddress& claimant, const Lease& record) const;
    Entry& entry(ByteView identifier, bool digest, Network network);
    [[nodiscard]] isc::data::ElementPtr toElement(const Entry& entry) const;

    const Guard& guard_;
    std::map<std::pair<Bytes, std::string>, Entry> entries_;  ///< by identifier and network
};

}  // namespace clone_guard

#endif
