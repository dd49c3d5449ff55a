// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_SIGHTING_LIMITER_H
#define CLONE_GUARD_CORE_CONFLICTS_SIGHTING_LIMITER_H

#include <core/identity/bytes.h>
#include <core/identity/instant.h>
#include <core/identity/keyed_hash.h>

#include <array>
#include <cstddef>
#include <mutex>

namespace clone_guard {

/// @brief Limits reports about senders that are in no conflict: one for each subject and repeat time (R11).
///
/// The table has a fixed number of slots, and a reported subject occupies one for the repeat time. A subject that finds
/// no slot is not reported. Thus a flood of forged subjects causes at most one report for each slot and repeat time. Safe
/// to use from several threads.
class SightingLimiter {
public:
    /// @brief The number of slots.
    static constexpr size_t SLOTS = 1024;

    /// @param repeat time for which further reports are suppressed, in seconds; 0: forever.
    explicit SightingLimiter(std::chrono::seconds repeat) : repeat_(repeat) {}

    /// @brief Checks whether a sighting has to be reported, and records that it was.
    ///
    /// @param subject the identifier or hardware address that the report is about.
    /// @param kind the kind of report: each kind of one subject has its own limit.
    bool shouldReport(ByteView subject, size_t kind, Instant now);

private:
    /// @brief The number of slots in which a subject can be: enough for a subject to find one while half are in use.
    static constexpr size_t PROBES = 32;

    struct Slot {
        bool reported = false;
        size_t subject = 0;  ///< hash of the subject and the kind
        Instant last;
    };

    /// @brief The longest subject: a client identifier.
    static constexpr size_t MAX_SUBJECT = 255;

    const std::chrono::seconds repeat_;
    const KeyedHash<MAX_SUBJECT> hash_;
    std::mutex mutex_;
    std::array<Slot, SLOTS> slots_;
};

}  // namespace clone_guard

#endif
