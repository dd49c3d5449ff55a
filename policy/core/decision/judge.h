// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_JUDGE_H
#define CLONE_GUARD_DECISION_JUDGE_H

#include <core/conflicts/conflict_registry.h>
#include <core/decision/claim_table.h>
#include <core/decision/guarded_query.h>
#include <core/decision/lease_lookup.h>

namespace clone_guard {

/// @brief The role of a query's sender with regard to the identifier (R3).
enum class Role { HOLDER, CLAIMANT };

/// @brief What was found about one query.
struct Judgement {
    Role role = Role::HOLDER;
    bool conflicting = false;  ///< the identifier came up with another hardware address too
    bool claims_full = false;  ///< the table of claims had no room
    bool moved = false;        ///< passes with what was another hardware address's (R9)
    bool other_live = false;   ///< another hardware address has a live record of the identifier
    Network network;           ///< known for claimants and wherever @c conflicting is set
    Lease holder;  ///< whose the identifier is, or was before it moved; address empty if unknown
    /// @brief Its records under its derived identifier; not looked up where @c other_live is set and no record of
    /// its own passes, because there they change nothing.
    std::vector<Lease> own;
    /// @brief The addresses of all records of the identifier, in whatever network; nothing where they were not read.
    std::optional<std::vector<IpAddress>> on_record;

    /// @brief Whether nothing but its own past makes it a claimant: nobody else is there any more.
    [[nodiscard]] bool leftOver() const {
        return (role == Role::CLAIMANT && !other_live && !own.empty());
    }
};

/// @brief Says who passes with an identifier (R3).
///
/// Knows the order of the questions and nothing else. Safe to call from several threads.
class Judge {
public:
    Judge(ClaimTable& claims, ConflictRegistry& conflicts) : claims_(claims), conflicts_(conflicts) {}

    /// @brief Whether a query is the renewal of a lease that nobody disputes, which is what nearly all
    /// queries are: it passes, and nothing else has to be asked.
    bool renewsUndisputed(const GuardedQuery& question, LeaseLookup& lookup);

    /// @brief Judges any other query.
    Judgement judge(const GuardedQuery& question, LeaseLookup& lookup);

    /// @brief Asks for the claim of an identifier on behalf of a claimant that is about to get an address
    /// whose expired record still carries it (R6).
    ///
    /// @return whether the claim was won, or could not be kept for want of room.
    bool tryClaim(const GuardedQuery& question, LeaseLookup& lookup, const Network& network);

    /// @brief Whether a move is to be told: not again while the claim lasts that it rests on.
    bool shouldReportMove(const GuardedQuery& question);

    /// @brief For how long a machine counts as there after it was heard, unless it has given its lease up (R10): as long
    /// as its lease lasts, and where claimants get none, being heard is all there is to know them alive by.
    [[nodiscard]] std::chrono::milliseconds activeTimeout(const Network& network) const;

    /// @brief Closes the conflict that a query belongs to if nobody else is left in it (R10). Looks where nobody else was
    /// heard for as long as a lease lasts, and no more than once each claim window.
    ///
    /// @return whether it was closed.
    bool closeIfOver(const GuardedQuery& question, LeaseLookup& lookup, const Judgement& judgement);

private:
    bool presumedNewcomer(const GuardedQuery& question, LeaseLookup& lookup) const;
    Judgement judgeInFull(const GuardedQuery& question, LeaseLookup& lookup, std::vector<Lease> records);
    bool mayMove(const GuardedQuery& question, LeaseLookup& lookup, const Judgement& judgement,
                 const std::vector<Lease>& records) const;
    bool acquireClaim(const GuardedQuery& question, LeaseLookup& lookup, Judgement& judgement,
                      bool overrule);

    ClaimTable& claims_;
    ConflictRegistry& conflicts_;
};

/// @brief A hardware address's records as a claimant that count in the network of a judgement: those in it, and in
/// the one where claimants from the same place get their leases.
std::vector<Lease> leasesAsClaimant(const Judgement& judgement, LeaseLookup& lookup,
                                    const HardwareAddress& claimant);

/// @brief What a RELEASE or DECLINE is with regard to the lease that it names (R8).
enum class NamedLease {
    NO_CONCERN,  ///< nothing that the guard has a say in
    HOLDERS,     ///< the identifier's lease, but another hardware address's: a claimant's message
    CLAIMANTS,   ///< the sender's own lease under its derived identifier
};

/// @param identifier and @param address are the message's.
/// @param lease_identifier and @param lease_address are those of the lease it names.
NamedLease judgeNamedLease(ByteView identifier, const HardwareAddress& address,
                           ByteView lease_identifier, const HardwareAddress& lease_address);

}  // namespace clone_guard

#endif
