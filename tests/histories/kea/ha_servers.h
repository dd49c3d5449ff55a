// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H

#include <tests/e2e/harness/servers/ha_pair.h>
#include <tests/histories/kea/pair_leases.h>
#include <tests/histories/kea/pair_transport.h>

#include <array>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Runs two real kea-dhcp4 in Kea's high availability to play a history against.
///
/// The leases of the server that answers count: in hot standby those of the first server, after a kill those of the
/// survivor. In load balancing each server decides for its half of the addresses. Each kill, start and restart takes a
/// few seconds of the servers' clock, as a failover does.
class HaServers : public Server {
public:
    /// @brief Checks whether this class can join two servers in that way.
    static bool knows(const std::string& servers);

    /// @param history A history whose servers are joined by "hot-standby" or "load-balancing", with threads.
    /// @throw std::runtime_error if it has no threads: each server of a pair listens for its partner in threads.
    HaServers(Link& link, const History& history);

    void start(unsigned server) override;
    void kill(unsigned server) override;
    void restart(unsigned server) override;
    void reload(unsigned server) override;
    void setPolicy(const std::string& policy) override;
    uint64_t now() const override;
    bool advanceClock(unsigned seconds) override;
    void reclaim(bool remove) override;
    bool route(Query& query) override;
    void send(const std::vector<Query>& queries) override;
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed) override;
    std::vector<Answer> leftovers() override;
    std::vector<Row> written() override;
    std::vector<Row> authorityChanges() override;
    std::vector<Row> staleCopies() override;
    std::vector<Row> leases() override;
    std::vector<Json> conflicts() override;
    std::vector<Json> audit(unsigned server) override;
    std::vector<std::string> failures() override;

private:
    struct Peer {
        Peer(const ServerSetup& setup, unsigned number);

        unsigned number;
        KeaServer server;

        std::string file() const {
            return (server.directory() + "/leases.csv");
        }
    };

    ServerSetup setupFor(const std::string& policy, unsigned number) const;
    Peer& peer(unsigned number) {
        return (peers_.at(number - 1));
    }
    bool up(unsigned number);
    unsigned authority(Address address) const;
    Json command(unsigned number, const std::string& name, const Json& arguments = Json::object());
    void awaitNormal();
    bool awaitHeartbeats();
    bool hasHeartbeat(unsigned number);
    void sendUnanswered(const Query& query);
    bool agree();
    void reportDifferences();
    size_t refusedUpdates(unsigned number);

    HaPlan plan_;
    std::string takeover_;
    unsigned threads_;
    std::array<Peer, 2> peers_;
    HaPair pair_;
    PairLeases pair_leases_;
    PairTransport transport_;
    unsigned alone_ = 0;  ///< the server that answers all clients; 0: both are up
    std::vector<std::string> failures_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H
