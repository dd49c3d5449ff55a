// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_GUARD_H
#define CLONE_GUARD_GUARD_H

#include <core/conflicts/conflict_registry.h>
#include <core/conflicts/deleted_conflicts.h>
#include <core/decision/claim_table.h>
#include <core/decision/judge.h>
#include <core/explain/explanation.h>
#include <hook/leases/lease_scan.h>
#include <hook/leases/networks.h>
#include <hook/report/clock.h>
#include <hook/report/reporter.h>

#include <dhcp/pkt4.h>
#include <hooks/hooks.h>

#include <atomic>
#include <memory>

namespace clone_guard {

class KeaLeaseLookup;

/// @brief The guard under one configuration: sees, has it judged, does what the verdict says.
///
/// Settings are constant; another configuration is another guard. Every member function may be called
/// from several threads at once.
class Guard {
public:
    /// @param hints of the server's configuration.
    /// @param explainer made of the same settings; null: it makes one, which takes tens of milliseconds.
    explicit Guard(Settings settings, networks::SubnetSelectionHints hints = {},
                   std::shared_ptr<const Explainer> explainer = {});

    /// @brief Subnets or reservations have come or gone.
    void configurationChanged(networks::SubnetSelectionHints hints) noexcept {
        by_class_ = hints.by_class;
        reservations_ = hints.reservations;
    }

    [[nodiscard]] const Settings& settings() const noexcept {
        return (settings_);
    }

    /// @brief pkt4_receive: who is this, and under which identifier does the server get to see it?
    void receive(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query);

    /// @brief Whether any query was set aside by now; until then there is nothing to do for @ref select, and a query
    /// is spared the look at it.
    [[nodiscard]] bool hasSetAside() const noexcept {
        return (has_set_aside_);
    }

    /// @brief lease4_select, for a real allocation: nothing new for the refused, and the address of an
    /// expired holder only to who has the claim. Notes which address a claimant gets.
    void select(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query);

    /// @brief leases4_committed: what a claimant was refused in @ref select has not been deleted, though the server tells
    /// other libraries so. High availability would have the partner delete it.
    void committed(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query);

    [[nodiscard]] const std::shared_ptr<const Explainer>& explainer() const noexcept {
        return (explainer_);
    }

    /// @brief The conflicts it knows of.
    [[nodiscard]] const ConflictRegistry& conflicts() const noexcept {
        return (conflicts_);
    }

    [[nodiscard]] const Judge& judge() const noexcept {
        return (judge_);
    }

    [[nodiscard]] const ClaimTable& claims() const noexcept {
        return (claims_);
    }

    [[nodiscard]] const Reporter& reporter() const noexcept {
        return (reporter_);
    }

    /// @brief Forgets a conflict by an operator's command: what is in memory of it, and nothing else. Each of its
    /// machines is judged afresh, as after a restart.
    ///
    /// @param holder for the report; without an address where it is not known.
    void deleteConflict(ByteView identifier, const Network& network, const Lease& holder);

    /// @brief What is not to be listed any more.
    [[nodiscard]] DeletedConflicts& deleted() noexcept {
        return (deleted_);
    }
    [[nodiscard]] const DeletedConflicts& deleted() const noexcept {
        return (deleted_);
    }

    /// @brief The walk through the leases that clone-guard-scan takes.
    [[nodiscard]] LeaseScan& scan() noexcept {
        return (scan_);
    }

    /// @brief Since when it is at work: milliseconds since 1970.
    [[nodiscard]] int64_t madeAt() const noexcept {
        return (made_at_);
    }

    /// @brief Something failed that nobody foresaw.
    void failed(const std::string& what) noexcept;

private:
    [[nodiscard]] networks::SubnetSelectionHints hints() const noexcept {
        return {by_class_, reservations_};
    }

    [[nodiscard]] bool leftAlone(const isc::dhcp::Pkt4& query, const GuardedQuery& question) const;
    void handleDiscoverRequest(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query,
                               const GuardedQuery& question, Message message);
    void handleReleaseDecline(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query,
                              const GuardedQuery& question, Message message);
    void handleWithoutLeaseDatabase(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query,
                                    const GuardedQuery& question, Message message);
    [[nodiscard]] std::shared_ptr<QueryContext> senderOf(const isc::dhcp::Pkt4& query,
                                                         const GuardedQuery& question,
                                                         const Judgement& judgement) const;
    void passes(const isc::dhcp::Pkt4& query, const GuardedQuery& question, const Judgement& judgement);
    void closeIfOver(const isc::dhcp::Pkt4& query, const GuardedQuery& question, LeaseLookup& lookup,
                     const Judgement& judgement);
    void carryOut(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query,
                  const GuardedQuery& question, const Judgement& judgement, Verdict verdict,
                  IpAddress own_ip);
    bool mayHave(const isc::asiolink::IOAddress& address, const isc::dhcp::Pkt4Ptr& query,
                 const QueryContext& claimant);
    /// Notes the address that a claimant has from before, where it asks for that one: the server extends the lease
    /// without passing @ref select.
    [[nodiscard]] IpAddress ownAddress(const isc::dhcp::Pkt4& query, const GuardedQuery& question,
                                       KeaLeaseLookup& lookup, const Judgement& judgement) const;
    void setAside(isc::hooks::CalloutHandle& handle, isc::dhcp::Pkt4& query,
                  const std::shared_ptr<QueryContext>& claimant);
    void leaseDatabaseDown(const char* what);

    const Settings settings_;
    std::atomic<bool> by_class_;
    std::atomic<bool> reservations_;
    std::atomic<bool> has_set_aside_{false};
    ClaimTable claims_;
    ConflictRegistry conflicts_;
    Judge judge_;
    DeletedConflicts deleted_;
    const std::shared_ptr<const Explainer> explainer_;
    Reporter reporter_;
    LeaseScan scan_;
    const int64_t made_at_ = nowMilliseconds();
};

}  // namespace clone_guard

#endif
