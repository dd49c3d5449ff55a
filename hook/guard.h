// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_GUARD_H
#define CLONE_GUARD_HOOK_GUARD_H

#include <core/conflicts/conflict_registry.h>
#include <core/conflicts/deleted_conflicts.h>
#include <core/decision/claim_table.h>
#include <core/decision/conflict_check.h>
#include <core/decision/judge.h>
#include <core/explain/explanation.h>
#include <hook/leases/lease_scan.h>
#include <hook/leases/networks.h>
#include <hook/packet/query_context.h>
#include <hook/report/clock.h>
#include <hook/report/malformed_reporter.h>
#include <hook/report/reporter.h>
#include <hook/report/stranger_reporter.h>

#include <dhcp/pkt4.h>
#include <hooks/hooks.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>

namespace clone_guard {

class KeaLeaseLookup;

/// @brief The guard under one configuration: reads queries, has them judged, and carries out the verdicts.
///
/// The settings are constant; another configuration is another guard. Safe to call from several threads.
class Guard {
public:
    /// @param hints of the server's configuration.
    /// @param explainer made of the same settings; if null, the guard makes one, which hashes templates and interface names.
    explicit Guard(Settings settings, networks::SubnetSelectionHints hints = {},
                   std::shared_ptr<const Explainer> explainer = {});

    /// @brief Takes over the hints after subnets or reservations changed.
    void configurationChanged(networks::SubnetSelectionHints hints) {
        by_class_ = hints.by_class;
        reservations_ = hints.reservations;
        by_relay_list_ = hints.by_relay_list;
        in_prefix_.clear();
        networks_.forget();
    }

    [[nodiscard]] const Settings& settings() const noexcept {
        return (settings_);
    }

    /// @brief Handles pkt4_receive: decides under which identifier the server sees the query.
    void receive(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query);

    /// @brief Checks whether any query was put under a derived identifier so far. As long as none was, select() and
    /// committed() have nothing to do.
    [[nodiscard]] bool hasDerived() const noexcept {
        return (has_derived_);
    }

    /// @brief Handles lease4_select for a real allocation: refuses a lease under the policy `refuse`, and the address of
    /// an expired holder to a claimant without the claim. Records the address that a claimant gets.
    ///
    /// @param offer whether the lease is made with an offer.
    void select(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query, bool offer);

    /// @brief Handles leases4_committed: removes from its arguments the lease that select() refused. The server reports
    /// that lease to other libraries as deleted, and high availability would delete it on the partner. Restores the query
    /// if it was changed to get a NAK.
    void committed(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& query);

    [[nodiscard]] const std::shared_ptr<const Explainer>& explainer() const noexcept {
        return (explainer_);
    }

    [[nodiscard]] const ConflictRegistry& conflicts() const noexcept {
        return (conflicts_);
    }

    [[nodiscard]] const ClaimTable& claims() const noexcept {
        return (claims_);
    }

    [[nodiscard]] const Reporter& reporter() const noexcept {
        return (reporter_);
    }

    /// @brief Removes a conflict from memory by an operator's command, and nothing else. The next query of each machine
    /// is judged as after a restart.
    ///
    /// @param holder for the report; without a hardware address if unknown.
    void deleteConflict(ByteView identifier, const Network& network, const Lease& holder);

    /// @brief Checks the machines of a conflict before it is listed, and reports those that are sealed and the end of the
    /// conflict.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer.
    void checkConflict(ByteView identifier, const Network& network);

    /// @return the time for which a machine counts as active after its last message, see ConflictCheck::timeout().
    [[nodiscard]] std::chrono::milliseconds activeTimeout(const Network& network) const {
        return (check_.timeout(network));
    }

    /// @return the deleted conflicts, which are not listed any more.
    [[nodiscard]] DeletedConflicts& deleted() noexcept {
        return (deleted_);
    }
    [[nodiscard]] const DeletedConflicts& deleted() const noexcept {
        return (deleted_);
    }

    /// @return the scan of the leases for the command clone-guard-scan.
    [[nodiscard]] LeaseScan& scan() noexcept {
        return (scan_);
    }

    /// @return the time at which this guard was made, in milliseconds since 1970.
    [[nodiscard]] int64_t madeAt() const noexcept {
        return (made_at_);
    }

    /// @brief Reports an unforeseen failure.
    void failed(const std::string& what) noexcept;

private:
    [[nodiscard]] networks::SubnetSelectionHints hints() const noexcept {
        return {by_class_, reservations_, by_relay_list_, &in_prefix_, &networks_};
    }

    [[nodiscard]] bool isExempt(const isc::dhcp::Pkt4& packet, const GuardedQuery& query) const;
    void handleLeaseQuery(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                          const GuardedQuery& query, Message message, KeaLeaseLookup& lookup);
    void handleDiscoverRequest(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                               const GuardedQuery& query, Message message, KeaLeaseLookup& lookup,
                               bool disputed);
    void handleReleaseDecline(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                              const GuardedQuery& query, Message message);
    void handleStranger(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                        const GuardedQuery& query, Message message, StrangerKind kind,
                        KeaLeaseLookup& lookup);
    void handleMalformed(const isc::dhcp::Pkt4Ptr& packet, const GuardedQuery& query, Message message);
    [[nodiscard]] Policy policyFor(const isc::dhcp::Pkt4Ptr& packet, const GuardedQuery& query,
                                   Message message) const;
    void handleWithoutLeaseDatabase(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                                    const GuardedQuery& query, Message message);
    void handleHolder(const isc::dhcp::Pkt4& packet, const QueryContext& context);
    void handleClaimant(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4Ptr& packet,
                        const std::shared_ptr<QueryContext>& context, KeaLeaseLookup& lookup);
    void checkConflict(const isc::dhcp::Pkt4& packet, const QueryContext& context);
    void reportSealed(const ConflictCheck::Result& result, ByteView identifier, const Network& network,
                      const Lease& holder);
    [[nodiscard]] bool isRecorded(const isc::dhcp::Pkt4& packet, const QueryContext& context) const;
    [[nodiscard]] IpAddress unrecordedAddress(const isc::dhcp::Pkt4& packet, const QueryContext& context,
                                              KeaLeaseLookup& lookup) const;
    bool mayHave(const isc::asiolink::IOAddress& address, const isc::dhcp::Pkt4Ptr& packet,
                 const QueryContext& context);
    void carryOut(isc::hooks::CalloutHandle& handle, isc::dhcp::Pkt4& packet,
                  const QueryContextPtr& context);
    void reportLeaseDatabaseDown(const char* what);

    const Settings settings_;
    const std::set<std::string> exempt_classes_;  ///< in each spelling
    std::atomic<bool> by_class_;
    std::atomic<bool> reservations_;
    std::atomic<bool> by_relay_list_;
    mutable networks::KnownPrefixes in_prefix_{};
    mutable NetworkCache networks_;
    std::atomic<bool> has_derived_{false};
    ClaimTable claims_;
    ConflictRegistry conflicts_;
    Judge judge_;
    ConflictCheck check_;
    DeletedConflicts deleted_;
    const std::shared_ptr<const Explainer> explainer_;
    Reporter reporter_;
    MalformedReporter malformed_;
    StrangerReporter strangers_;
    LeaseScan scan_;
    const int64_t made_at_ = nowMilliseconds();
};

}  // namespace clone_guard

#endif
