// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H

#include <tests/histories/player/outcome.h>
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
    std::vector<unsigned> serversOf(unsigned server) const;
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
