// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REPORT_OUTAGE_H
#define CLONE_GUARD_REPORT_OUTAGE_H

#include <core/identity/instant.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

namespace clone_guard {

/// @brief A time in which something is wrong, so that it is told once and not for every query.
///
/// Begins with the first failure and ends with the first success after a quiet minute; a table that is
/// full for one query and has room for the next is one spell. Safe to use from several threads.
class Outage {
public:
    static constexpr std::chrono::seconds MIN_QUIET{60};

    /// @brief Notes a failure.
    /// @return whether a spell began with it.
    bool fail(Instant now);

    /// @brief Notes a success. Costs one load where nothing is wrong.
    /// @return how many failures the spell had, if it ended with this; else 0.
    uint64_t succeed(Instant now);

    /// @brief Whether a spell goes on.
    [[nodiscard]] bool active() const noexcept {
        return (active_.load(std::memory_order_relaxed));
    }

    /// @brief A spell that goes on.
    struct State {
        Instant begun;
        uint64_t failures = 0;
    };

    /// @return nothing where nothing is wrong.
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
