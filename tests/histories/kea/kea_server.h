// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_KEA_SERVER_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_KEA_SERVER_H

#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/histories/kea/lease_file.h>
#include <tests/histories/kea/transport.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A server for the cast: two networks.
///
/// @param policy of the guard; "stock": without it.
/// @param pools how many times @ref poolSize addresses each subnet has to give.
ServerSetup stage(const std::string& policy, const std::string& takeover, unsigned threads,
                  unsigned pools = 1);

/// @throw std::runtime_error unless the answer to a command is one of success.
void expectSuccess(const Json& answer, const std::string& what);

/// @brief Gives a command that has to succeed.
///
/// @return the arguments of the answer.
Json succeed(KeaServer& server, const std::string& name, const Json& arguments = Json::object());

/// @brief The conflicts that a server lists; none without the guard.
std::vector<Json> conflictsOf(KeaServer& server);

/// @brief What went wrong by a server's log.
std::vector<std::string> troublesOf(const KeaServer& server);

/// @brief A real kea-dhcp4 to play a history against.
class Kea : public Server {
public:
    Kea(Link& link, const History& history);

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
    std::vector<Json> audit() override;
    std::vector<std::string> troubles() override;

private:
    ServerSetup setupFor(const std::string& policy) const;

    std::string takeover_;
    unsigned threads_;
    KeaServer server_;
    LeaseFile lease_file_;
    Wire wire_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_KEA_SERVER_H
