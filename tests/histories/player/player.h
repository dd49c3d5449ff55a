// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H

#include <tests/histories/player/server.h>
#include <tests/histories/rules/claim_rules.h>
#include <tests/histories/rules/lease_rules.h>
#include <tests/histories/rules/power_rule.h>
#include <tests/histories/rules/reply_rules.h>
#include <tests/histories/rules/report_rules.h>
#include <tests/histories/rules/stranger_rule.h>

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
    uint64_t strangers = 0;        ///< messages of strangers
    uint64_t late = 0;             ///< replies that came after the next message of their host
    uint64_t races = 0;            ///< addresses that Kea itself allocated twice
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

/// @brief Plays a history against a server until it ends or a rule is broken.
class Player {
public:
    Player(Server& server, const History& history);

    Outcome play();

private:
    /// @brief The messages, changes and replies of the last step.
    struct Exchange {
        std::vector<Query> queries;
        std::vector<Change> changes;
        std::vector<Answer> answers;

        std::vector<std::string> toText() const;
    };

    void playAll();
    size_t batchEnd(size_t first);
    void sendAndCheck(std::vector<Query> asked, const Event* kill);
    void beforeSend(const std::vector<Query>& queries);
    void beforeReturn(const std::vector<Query>& queries);
    void checkLeases(const std::vector<Query>& queries);
    void receive(std::vector<Answer> answers);
    void receive(const Answer& answer);
    void applyEvent(const Event& event);
    void setPolicy(const std::string& policy);
    void killServer(unsigned server);
    void startServer(unsigned server);
    void afterReload(unsigned server);
    void readJournal();
    size_t adoptAuthority();
    void finish();
    void checkConflicts();

    const History& history_;
    Server& server_;
    RuleContext context_;
    ReplyRule reply_rule_;
    LeaseRule lease_rule_;
    ClaimRule claim_rule_;
    ReportRule report_rule_;
    WaitingRule waiting_rule_;
    PowerRule power_rule_;
    StrangerRule stranger_rule_;
    Exchange last_;
    Outcome outcome_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H
