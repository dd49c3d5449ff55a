// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_E2E_OUTAGE_TEST_H
#define CLONE_GUARD_E2E_OUTAGE_TEST_H

#include "database_test.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief A way in which a lease database goes away and comes back.
struct Outage {
    std::string name;
    std::function<void(Database&)> begin;
    std::function<void(Database&)> end;
};

/// @brief What machines heard in an outage.
struct Heard {
    unsigned asked = 0;
    unsigned answers = 0;
    unsigned naks = 0;
    unsigned late = 0;  ///< answers that came when the outage was over

    std::string toText() const;
};

/// @brief A test in which the lease database goes away under a holder, a claimant and a bystander without option 61.
///
/// Where there is no guard the claimant is a machine with an identifier of its own.
class OutageTest : public DatabaseTest {
protected:
    void SetUp() override;

    /// @brief What Kea is told to do: on-fail, and many quick attempts to connect again.
    static Json retrying(const std::string& on_fail, unsigned tries = 1000);

    /// @brief Starts a server and has the machines take their addresses.
    void begin(const ServerSetup& setup);

    /// @brief All machines, and new ones, ask once. Whatever they are answered must be right.
    void askAll();

    /// @brief A machine with an identifier asks once: how long the server then answers no command.
    double secondsDeaf();

    /// @brief The outage is over: the server serves again, by itself, and everybody has what they had.
    void expectRecovery();

    /// @brief The guard told of the spell once, and of its end once; or of none.
    void expectOneSpell();

    /// @brief A whole story; a line of the table for it is printed.
    void tell(const Outage& outage, const ServerSetup& setup, const std::string& on_fail);

    /// @brief The same, where the server is to end, and is started again after the outage.
    void tellOfTheEnd(const Outage& outage, const ServerSetup& setup, const std::string& on_fail);

    static const std::vector<Outage>& outages();
    static const Outage& outage(const std::string& name);

    const Heard& heard() const {
        return (heard_);
    }

private:
    struct Asked {
        SimClient* client;
        bool in_outage;
    };

    uint8_t ask(SimClient& client, const Packet& query);
    void take(const Packet& reply);
    void expectRight(const SimClient& client, const Packet& reply);
    void print(const std::string& outage, const std::string& on_fail, const std::string& end);

    std::vector<SimClient*> known_;
    std::map<uint32_t, Asked> asked_;  ///< by transaction, what is not answered
    bool guarded_ = true;
    bool over_ = false;  ///< the outage, or it has not begun
    unsigned next_ = 100;
    Heard heard_;
};

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_E2E_OUTAGE_TEST_H
