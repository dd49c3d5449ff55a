// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_COMMANDS_CONFLICT_LIST_H
#define CLONE_GUARD_COMMANDS_CONFLICT_LIST_H

#include <hook/guard.h>

#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <map>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Conflicts as clone-guard-conflict-get-all lists them: what the lease database says by its derived
/// identifiers, and what memory has beside it.
class ConflictList {
public:
    /// @brief One conflict.
    struct Entry {
        Bytes identifier;
        bool digest = false;  ///< the identifier is known by its digest only
        Network network;
        Level level = Level::SUSPECTED;
        Lease holder;
        std::map<HardwareAddress, Lease> claimants;
    };

    explicit ConflictList(const Guard& guard) : guard_(guard) {}

    /// @brief Adds what a lease tells; nothing unless it is a live one under a derived identifier, and of no conflict
    /// that was deleted.
    ///
    /// @throw LeaseDatabaseDown where the lease database does not answer.
    void add(const isc::dhcp::Lease4& lease);

    /// @brief Adds the claimants of a conflict in memory that have no live lease of their own.
    ///
    /// @throw LeaseDatabaseDown where the lease database does not answer.
    void add(const ConflictView& view, Instant now);

    /// @brief What has been added.
    [[nodiscard]] std::vector<Entry> entries() const;

    /// @brief The same for an answer, a map for each conflict.
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
