// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_SERVER_REPLIES_H
#define CLONE_GUARD_TOOL_LISTEN_SERVER_REPLIES_H

#include <tool/listen/message.h>
#include <tool/listen/observation.h>

#include <map>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Counts the replies of each server.
class ServerReplies {
public:
    /// @brief A flood of forged replies can name any number of servers.
    static constexpr size_t MAX_SERVERS = 256;
    static constexpr size_t MAX_SEGMENTS = 64;

    /// @brief What distinguishes servers: the address in DHCPv4, the DUID in DHCPv6.
    using Key = std::pair<SeenAddress, Bytes>;

    /// @return the server of a reply: option 54, else the source address.
    static SeenAddress serverOf(const Message& reply) noexcept {
        return (reply.server.isUnspecified() ? reply.ip_source : SeenAddress(reply.server));
    }
    static Key keyOf(const Message& reply) {
        return (reply.server_duid.empty() ? Key(serverOf(reply), {})
                                          : Key(SeenAddress(), reply.server_duid));
    }

    /// @brief Records a reply.
    ///
    /// @return the counts of its server; null if the bound is reached.
    ObservedServer* record(const Message& reply, const Segment& segment);

    /// @return the counts of a server, or null if it sent no reply.
    ObservedServer* find(const Key& server);

    [[nodiscard]] std::vector<ObservedServer> all() const;

private:
    std::map<Key, ObservedServer> servers_;
};

}  // namespace clone_guard

#endif
