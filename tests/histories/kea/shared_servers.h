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

/// @brief Two real kea-dhcp4 that share a lease database, to play a history against.
///
/// The database itself writes down what is changed in it, in order.
class SharedPair : public Server {
public:
    /// @param database all for this history; what was in it is gone.
    SharedPair(Link& link, Database& database, const History& history);

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
    ServerSetup setupFor(unsigned server, const std::string& policy) const;
    std::vector<KeaServer*> meant(unsigned server);
    std::vector<KeaServer*> running();
    bool isConnected(unsigned server);
    void makeJournal();

    const History& history_;
    Database& database_;
    std::vector<std::unique_ptr<KeaServer>> servers_;
    Wire wire_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_SHARED_SERVERS_H
