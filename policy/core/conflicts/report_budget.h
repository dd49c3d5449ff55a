// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_REPORT_BUDGET_H
#define CLONE_GUARD_CORE_CONFLICTS_REPORT_BUDGET_H

#include <core/identity/instant.h>

#include <algorithm>
#include <cstdint>

namespace clone_guard {

/// @brief Limits how many machines are reported for the first time: BURST at once, and one more each second (R11).
///
/// Forged hardware addresses would otherwise fill the logs until the lines about real machines are rotated away. A
/// machine that is held back is reported later. Not safe to use without the caller's lock.
class ReportBudget {
public:
    /// @brief More than the clones of one template that boot at once, and fewer lines than Kea keeps in a log file.
    static constexpr int64_t BURST = 4096;

    /// @return true if another machine may be reported.
    bool take(Instant now) {
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(now - refilled_);
        left_ = std::min<int64_t>(BURST, left_ + std::min<int64_t>(BURST, whole.count()));
        refilled_ += whole;
        if (left_ == 0) {
            return (false);
        }
        --left_;
        return (true);
    }

private:
    int64_t left_ = BURST;
    Instant refilled_;
};

}  // namespace clone_guard

#endif
