// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/server_replies.h>

#include <algorithm>

namespace clone_guard {

ObservedServer*
ServerReplies::find(const Key& server) {
    const auto found = servers_.find(server);
    return (found == servers_.end() ? nullptr : &found->second);
}

ObservedServer*
ServerReplies::record(const Message& reply, const Segment& segment) {
    const auto key = keyOf(reply);
    auto* server = find(key);
    if (!server) {
        if (servers_.size() >= MAX_SERVERS) {
            return (nullptr);
        }
        server = &servers_[key];
        server->server = serverOf(reply);
        server->duid = reply.server_duid;
    }
    // The frame of a relayed reply is the relay's.
    if (server->hw_address.bytes().empty() && reply.ip_source == server->server) {
        server->hw_address = reply.frame_source;
    }
    auto& segments = server->segments;
    if (segments.size() < MAX_SEGMENTS &&
        std::find(segments.begin(), segments.end(), segment) == segments.end()) {
        segments.push_back(segment);
    }
    switch (reply.type) {
    case MessageType::OFFER:
        ++server->offers;
        break;
    case MessageType::ACK:
        ++server->acknowledgements;
        break;
    case MessageType::NAK:
        ++server->refusals;
        break;
    default:
        break;
    }
    return (server);
}

std::vector<ObservedServer>
ServerReplies::all() const {
    std::vector<ObservedServer> all;
    all.reserve(servers_.size());
    for (const auto& entry : servers_) {
        all.push_back(entry.second);
    }
    return (all);
}

}  // namespace clone_guard
