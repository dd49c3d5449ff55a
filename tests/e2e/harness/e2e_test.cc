// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/e2e_test.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace clone_guard {
namespace test {

void
E2eTest::SetUp() {
    if (!isolationProblem().empty()) {
        GTEST_SKIP() << isolationProblem();
    }
}

void
E2eTest::TearDown() {
    checkServers();
    if (HasFailure()) {
        for (const auto& server : servers_) {
            std::cerr << "--- the server's log, " << server->address().toText() << " ---\n"
                      << server->file("server.log") << "--- the operator's log ---\n"
                      << server->file("operator.log") << "--- the audit log ---\n"
                      << server->file("audit.log");
        }
    }
}

bool
E2eTest::isTolerated(const std::string& line) const {
    return (std::any_of(tolerated_.begin(), tolerated_.end(), [&line](const std::string& text) {
        return (line.find(text) != std::string::npos);
    }));
}

void
E2eTest::checkServer(KeaServer& server) {
    if (server.pid() > 0) {
        EXPECT_TRUE(server.isRunning()) << "the server died";
    }
    for (const char* trouble : {"HOOKS_CALLOUT_EXCEPTION", "HOOKS_CALLOUT_ERROR", "_EXCEPTION"}) {
        auto lines = server.serverLog(trouble);
        lines.erase(std::remove_if(lines.begin(), lines.end(),
                                   [this](const std::string& line) { return (isTolerated(line)); }),
                    lines.end());
        EXPECT_TRUE(lines.empty()) << lines.front();
    }
    EXPECT_NO_THROW(server.audit()) << server.file("audit.log");
}

void
E2eTest::checkServers() {
    for (const auto& server : servers_) {
        checkServer(*server);
    }
    for (const auto& machine : machines_) {
        EXPECT_EQ(machine.wrongEchoes(), 0U) << machine.hwText()
                                             << " was answered with an option 61 "
                                                "that is not its own";
    }
}

KeaServer&
E2eTest::serve(const ServerSetup& setup, bool steppable_clock) {
    servers_.clear();
    serveBeside(setup, steppable_clock);
    turnTo(1);
    return (server());
}

KeaServer&
E2eTest::serveBeside(const ServerSetup& setup, bool steppable_clock) {
    servers_.push_back(std::make_unique<KeaServer>(setup, steppable_clock));
    if (steppable_clock && servers_.size() > 1) {
        servers_.back()->shareClock(server());
    }
    servers_.back()->start();
    return (*servers_.back());
}

void
E2eTest::turnTo(unsigned number) {
    KeaServer& other = server(number);
    link().turnTo(other.address());
    link().setBarrier(other.threads() > 0 ? [&other] { other.awaitThreads(); }
                                          : std::function<void()>());
}

void
E2eTest::expectKept(SimClient& client) {
    const Address address = client.address();
    EXPECT_FALSE(address.isZero()) << client.hwText() << " has none";
    EXPECT_EQ(client.renew().address(), address) << client.hwText() << " renewed";
    EXPECT_EQ(client.initReboot(address).address(), address) << client.hwText() << " came back";
    EXPECT_EQ(client.acquire(), address) << client.hwText() << " booted";
    EXPECT_EQ(client.rebind().address(), address) << client.hwText() << " rebound";
}

void
E2eTest::endServer() {
    checkServers();
    machines_.clear();
    servers_.clear();
}

Reply
E2eTest::note(const Reply& reply) {
    if (reply.isSilence()) {
        transcript_.push_back("silence");
    } else {
        const auto echo = reply.packet->option(OPTION_CLIENT_IDENTIFIER);
        transcript_.push_back(messageName(reply.type()) + " " + reply.address().toText() +
                              " option 61 " + (echo ? toHex(*echo) : "absent"));
    }
    return (reply);
}

std::vector<std::string>
E2eTest::takeTranscript() {
    return (std::exchange(transcript_, {}));
}

std::vector<std::string>
E2eTest::transcriptOf(const ServerSetup& setup, const std::function<void()>& script) {
    serve(setup);
    script();
    for (const auto& record : server().leases()) {
        transcript_.push_back("record of " + record.address.toText() + ": " + record.hw_address + ", " +
                              record.client_id + ", subnet " + std::to_string(record.subnet_id) +
                              ", state " + std::to_string(record.state));
    }
    return (takeTranscript());
}

void
E2eTest::expectSameAsStock(const ServerSetup& setup, const std::function<void()>& script) {
    const auto stock = transcriptOf(setup.withoutGuard(), script);
    endServer();
    EXPECT_FALSE(stock.empty());
    EXPECT_EQ(transcriptOf(setup, script), stock);
}

Link&
E2eTest::link() {
    if (!link_) {
        link_ = std::make_unique<Link>(serverAddress());
    }
    return (*link_);
}

SimClient&
E2eTest::machine(uint32_t number, const std::optional<Bytes>& identifier, uint32_t subnet) {
    return (machines_.emplace_back(link(), virtualMac(number), identifier, relayOf(subnet)));
}

SimClient&
E2eTest::clone(uint32_t number, uint32_t subnet) {
    return (machine(number, cloneIdentifier(), subnet));
}

SimClient&
E2eTest::holder(uint32_t subnet) {
    SimClient& first = clone(1, subnet);
    EXPECT_FALSE(first.acquire().isZero()) << "the first holder got no address";
    return (first);
}

std::string
cloneIdentifierText() {
    return (toHex(cloneIdentifier()));
}

namespace {

/// @brief The record of a machine's address names the machine, and this identifier.
::testing::AssertionResult
onRecord(KeaServer& server, const SimClient& machine, const Bytes& identifier) {
    const auto record = server.lease(machine.address());
    if (!record) {
        return (::testing::AssertionFailure()
                << machine.address() << ", that " << machine.hwText() << " has, is in no record");
    }
    if (record->hw_address != machine.hwText() || record->client_id != toHex(identifier) ||
        record->state != 0) {
        return (::testing::AssertionFailure()
                << machine.address() << " is on record for " << record->hw_address << ", "
                << record->client_id << ", state " << record->state << ", not for " << machine.hwText());
    }
    return (::testing::AssertionSuccess());
}

}  // namespace

::testing::AssertionResult
undisturbed(KeaServer& server, const SimClient& holder) {
    return (onRecord(server, holder, holder.identifier()));
}

::testing::AssertionResult
setAside(KeaServer& server, const SimClient& claimant) {
    return (onRecord(server, claimant, derivedIdentifier(claimant.hwAddress(), claimant.identifier())));
}

}  // namespace test
}  // namespace clone_guard
