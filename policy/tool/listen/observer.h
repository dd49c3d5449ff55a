// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_OBSERVER_H
#define CLONE_GUARD_TOOL_LISTEN_OBSERVER_H

#include <tool/listen/address_uses.h>
#include <tool/listen/identifier_uses.h>
#include <tool/listen/message.h>
#include <tool/listen/observation.h>
#include <tool/listen/server_replies.h>

#include <core/decision/parameters.h>

#include <chrono>
#include <map>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Finds clones, shared addresses and stray servers in DHCP messages.
///
/// It knows no clock: time is that of the messages. Its memory is bounded; beyond the bound it counts messages that it
/// does not record.
class Observer {
public:
    /// @brief The default bound: some 300 MB if each machine has an identifier, and 400 MB with the longest identifiers and
    /// names.
    static constexpr size_t MAX_MACHINES = 262144;

    /// @brief The default of the guard's parameter audit-repeat.
    static constexpr std::chrono::seconds REPEAT{parameter::AUDIT_REPEAT.default_number};

    /// @param limit the largest number of machines, and of addresses.
    /// @param repeat time after which a finding that goes on is an event again; 0: never.
    explicit Observer(size_t limit = MAX_MACHINES, std::chrono::seconds repeat = REPEAT);

    /// @brief Records a message.
    ///
    /// @return what was seen for the first time, or again after the repeat time; valid until the next call.
    const std::vector<Event>& record(const Message& message);

    /// @brief Sums up.
    ///
    /// @param end the time up to which was captured, if it is later than the last message.
    [[nodiscard]] Observation observation(UtcTime end = UtcTime()) const;

private:
    /// A hardware address in one version of DHCP, and its last query.
    struct Client {
        Segment segment;  ///< in which it asked for its address
        UtcTime asked;    ///< the time of its last query
        uint32_t transaction_id = 0;
        bool has_identifier = false;
        bool is_answered = false;
        ServerReplies::Key answered_by;
        std::vector<IdentifierUses::Use*> uses;  ///< of its last query; in DHCPv4 at most one
        IdentifierUses::Use* leased = nullptr;   ///< of its last acknowledgement
        UtcTime leased_at;
        UtcTime suspected;  ///< the time of the last event of this kind about it
        UtcTime confirmed;
        IpAddress address;  ///< acknowledged last, in DHCPv4
    };
    /// With the version: DHCPv6.
    using ClientKey = std::pair<HardwareAddress, bool>;
    /// A client on a link, as the relay or the link shows it.
    using Peer = std::pair<Segment, SeenAddress>;

    void recordKnown(const Message& message);
    void recordPeer(const Message& message);

    Client* clientOf(const Message& message);
    void recordQuery(const Message& message);
    void recordReply(const Message& message);
    void recordServer(const Message& message, Client& client, bool is_answer);
    void recordAcknowledgement(const Message& message, Client& client);
    void recordLease(const Message& message, Client& client, IdentifierUses::Use* use,
                     const SeenAddress& address, std::chrono::seconds lifetime);
    void recordRelease(const Message& message, const Client& client);
    void recordDecline(const Message& message, const Client& client, const SeenAddress& address);
    void recordUses(const Message& message, const Segment& segment, Client& client);
    IdentifierUses::Use* recordUse(const Message& message, ByteView identifier, const Segment& segment,
                                   Client& client);
    Event& addEvent(Event::Kind kind, const HardwareAddress& machine);
    void addAddressEvent(AddressUses::Change change, const Message& message, const SeenAddress& address,
                         const HardwareAddress& other);
    void addFull();
    [[nodiscard]] bool usesAnother(const HardwareAddress& machine, const ObservedIdentifier& shared,
                                   UtcTime since) const;
    void markSealed(std::vector<ObservedIdentifier>& all, UtcTime end) const;

    size_t limit_;
    IdentifierUses identifiers_;
    AddressUses addresses_;
    ServerReplies servers_;
    std::map<ClientKey, Client> clients_;
    std::map<Peer, HardwareAddress> peers_;  ///< those whose address is not made of the hardware address
    std::vector<Event> events_;
    uint64_t queries_ = 0;
    uint64_t replies_ = 0;
    uint64_t unidentified_ = 0;
    uint64_t omitted_ = 0;
    bool is_omitted_ = false;  ///< the message at hand
    UtcTime first_;
    UtcTime last_;
};

}  // namespace clone_guard

#endif
