// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H

#include <tests/histories/model/leases.h>
#include <tests/histories/model/message.h>
#include <tests/histories/model/reports.h>

#include <core/decision/conflict_check.h>
#include <core/decision/judge.h>
#include <core/decision/stranger.h>

#include <memory>

namespace clone_guard {
namespace model {

/// @brief Deliberate faults of the simulated guard. The rules have to detect each.
enum class Fault {
    NONE,
    NO_CLAIM,     ///< claims are not kept
    NAMED_LEASE,  ///< RELEASE and DECLINE are not looked at (R8)
    REMOVED,      ///< option 61 of a claimant is removed instead of derived (R6)
    ECHO,         ///< the claimant's own identifier is not put back (R6)
    SELECT,       ///< the claim is not asked for in lease4_select (R6)
    NAMELESS,     ///< queries without a usable hardware address are left alone (R1)
    BOOTP,        ///< BOOTP queries are left alone (R1)
    RELEASED      ///< released leases are ignored (R10)
};

/// @brief The result of pkt4_receive for a query.
struct Treatment {
    Verdict verdict = Verdict::PASS;
    bool dropped = false;
    bool nak = false;  ///< the server has to answer with NAK, see needsNak()
    Bytes identifier;  ///< under which the server sees the query
    Bytes own;         ///< the client's own
    HardwareAddress address;
    Judgement judgement;

    [[nodiscard]] bool derived() const {
        return (verdict == Verdict::DERIVE || verdict == Verdict::REFUSE);
    }
};

/// @brief Runs policy/core between a server and its messages, in the place of hook/.
///
/// The order of the look-ups is that of Guard, KeaLeaseLookup and Reporter in hook/, without Kea.
class Guard {
public:
    Guard(const Settings& settings, const Leases& leases, Fault fault);

    /// @brief Simulates pkt4_receive.
    Treatment receive(const Inbound& query, uint64_t now);

    /// @brief Simulates lease4_select for a real allocation. @return true if the address may be leased.
    bool select(const Inbound& query, const Treatment& treatment, IpAddress ip, uint64_t now);

    /// @brief Puts the client's own option 61 into a reply and records the address.
    void send(const Treatment& treatment, Outbound& reply, uint64_t now);

    [[nodiscard]] Reports& reports() {
        return (reports_);
    }

private:
    void handleDiscoverRequest(const Inbound& query, const GuardedQuery& guarded, uint64_t now,
                               Treatment& treatment);
    void handleReleaseDecline(const Inbound& query, const GuardedQuery& guarded, Treatment& treatment,
                              uint64_t now);
    void handleStranger(const Inbound& query, const GuardedQuery& guarded, StrangerKind kind,
                        uint64_t now, Treatment& treatment);
    [[nodiscard]] bool extendsOwnLease(const Inbound& query, const GuardedQuery& guarded,
                                       LeaseLookup& lookup, const Judgement& judgement) const;
    [[nodiscard]] bool asksForAnothersLease(const Inbound& query, const Network& network,
                                            uint64_t now) const;
    void carryOut(const Inbound& query, Treatment& treatment) const;

    const Settings settings_;
    const Leases& leases_;
    const Fault fault_;
    ClaimTable claims_;
    ConflictRegistry conflicts_;
    Judge judge_;
    ConflictCheck check_;
    Reports reports_;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H
