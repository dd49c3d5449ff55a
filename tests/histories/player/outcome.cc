// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/outcome.h>

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace clone_guard {
namespace e2e {
namespace history {

std::string
Outcome::toText() const {
    std::ostringstream text;
    text << steps << " steps, " << kills << " kills, " << restarts << " restarts, " << policy_changes
         << " policy changes, " << acks << " ACKs, " << naks << " NAKs, " << silences << " unanswered, "
         << strangers << " from strangers, " << returns << " returns to a conflict, "
         << returns_after_release << " of them after a release, " << late << " late, " << races
         << " races, ";
    if (excused_failures > 0) {
        text << excused_failures << " failures of stock Kea, ";
    }
    if (left_to_partner + lost + revived > 0) {
        text << left_to_partner << " left to the partner, " << lost << " lost with a server, " << revived
             << " revived by one, " << excused << " excused for that, ";
    }
    if (collisions > 0) {
        text << collisions << " collisions on two servers, " << affected
             << " hosts affected, the longest for " << longest << " s, " << displaced
             << " displaced, the latest after " << latest << " s, ";
    }
    text << std::fixed << std::setprecision(1) << seconds << " s, " << violations.size()
         << " violations";
    return (text.str());
}

Outcome&
Outcome::operator+=(const Outcome& other) {
    steps += other.steps;
    kills += other.kills;
    restarts += other.restarts;
    policy_changes += other.policy_changes;
    acks += other.acks;
    naks += other.naks;
    silences += other.silences;
    strangers += other.strangers;
    returns += other.returns;
    returns_after_release += other.returns_after_release;
    late += other.late;
    races += other.races;
    excused_failures += other.excused_failures;
    left_to_partner += other.left_to_partner;
    lost += other.lost;
    revived += other.revived;
    excused += other.excused;
    collisions += other.collisions;
    affected += other.affected;
    longest = std::max(longest, other.longest);
    displaced += other.displaced;
    latest = std::max(latest, other.latest);
    seconds += other.seconds;
    violations.insert(violations.end(), other.violations.begin(), other.violations.end());
    return (*this);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
