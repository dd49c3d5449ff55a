// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_CONFLICT_REGISTRY_H
#define CLONE_GUARD_CORE_CONFLICTS_CONFLICT_REGISTRY_H

#include <core/conflicts/conflict_table.h>
#include <core/conflicts/report_budget.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Records what happens in conflicts: opens them, raises their level, limits their reports, closes them.
///
/// Its content serves reports and R9. Except under `monitor`, it does not decide which machine is the holder. The table
/// of conflicts, the proof of activity and the limits of reports share the one lock of this class. Safe to call from
/// several threads.
///
/// The first report about a claimant may be held back by the ReportBudget, unless its message confirms the conflict. It is
/// made with a later message of the claimant, or once the claimant has a lease.
class ConflictRegistry {
public:
    /// @brief The number of machines that silentMachines() returns at most.
    static constexpr size_t MAX_SILENT_MACHINES = 64;

    /// @brief Whether a message may open a conflict that is not open.
    enum class Opening {
        ALLOWED,    ///< no machine has a live lease of the identifier
        ON_RECORD,  ///< another machine has one
        DENIED,     ///< no other machine is left
    };

    /// @brief What the list of conflicts shows about the machines of a message.
    struct Facts {
        std::string hostname;         ///< the host name in the message, escaped; empty if it has none
        std::string holder_hostname;  ///< of the holder's lease, escaped; empty if unknown
        int64_t holder_leased = 0;  ///< time of the holder's lease, in seconds since 1970; 0 if unknown
        std::string client{};  ///< vendor class in the message (option 60), escaped; empty if absent
        Bytes requested_options{};  ///< option 55 in the message; empty if absent
    };

    /// @param max_conflicts number of conflicts that are remembered.
    /// @param repeat time for which further reports about a claimant are suppressed, in seconds; 0: forever.
    ConflictRegistry(size_t max_conflicts, std::chrono::seconds repeat) :
        patience_(std::max(repeat, std::chrono::seconds(DAY))), table_(max_conflicts, 2 * patience_),
        limiter_(repeat) {}

    /// @return how long a conflict waits for a machine that is off or expired: the repeat time, at least a day.
    [[nodiscard]] std::chrono::seconds patience() const noexcept {
        return (patience_);
    }

    /// @brief Checks whether any network has a conflict about an identifier. Takes no lock while there is no conflict
    /// at all.
    [[nodiscard]] bool hasConflict(ByteView identifier) const;

    /// @brief Checks whether a conflict about an identifier was closed or erased. Remembers as many of these as there
    /// may be conflicts.
    [[nodiscard]] bool hadConflict(ByteView identifier) const;

    /// @brief Checks whether a conflict about an identifier ended by command, or because all its machines but one were
    /// sealed. If the conflict is open again, the cure did not last.
    [[nodiscard]] bool wasCured(ByteView identifier) const;

    [[nodiscard]] bool isConfirmed(const std::string& network, ByteView identifier) const;

    /// @return the holder of a conflict as recorded last, under `monitor` as recorded first; std::nullopt if the holder
    /// is unknown.
    [[nodiscard]] std::optional<HardwareAddress> holder(const std::string& network,
                                                        ByteView identifier) const;

    /// @brief Records a DISCOVER or REQUEST of a claimant.
    ///
    /// @param holder empty if unknown.
    ReportDecision recordClaimant(const std::string& network, ByteView identifier,
                                  const HardwareAddress& holder, const HardwareAddress& claimant,
                                  Activity activity, Instant now, Opening opening, const Facts& facts);
    ReportDecision recordClaimant(const std::string& network, ByteView identifier,
                                  const HardwareAddress& holder, const HardwareAddress& claimant,
                                  Activity activity, Instant now, Opening opening = Opening::ALLOWED) {
        return (recordClaimant(network, identifier, holder, claimant, activity, now, opening, Facts()));
    }

    /// @brief Records a DISCOVER or REQUEST of the holder.
    ///
    /// @param hostname the host name in the message, escaped; empty if it has none.
    /// @return a report about a claimant if the message confirms the conflict.
    ReportDecision recordHolder(const std::string& network, ByteView identifier,
                                const HardwareAddress& holder, Activity activity, Instant now,
                                const std::string& hostname = {});

    /// @brief Records a RELEASE or DECLINE of a claimant for the holder's lease. Opens the conflict if necessary.
    ReportDecision recordBlocked(ReportKind kind, const std::string& network, ByteView identifier,
                                 const HardwareAddress& holder, const HardwareAddress& claimant,
                                 Instant now);

    /// @brief Records the address that a claimant got.
    ///
    /// @return true if the address has to be reported.
    bool recordAddress(const std::string& network, ByteView identifier, const HardwareAddress& claimant,
                       IpAddress ip, Instant now);

    /// @brief Records that a claimant got a lease. It opens the conflict if there was no room for one without a lease,
    /// and makes the report that was held back.
    ///
    /// @param holder empty if unknown.
    ReportDecision recordLease(const std::string& network, ByteView identifier,
                               const HardwareAddress& holder, const HardwareAddress& claimant,
                               Instant now);

    /// @brief Checks whether an address is the one recorded last for a claimant.
    [[nodiscard]] bool hasAddress(const std::string& network, ByteView identifier,
                                  const HardwareAddress& claimant, IpAddress ip) const;

    /// @brief Marks the machine's lease as released.
    void markReleased(const std::string& network, ByteView identifier, const HardwareAddress& address,
                      Instant now);

    /// @brief A machine that has been silent for a time.
    struct SilentMachine {
        HardwareAddress address;
        MachineActivity activity;
    };

    /// @brief Returns the silent machines of a conflict that are not known to be absent, for a check of their leases.
    /// Continues after the machine at which the last check ended.
    ///
    /// @param sender the machine that has sent a message just now; empty if none has.
    /// @param silence time without a message.
    /// @param interval time between two checks of a conflict.
    /// @return MAX_SILENT_MACHINES at most; std::nullopt if the last check is too recent, or there is no conflict.
    std::optional<std::vector<SilentMachine>> silentMachines(
        const std::string& network, ByteView identifier, const HardwareAddress& sender,
        std::chrono::milliseconds silence, std::chrono::milliseconds interval, Instant now);

    /// @brief Notes that a silent machine has a lease of another identifier.
    ///
    /// @param time seconds since 1970.
    void noteOtherLease(const std::string& network, ByteView identifier, const SilentMachine& machine,
                        int64_t time);

    /// @brief Marks a silent machine as absent.
    ///
    /// @return true if the machine has sent no message since silentMachines().
    bool markAbsent(const std::string& network, ByteView identifier, const SilentMachine& machine,
                    Absence absence);

    /// @brief Closes a conflict if all its machines but one are absent (R10).
    std::optional<ConflictEnd> closeIfOver(const std::string& network, ByteView identifier);

    /// @brief Removes a conflict of either level by command. The next claimant opens it again, as suspected.
    ///
    /// @return true if there was one.
    bool remove(const std::string& network, ByteView identifier);

    /// @brief Lists claimants with their conflicts. A conflict with many claimants continues in the next list.
    ///
    /// @param after the position after which the list begins: the last claimant of the previous list.
    /// @param limit number of claimants; a conflict without claimants counts as one.
    /// @param only the identifier of the conflicts to list, or null for all. Then @c after has this identifier.
    [[nodiscard]] std::vector<ConflictView> list(const ConflictPosition& after, size_t limit,
                                                 const Bytes* only = nullptr) const;

    /// @param limit maximum number of claimants in the view
    /// @return a conflict, or std::nullopt if it is not open.
    [[nodiscard]] std::optional<ConflictView> view(
        const std::string& network, ByteView identifier,
        size_t limit = std::numeric_limits<size_t>::max()) const;

    /// @return a claimant of a conflict, or std::nullopt if it is unknown.
    [[nodiscard]] std::optional<MachineActivity> claimant(const std::string& network,
                                                          ByteView identifier,
                                                          const HardwareAddress& address) const;

    /// @return the conflicts about one identifier, one a network, without their claimants.
    [[nodiscard]] std::vector<ConflictView> views(ByteView identifier) const;

    [[nodiscard]] size_t size() const noexcept {
        return (table_.size());
    }
    [[nodiscard]] size_t capacity() const noexcept {
        return (table_.capacity());
    }
    /// @return the number of confirmed conflicts.
    [[nodiscard]] size_t confirmed() const;

private:
    /// Returns a conflict and a machine in it, either of them null if there is no room.
    std::pair<Conflict*, Machine*> findOrAdd(const std::string& network, ByteView identifier,
                                             const HardwareAddress& holder,
                                             const HardwareAddress& address, bool on_record,
                                             Instant now);
    void recordActivity(Conflict& conflict, const HardwareAddress& sender, MachineActivity& machine,
                        Activity activity, Instant now);
    ReportDecision decide(ReportKind kind, const Conflict& conflict, const HardwareAddress& address,
                          Machine& claimant, Instant now) const;
    ReportDecision decideWithinBudget(ReportKind kind, const Conflict& conflict,
                                      const HardwareAddress& address, Machine& claimant, Instant now);
    Machine* silentMachine(const std::string& network, ByteView identifier,
                           const SilentMachine& machine);

    static constexpr std::chrono::hours DAY{24};

    mutable std::mutex mutex_;
    const std::chrono::seconds patience_;
    ConflictTable table_;
    const ReportLimiter limiter_;
    ReportBudget budget_;
};

}  // namespace clone_guard

#endif
