// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_REPORT_LIMITER_H
#define CLONE_GUARD_CORE_CONFLICTS_REPORT_LIMITER_H

#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>
#include <core/identity/ip_address.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace clone_guard {

/// @brief How sure the guard is that two machines use an identifier (R10).
enum class Level {
    SUSPECTED,
    CONFIRMED,  ///< two hardware addresses were proven alive at the same time
};

/// @brief The kinds of report about a claimant. Each kind is rate-limited on its own (R11).
enum class ReportKind : size_t { SUSPECTED, CONFIRMED, RELEASE_BLOCKED, DECLINE_BLOCKED };
constexpr size_t REPORT_KINDS = 4;

/// @brief Whether to report an event of a conflict, and what the report says.
struct ReportDecision {
    bool report = false;  ///< the event has to be logged now
    bool first =
        false;  ///< the event is the first of its kind about the claimant, or the first that is reported
    bool recorded = true;    ///< false if the table had no room
    bool held_back = false;  ///< too many machines are reported at once: this one is reported later
    Level level = Level::SUSPECTED;
    HardwareAddress claimant;  ///< the machine that the report is about
    HardwareAddress holder;
    uint64_t suppressed = 0;  ///< events since the last report that were not reported
    size_t claimants = 0;  ///< claimants of the conflict, this one included; 0 if there is no conflict
};

/// @brief The reports of one kind about one claimant.
struct RateLimit {
    bool reported = false;
    Instant last;             ///< time of the last report
    uint64_t suppressed = 0;  ///< events since then
};

/// @brief All that has been reported about one claimant.
struct ClaimantReports {
    std::array<RateLimit, REPORT_KINDS> limits;
    IpAddress ip;         ///< the address that the claimant got last
    Instant ip_reported;  ///< time of the last report of an address
};

/// @brief Decides which events are reported: the first of each kind about a claimant, then one each repeat time (R11).
class ReportLimiter {
public:
    /// @param repeat time for which further reports are suppressed, in seconds; 0: forever.
    explicit ReportLimiter(std::chrono::seconds repeat) : repeat_(repeat) {}

    /// @brief Decides whether an event is reported, and counts it if it is not.
    ///
    /// @return the decision, without what only the conflict knows.
    ReportDecision decide(ReportKind kind, ClaimantReports& reports, Instant now) const;

    /// @brief Records the address that a claimant got.
    ///
    /// @return true if the address has to be reported: it is the claimant's first, or another one after the repeat
    /// time.
    bool recordAddress(ClaimantReports& reports, IpAddress ip, Instant now) const;

private:
    [[nodiscard]] bool isDue(Instant last, Instant now) const {
        return (repeat_.count() > 0 && now - last >= repeat_);
    }

    std::chrono::seconds repeat_;
};

}  // namespace clone_guard

#endif
