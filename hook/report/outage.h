// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_OUTAGE_H
#define CLONE_GUARD_HOOK_REPORT_OUTAGE_H

#include <core/identity/instant.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

namespace clone_guard {

/// @brief A period of failures of one kind, which is logged once and not for every query.
///
/// An outage begins with the first failure and ends with the first success after a minute without a failure: a table
/// that is full for one query and has room for the next is in one outage. Safe to use from several threads.
class Outage {
public:
    static constexpr std::chrono::seconds MIN_QUIET{60};

    /// @brief Records a failure.
    /// @return true if an outage began with it.
    bool recordFailure(Instant now);

    /// @brief Records a success. Costs one load if there is no outage.
    /// @return the number of failures if an outage ended with the success, or 0.
    uint64_t recordSuccess(Instant now);

    /// @brief Checks whether there is an outage.
    [[nodiscard]] bool active() const noexcept {
        return (active_.load(std::memory_order_relaxed));
    }

    /// @brief An outage that has not ended.
    struct State {
        Instant begun;
        uint64_t failures = 0;
    };

    /// @return the current outage, or std::nullopt between outages.
    [[nodiscard]] std::optional<State> state() const;

private:
    std::atomic<bool> active_{false};
    mutable std::mutex mutex_;
    Instant begun_;
    Instant last_;
    uint64_t failures_ = 0;
};

}  // namespace clone_guard

#endif
