// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H

#include <tests/histories/player/server.h>
#include <tests/histories/rules/rules.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief What came of a history.
struct Outcome {
    uint64_t steps = 0;  ///< events that were played
    uint64_t kills = 0;
    uint64_t restarts = 0;
    uint64_t policy_changes = 0;
    uint64_t acks = 0;
    uint64_t naks = 0;
    uint64_t silences = 0;
    uint64_t late = 0;      ///< replies to hosts that had given them up
    uint64_t races = 0;     ///< addresses that Kea gave to two by itself
    uint64_t left = 0;      ///< messages to one of two servers that left them to the other
    uint64_t lost = 0;      ///< records that only the killed one of two servers had
    uint64_t revived = 0;   ///< records that only one of two servers still had, and brought back
    uint64_t excused = 0;   ///< messages for which nothing was owed because of these
    uint64_t meetings = 0;  ///< on two servers, see @ref MeetingRule; and what came of them
    uint64_t harmed = 0;
    uint64_t longest = 0;
    uint64_t displaced = 0;
    uint64_t latest = 0;
    double seconds = 0;
    std::vector<std::string> violations;  ///< found at the last step that was played
    std::vector<std::string> trace;       ///< what was sent, written and received then

    /// @brief Counts, without the violations, in words.
    std::string toText() const;

    /// @brief Adds what came of another history.
    Outcome& operator+=(const Outcome& other);
};

/// @brief Plays a history against a server until it ends or a rule is broken.
class Player {
public:
    Player(Server& server, const History& history);

    Outcome play();

private:
    /// @brief What was sent, written and received last.
    struct Exchange {
        std::vector<Query> queries;
        std::vector<Change> changes;
        std::vector<Answer> answers;

        std::vector<std::string> toText() const;
    };

    void playAll();
    size_t messages(size_t first);
    void converse(std::vector<Query> asked, const Event* kill);
    void hear(std::vector<Answer> answers);
    void disturb(const Event& event);
    void setPolicy(const std::string& policy);
    void killServer(unsigned server);
    void startServer(unsigned server);
    void afterReload(unsigned server);
    void readJournal();
    size_t resettle();
    void finish();
    void checkConflicts();

    const History& history_;
    Server& server_;
    Scene scene_;
    PromiseRule promises_;
    RecordRule records_;
    ClaimRule claims_;
    ReportRule reports_;
    Exchange last_;
    Outcome outcome_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_PLAYER_H
