// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_CONFLICT_LIST_H
#define CLONE_GUARD_HOOK_COMMANDS_CONFLICT_LIST_H

#include <hook/guard.h>

#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <ctime>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Lists conflicts for clone-guard-conflict-get-all, from the derived identifiers in the lease database and from
/// memory, with the state of each machine (R10).
class ConflictList {
public:
    /// @brief A machine of a conflict.
    struct Member {
        Lease lease;  ///< its lease in the conflict; only the hardware address is set if it has none
        std::optional<Lease> other;  ///< of a sealed machine: its lease under another identifier
        std::string hostname;        ///< of its lease, or else of its messages
        int64_t last_seen =
            0;  ///< time of its last message or renewal, seconds since 1970; 0 if unknown
        MachineState state = MachineState::ACTIVE;
        bool present = false;  ///< it has not left the conflict
    };

    /// @brief One conflict.
    struct Entry {
        Bytes identifier;
        bool digest = false;  ///< the identifier is a digest
        Network network;
        std::optional<ConflictView>
            remembered;  ///< without claimants; set if the conflict is open in memory
        /// @brief The live lease of the identifier, if it may be used by a machine other than its own: under `monitor`, or
        /// if it is not the holder's.
        std::optional<Lease> lease;
        Member holder;
        std::map<HardwareAddress, Member> claimants;

        [[nodiscard]] Level level() const {
            return (remembered ? remembered->level : Level::SUSPECTED);
        }
    };

    explicit ConflictList(Guard& guard) : guard_(guard) {}

    /// @brief Adds the conflict of a lease with a derived identifier, unless it is over or an operator deleted it.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer
    void add(const isc::dhcp::Lease4& lease);

    /// @brief Adds claimants in memory, with their conflicts, unless these are over.
    ///
    /// @param after the position after which the claimants begin
    /// @param room maximum number of claimants; reduced by those added
    /// @param only the identifier of the conflicts, or null for all
    /// @param network the key of the network of the conflicts, or an empty string for all
    /// @return the value of "next" if claimants may be left, or an empty string
    /// @throw LeaseDatabaseDown if the lease database does not answer
    std::string addRemembered(ConflictPosition after, size_t& room, const Bytes* only = nullptr,
                              const std::string& network = {});

    /// @brief Adds the claimants of one view of a conflict in memory, unless the conflict is over.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer
    void add(const ConflictView& view);

    /// @brief Returns the added conflicts that have a claimant.
    [[nodiscard]] std::vector<Entry> entries() const;

    /// @brief Formats these conflicts for an answer, with a map for each.
    [[nodiscard]] isc::data::ElementPtr toElement() const;

private:
    static void settle(Entry& entry);
    static bool isConflict(const Entry& entry);
    Entry& entry(ByteView identifier, bool digest, const Network& network);
    void addHolder(Entry& entry);
    [[nodiscard]] Lease holderLease(ByteView identifier, const Network& network);
    [[nodiscard]] Member member(const Entry& entry, const HardwareAddress& address,
                                const MachineActivity* heard, MachineLeases leases) const;
    [[nodiscard]] isc::data::ElementPtr toElement(const Entry& entry) const;

    Guard& guard_;
    const Moment now_{std::chrono::steady_clock::now(), std::time(nullptr)};
    std::map<std::pair<Bytes, std::string>, Entry> entries_;  ///< by identifier and network
    /// @brief The leases of each identifier that was looked up, by subnet: one identifier may have one in each network.
    std::map<Bytes, std::multimap<uint32_t, isc::dhcp::Lease4Ptr>> leases_;
};

}  // namespace clone_guard

#endif
