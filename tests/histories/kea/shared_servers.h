// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_SHARED_SERVERS_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_SHARED_SERVERS_H

#include <tests/e2e/harness/servers/database.h>
#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/histories/kea/transport.h>

#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Runs two real kea-dhcp4 with one lease database to play a history against.
///
/// Triggers in the database record each change, in order.
class SharedServers : public Server {
public:
    /// @param database A database for this history alone. It is cleared first.
    SharedServers(Link& link, Database& database, const History& history);

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

private:
    ServerSetup setupFor(unsigned server, const std::string& policy) const;
    std::vector<KeaServer*> serversOf(unsigned server);
    std::vector<KeaServer*> running();
    bool isConnected(unsigned server);
    void makeJournal();

    const History& history_;
    Database& database_;
    std::vector<std::unique_ptr<KeaServer>> servers_;
    Transport transport_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_SHARED_SERVERS_H
