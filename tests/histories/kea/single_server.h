// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_SINGLE_SERVER_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_SINGLE_SERVER_H

#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/histories/kea/lease_file.h>
#include <tests/histories/kea/transport.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Makes the configuration of a server for all hosts, with two networks.
///
/// @param policy The policy of the guard; "stock": without the guard.
/// @param pools The size of each pool, in units of @ref poolSize.
ServerSetup serverSetup(const std::string& policy, const std::string& takeover, unsigned threads,
                        unsigned pools = 1);

/// @throw std::runtime_error if a command has failed.
void expectSuccess(const Json& answer, const std::string& what);

/// @brief Sends a command that has to succeed.
///
/// @return The arguments of the answer.
Json succeed(KeaServer& server, const std::string& name, const Json& arguments = Json::object());

/// @brief Returns the conflicts that a server lists; an empty list without the guard.
std::vector<Json> conflictsOf(KeaServer& server);

/// @brief Returns the failures in a server's log.
std::vector<std::string> failuresOf(const KeaServer& server);

/// @brief Runs a real kea-dhcp4 to play a history against.
class SingleServer : public Server {
public:
    SingleServer(Link& link, const History& history);

    void start(unsigned server) override;
    void kill(unsigned server) override;
    void restart(unsigned server) override;
    void reload(unsigned server) override;
    void setPolicy(const std::string& policy) override;
    uint64_t now() const override;
    bool advanceClock(unsigned seconds) override;
    void reclaim(bool remove) override;
    void send(const std::vector<Query>& queries) override;
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed) override;
    std::vector<Answer> leftovers() override;
    std::vector<Row> written() override;
    std::vector<Row> leases() override;
    std::vector<Json> conflicts() override;
    std::vector<Json> audit(unsigned server) override;
    std::vector<std::string> failures() override;
    uint64_t excusedFailures() override;

private:
    ServerSetup setupFor(const std::string& policy) const;
    void markReleased(std::vector<Row>& rows);

    std::string takeover_;
    unsigned threads_;
    bool keep_released_;
    KeaServer server_;
    LeaseFile lease_file_;
    Transport transport_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_SINGLE_SERVER_H
