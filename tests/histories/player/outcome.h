// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_OUTCOME_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_OUTCOME_H

#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The counts and violations of a history.
struct Outcome {
    uint64_t steps = 0;  ///< events played
    uint64_t kills = 0;
    uint64_t restarts = 0;
    uint64_t policy_changes = 0;
    uint64_t acks = 0;
    uint64_t naks = 0;
    uint64_t silences = 0;
    uint64_t strangers = 0;  ///< messages of strangers
    uint64_t returns = 0;    ///< hosts that came back to a confirmed conflict, see @ref PowerRule
    uint64_t returns_after_release = 0;  ///< hosts among them that had released the lease
    uint64_t late = 0;                   ///< replies that came after the next message of their host
    uint64_t excused_failures = 0;       ///< failures of stock Kea
    uint64_t races = 0;                  ///< addresses that Kea itself allocated twice
    uint64_t left_to_partner = 0;  ///< messages to the server of a pair that leaves them to its partner
    uint64_t lost = 0;             ///< leases that only the killed server of a pair had
    uint64_t revived = 0;          ///< deleted leases that a returning server brought back
    uint64_t excused = 0;          ///< messages without an expected reply because of revived leases
    uint64_t collisions = 0;       ///< see @ref ConcurrentServersRule, as the next five
    uint64_t affected = 0;
    uint64_t longest = 0;
    uint64_t displaced = 0;
    uint64_t latest = 0;
    double seconds = 0;
    std::vector<std::string> violations;  ///< of the last step
    std::vector<std::string> trace;       ///< messages, changes and replies of the last step

    /// @brief Returns the counts in words.
    std::string toText() const;

    /// @brief Adds the outcome of another history.
    Outcome& operator+=(const Outcome& other);
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_OUTCOME_H
