// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_E2E_TEST_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_E2E_TEST_H

#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/clients/sim_client.h>
#include <tests/e2e/harness/net/identifiers.h>
#include <tests/e2e/harness/net/isolation.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

using namespace clone_guard::e2e;

/// @brief Of leases that tests see run out, in seconds.
constexpr unsigned SHORT_LIFETIME = 100;

/// @brief A test with a server and machines.
///
/// After each test: the server is still there, no callout threw anything, every line of the audit log
/// is one JSON object, and every reply carried the option 61 of its query.
class E2eTest : public ::testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// @brief Starts a server.
    KeaServer& serve(const ServerSetup& setup, bool steppable_clock = false);

    /// @brief Starts another beside it; machines talk to it after @ref turnTo. Of clocks that can be stepped
    /// there is but one.
    KeaServer& serveBeside(const ServerSetup& setup, bool steppable_clock = false);

    /// @brief The server of this test, or one of them in the order in which they were started.
    KeaServer& server(unsigned number = 1) {
        return (*servers_.at(number - 1));
    }

    /// @brief Has all machines talk to one of the servers from now on.
    void turnTo(unsigned number);

    /// @brief A machine with a hardware address made of a number.
    SimClient& machine(uint32_t number, const std::optional<Bytes>& identifier, uint32_t subnet = 1);

    /// @brief A machine cloned from a template: same identifier, hardware address of its own.
    SimClient& clone(uint32_t number, uint32_t subnet = 1);

    /// @brief The first clone with an address: the holder.
    SimClient& holder(uint32_t subnet = 1);

    /// @brief Renews, rebinds and reboots: a machine has its address at the end of each.
    void expectKept(SimClient& client);

    /// @brief Says that lines of the server's log with this text are no trouble in this test.
    void tolerate(const std::string& text) {
        tolerated_.push_back(text);
    }

    /// @brief Ends the server and forgets the machines, so that a test can compare two servers.
    void endServer();

    /// @brief Runs a script against stock Kea and against a setup, and compares.
    ///
    /// What is compared: every reply that the script noted, and the records of the lease file at the
    /// end: address, hardware address, identifier, subnet and state.
    void expectSameAsStock(const ServerSetup& setup, const std::function<void()>& script);

    /// @brief Notes a reply for the comparison, and hands it on.
    Reply note(const Reply& reply);

    /// @brief What was noted so far; from now on it is noted anew.
    std::vector<std::string> takeTranscript();

    Link& link();

private:
    bool isTolerated(const std::string& line) const;
    void checkServer(KeaServer& server);
    void checkServers();
    std::vector<std::string> transcriptOf(const ServerSetup& setup, const std::function<void()>& script);

    std::unique_ptr<Link> link_;
    std::vector<std::unique_ptr<KeaServer>> servers_;
    std::deque<SimClient> machines_;
    std::vector<std::string> transcript_;
    std::vector<std::string> tolerated_;
};

/// @brief The identifier of @c clone() as the guard logs it.
std::string cloneIdentifierText();

/// @brief The record of the holder is what it was: its address, its hardware address, its identifier.
::testing::AssertionResult undisturbed(KeaServer& server, const SimClient& holder);

/// @brief A claimant is on record for its address, under the identifier derived from what it sends.
::testing::AssertionResult setAside(KeaServer& server, const SimClient& claimant);

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_E2E_TEST_H
