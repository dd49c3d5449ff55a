// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_JUDGE_H
#define CLONE_GUARD_CORE_DECISION_JUDGE_H

#include <core/conflicts/conflict_registry.h>
#include <core/decision/claim_table.h>
#include <core/decision/guarded_query.h>
#include <core/decision/judgement.h>
#include <core/decision/lease_lookup.h>

namespace clone_guard {

/// @brief Decides which machine is the holder of an identifier (R3).
///
/// Knows the order of the look-ups and nothing else. Safe to call from several threads.
class Judge {
public:
    Judge(ClaimTable& claims, ConflictRegistry& conflicts) : claims_(claims), conflicts_(conflicts) {}

    /// @brief Checks whether a conflict about the query's identifier is known, or the identifier is forged. If neither
    /// is the case and the query renews a lease that outlasts a claim, the sender is the holder and needs no judgement:
    /// so it is with nearly all queries.
    [[nodiscard]] bool isDisputed(const GuardedQuery& query) const {
        return (query.forged || conflicts_.hasConflict(query.identifier));
    }

    /// @brief Judges a query.
    ///
    /// @param disputed the result of isDisputed(), which the caller has asked before.
    Judgement judge(const GuardedQuery& query, LeaseLookup& lookup, bool disputed);
    Judgement judge(const GuardedQuery& query, LeaseLookup& lookup) {
        return (judge(query, lookup, isDisputed(query)));
    }

    /// @brief Tries to take the claim of an identifier for a claimant that is about to get an address whose expired
    /// lease still has the identifier (R6).
    ///
    /// @return true if the claimant has the claim, or would have it if the table of claims had room.
    bool tryClaim(const GuardedQuery& query, LeaseLookup& lookup, const Network& network);

    /// @brief Checks whether the sender has a claim on its identifier in any network.
    [[nodiscard]] bool hasClaim(const GuardedQuery& query) {
        return (claims_.hasClaim(query.identifier, query.address, query.now));
    }

    /// @brief Ends the claim of a machine that gives up its lease in a network (R3).
    void endClaim(const GuardedQuery& query, LeaseLookup& lookup, const Network& network);

    /// @brief Checks whether a move has to be reported: once for each claim that it rests on.
    bool shouldReportMove(const GuardedQuery& query);

private:
    bool isPresumedNewcomer(const GuardedQuery& query, LeaseLookup& lookup) const;
    Judgement judgeInFull(const GuardedQuery& query, LeaseLookup& lookup, std::vector<Lease> leases);
    Judgement judgeRivals(const GuardedQuery& query, LeaseLookup& lookup, std::vector<Lease> leases);
    bool mayMove(const GuardedQuery& query, LeaseLookup& lookup, const Judgement& judgement,
                 const std::vector<Lease>& leases, bool confirmed) const;
    bool mayReturn(const GuardedQuery& query) const;
    bool acquireClaim(const GuardedQuery& query, LeaseLookup& lookup, Judgement& judgement, bool leased);

    ClaimTable& claims_;
    ConflictRegistry& conflicts_;
};

/// @return the leases that a hardware address has as a claimant and that count for a judgement: those in its network,
/// and those in the network where claimants from the same place get their leases.
std::vector<Lease> leasesAsClaimant(const Judgement& judgement, LeaseLookup& lookup,
                                    const HardwareAddress& claimant);

/// @brief How a RELEASE or DECLINE relates to the lease that it names (R8).
enum class NamedLease {
    NO_CONCERN,  ///< the guard does not handle the message
    HOLDERS,     ///< the lease of the identifier, of another hardware address: the sender is a claimant
    CLAIMANTS,   ///< the sender's own lease under its derived identifier
};

/// @param identifier and @param address are those of the message.
/// @param lease_identifier and @param lease_address are those of the lease that the message names.
NamedLease judgeNamedLease(ByteView identifier, const HardwareAddress& address,
                           ByteView lease_identifier, const HardwareAddress& lease_address);

}  // namespace clone_guard

#endif
