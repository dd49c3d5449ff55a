// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H

#include <tests/e2e/harness/servers/ha_pair.h>
#include <tests/histories/kea/pair_records.h>
#include <tests/histories/kea/pair_transport.h>

#include <array>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Two real kea-dhcp4 in Kea's own high availability to play a history against.
///
/// What is on record is what the server has that answers: in hot standby the first one, in load balancing each
/// for the half of the addresses that it gives, and after a kill the survivor for all. Each kill, start and
/// restart takes a few seconds of their clock, as failing over does.
class HighAvailability : public Server {
public:
    /// @brief Whether that is a way to join two servers that this class knows.
    static bool knows(const std::string& servers);

    /// @param history with "hot-standby" or "load-balancing" as what joins the servers, and threads.
    HighAvailability(Link& link, const History& history);

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
    std::vector<Row> resettled() override;
    std::vector<Row> leases() override;
    std::vector<Json> conflicts() override;
    std::vector<Json> audit() override;
    std::vector<std::string> troubles() override;

private:
    struct Side {
        Side(const ServerSetup& setup, unsigned number);

        unsigned number;
        KeaServer server;

        std::string file() const {
            return (server.directory() + "/leases.csv");
        }
    };

    ServerSetup setupFor(const std::string& policy, unsigned number) const;
    Side& side(unsigned number) {
        return (sides_.at(number - 1));
    }
    bool up(unsigned number);
    unsigned authority(Address address) const;
    Json command(unsigned number, const std::string& name, const Json& arguments = Json::object());
    void awaitNormal();
    bool awaitHeartbeats();
    bool inTouch(unsigned number);
    void sendInVain(const Query& query);
    bool agree();
    void differ();
    size_t refusedUpdates(unsigned number);

    HaPlan plan_;
    std::string takeover_;
    unsigned threads_;
    std::array<Side, 2> sides_;
    HaPair pair_;
    PairRecords records_;
    PairWire wire_;
    unsigned alone_ = 0;  ///< who answers everybody; 0: both are up
    std::vector<std::string> troubles_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_HA_SERVERS_H
