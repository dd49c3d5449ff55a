// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H

#include <tests/histories/model/leases.h>
#include <tests/histories/model/message.h>
#include <tests/histories/model/reports.h>

#include <core/decision/judge.h>

#include <memory>

namespace clone_guard {
namespace model {

/// @brief Mistakes that the simulated guard can be told to make: the rules have to notice each.
enum class Fault {
    NONE,
    NO_CLAIM,     ///< claims are not kept
    NAMED_LEASE,  ///< RELEASE and DECLINE are not looked at (R8)
    REMOVED,      ///< option 61 of a claimant is removed instead of derived (R6)
    ECHO,         ///< the claimant's own identifier is not put back (R6)
    SELECT        ///< the claim is not asked for in lease4_select (R6)
};

/// @brief What the guard made of a query in pkt4_receive.
struct Treatment {
    Verdict verdict = Verdict::PASS;
    bool dropped = false;
    Bytes identifier;  ///< under which the server sees the query
    Bytes own;         ///< the client's own
    HardwareAddress address;
    Network network;
    Lease holder;
    std::optional<std::vector<IpAddress>> on_record;

    [[nodiscard]] bool derived() const {
        return (verdict == Verdict::DERIVE || verdict == Verdict::REFUSE);
    }
};

/// @brief policy/core in the place in which hook/ has it: between a server and its messages.
///
/// What stands in Guard, KeaLeaseLookup and Reporter about which question is asked when stands here once more,
/// without Kea.
class Guard {
public:
    Guard(const Settings& settings, const Leases& leases, Fault fault);

    /// @brief pkt4_receive.
    Treatment receive(const Inbound& query, uint64_t now);

    /// @brief lease4_select, for a real allocation. Whether the address may be had.
    bool select(const Inbound& query, const Treatment& treatment, IpAddress ip, uint64_t now);

    /// @brief What becomes of a reply: option 61 as the client sent it, and the address noted.
    void send(const Treatment& treatment, Outbound& reply, uint64_t now);

    [[nodiscard]] Reports& reports() {
        return (reports_);
    }

private:
    void handleDiscoverRequest(const Inbound& query, const GuardedQuery& question, uint64_t now,
                               Treatment& treatment);
    void handleReleaseDecline(const Inbound& query, const GuardedQuery& question, Treatment& treatment,
                              uint64_t now);
    [[nodiscard]] bool extendsOwnLease(const Inbound& query, const GuardedQuery& question,
                                       LeaseLookup& lookup, const Judgement& judgement) const;
    void carryOut(const Inbound& query, Treatment& treatment) const;

    const Settings settings_;
    const Leases& leases_;
    const Fault fault_;
    ClaimTable claims_;
    ConflictRegistry conflicts_;
    Judge judge_;
    Reports reports_;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_GUARD_H
