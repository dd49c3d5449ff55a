// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/observer.h>

#include <core/identity/client_identifier.h>

#include <algorithm>

namespace clone_guard {

Observer::Observer(size_t limit, std::chrono::seconds repeat) :
    limit_(limit), identifiers_(limit, repeat), addresses_(limit) {}

const std::vector<Event>&
Observer::record(const Message& message) {
    events_.clear();
    is_omitted_ = false;
    first_ = queries_ + replies_ == 0 ? message.time : std::min(first_, message.time);
    last_ = std::max(last_, message.time);
    ++(message.is_reply ? replies_ : queries_);
    if (!message.segment.is_ipv6) {
        recordKnown(message);
        return (events_);
    }
    recordPeer(message);
    // Only the query may have the option of the relay. Its client can have an address that was made of another one.
    const bool is_assumed =
        !message.hw_address.usable() || (message.is_reply && !message.segment.relay.isUnspecified() &&
                                         message.peer.eui64Source() == message.hw_address);
    const auto peer = is_assumed ? peers_.find({message.segment, message.peer}) : peers_.end();
    if (peer == peers_.end()) {
        unidentified_ += message.hw_address.usable() ? 0 : 1;
        recordKnown(message);
    } else {
        auto completed = message;
        completed.hw_address = peer->second;
        recordKnown(completed);
    }
    return (events_);
}

void
Observer::recordKnown(const Message& message) {
    if (message.is_reply) {
        recordReply(message);
    } else {
        recordQuery(message);
    }
}

/// Stores the hardware address of a client for the replies to it, which may not show it.
void
Observer::recordPeer(const Message& message) {
    const auto& address = message.hw_address;
    if (message.is_reply || !address.usable() || message.peer.isUnspecified()) {
        return;
    }
    const Peer peer(message.segment, message.peer);
    if (message.peer.eui64Source() == address) {
        peers_.erase(peer);
    } else if (peers_.size() < limit_ || peers_.count(peer) > 0) {
        peers_[peer] = address;
    }
}

Observer::Client*
Observer::clientOf(const Message& message) {
    const ClientKey key(message.hw_address, message.segment.is_ipv6);
    const auto found = clients_.find(key);
    if (found != clients_.end()) {
        return (&found->second);
    }
    if (clients_.size() >= limit_) {
        addFull();
        return (nullptr);
    }
    return (&clients_[key]);
}

void
Observer::addFull() {
    if (is_omitted_) {
        return;
    }
    is_omitted_ = true;
    if (omitted_++ == 0) {
        events_.emplace_back();
    }
}

Event&
Observer::addEvent(Event::Kind kind, const HardwareAddress& machine) {
    auto& event = events_.emplace_back();
    event.kind = kind;
    event.machine = machine;
    return (event);
}

IdentifierUses::Use*
Observer::recordUse(const Message& message, ByteView identifier, const Segment& segment,
                    Client& client) {
    IdentifierUses::Use* use = nullptr;
    const auto change = identifiers_.record(message, identifier, segment, use);
    if (change == IdentifierUses::Change::FULL) {
        addFull();
    } else if (change != IdentifierUses::Change::NONE) {
        const bool is_confirmed = change == IdentifierUses::Change::CONFIRMED;
        auto& reported = is_confirmed ? client.confirmed : client.suspected;
        // The interface 'any' shows a message in several segments.
        const bool is_repeated = message.time - reported < REPEATED_WITHIN;
        reported = message.time;
        if (is_repeated) {
            return (use);
        }
        auto& event =
            addEvent(is_confirmed ? Event::Kind::CONFIRMED : Event::Kind::SUSPECTED, message.hw_address);
        IdentifierUses::describe(*use, message.hw_address, event);
    }
    return (use);
}

/// Records each identifier of a message: option 61, or one for each identity association of DHCPv6.
void
Observer::recordUses(const Message& message, const Segment& segment, Client& client) {
    client.uses.clear();
    const auto record = [&](ByteView identifier) {
        const bool is_recorded =
            std::any_of(client.uses.begin(), client.uses.end(), [identifier](const auto* use) {
                return (IdentifierUses::identifierOf(*use) == identifier);
            });
        if (identifier.size() < MIN_IDENTIFIER || is_recorded) {
            return;
        }
        if (auto* const use = recordUse(message, identifier, segment, client)) {
            client.uses.push_back(use);
        }
    };
    record(message.identifier);
    for (const auto& association : message.associations) {
        record(association.identifier);
    }
}

void
Observer::recordQuery(const Message& message) {
    if (!message.hw_address.usable()) {
        return;
    }
    auto* const client = clientOf(message);
    if (!client) {
        return;
    }
    // A renewal goes past the relay. The segment of its sender is the one in which it asked for its address.
    const bool is_known_renewal = !message.client_address.isUnspecified() &&
                                  message.segment.relay.isUnspecified() &&
                                  client->address == message.client_address;
    const auto segment = is_known_renewal ? client->segment : message.segment;
    client->segment = segment;
    if (client->transaction_id != message.transaction_id ||
        message.time - client->asked >= REPEATED_WITHIN) {
        // systemd-networkd renews with the transaction that it began with.
        client->is_answered = false;
    }
    client->asked = message.time;
    client->transaction_id = message.transaction_id;
    client->has_identifier = message.identifier.size() >= MIN_IDENTIFIER;
    recordUses(message, segment, *client);
    if (message.type == MessageType::RELEASE) {
        recordRelease(message, *client);
    } else if (message.type == MessageType::DECLINE) {
        recordDecline(message, *client, message.requested_address);
        for (const auto& association : message.associations) {
            for (const auto& named : association.addresses) {
                recordDecline(message, *client, named.address);
            }
        }
    }
}

void
Observer::recordRelease(const Message& message, const Client& client) {
    addresses_.recordRelease(client.segment, message.client_address, message.hw_address);
    for (const auto& association : message.associations) {
        for (const auto& named : association.addresses) {
            addresses_.recordRelease(client.segment, named.address, message.hw_address);
        }
    }
    for (auto* const use : client.uses) {
        IdentifierUses::recordRelease(*use, message.hw_address, message.time);
    }
}

void
Observer::recordDecline(const Message& message, const Client& client, const SeenAddress& address) {
    if (!address.isUnspecified()) {
        const auto change =
            addresses_.recordDecline(client.segment, address, message.hw_address, message.time);
        addAddressEvent(change, message, address, {});
    }
}

void
Observer::recordReply(const Message& message) {
    if (!message.hw_address.usable()) {
        servers_.record(message, message.segment);
        return;
    }
    auto* const client = clientOf(message);
    if (!client) {
        return;
    }
    const bool is_answer = client->transaction_id == message.transaction_id;
    if (!is_answer) {
        // The query was not captured. The reply shows its identifier, if the server returns it (RFC 6842).
        client->segment = message.segment;
        client->transaction_id = message.transaction_id;
        client->is_answered = false;
        client->has_identifier = false;
        recordUses(message, message.segment, *client);
    }
    recordServer(message, *client, is_answer);
    if (message.type == MessageType::ACK) {
        recordAcknowledgement(message, *client);
    }
}

void
Observer::recordServer(const Message& message, Client& client, bool is_answer) {
    auto* const server = servers_.record(message, client.segment);
    const auto key = ServerReplies::keyOf(message);
    if (!client.is_answered) {
        client.is_answered = true;
        client.answered_by = key;
    }
    if (!server) {
        return;
    }
    if (client.answered_by != key) {
        auto* const first = servers_.find(client.answered_by);
        if (++server->competing == 1) {
            addEvent(Event::Kind::SERVERS_COMPETE, message.hw_address).other_server =
                first ? first->server : client.answered_by.first;
        }
        if (first) {
            ++first->competing;
        }
    }
    const bool has_lease = message.type == MessageType::OFFER ||
                           (message.type == MessageType::ACK && !message.your_address.isUnspecified());
    if (!is_answer || !client.has_identifier || !has_lease) {
        return;
    }
    if (!message.identifier.empty()) {
        ++server->with_identifier;
    } else if (++server->without_identifier == 1) {
        addEvent(Event::Kind::IDENTIFIER_MISSING, message.hw_address);
    }
}

void
Observer::recordAcknowledgement(const Message& message, Client& client) {
    if (!message.your_address.isUnspecified()) {
        recordLease(message, client, client.uses.empty() ? nullptr : client.uses.front(),
                    message.your_address, message.lease_time.value_or(IdentifierUses::ASSUMED_LEASE));
        client.address = message.your_address;
    }
    for (const auto& association : message.associations) {
        const auto use =
            std::find_if(client.uses.begin(), client.uses.end(), [&association](const auto* one) {
                return (IdentifierUses::identifierOf(*one) == association.identifier);
            });
        for (const auto& named : association.addresses) {
            // A server takes an address back by a lifetime of 0.
            if (named.lifetime.count() > 0) {
                recordLease(message, client, use == client.uses.end() ? nullptr : *use, named.address,
                            named.lifetime);
            }
        }
    }
}

void
Observer::recordLease(const Message& message, Client& client, IdentifierUses::Use* use,
                      const SeenAddress& address, std::chrono::seconds lifetime) {
    HardwareAddress other;
    const auto change = addresses_.recordLease(client.segment, address, message.hw_address, message.time,
                                               lifetime, other);
    addAddressEvent(change, message, address, other);
    client.leased = use;
    client.leased_at = message.time;
    if (use) {
        IdentifierUses::recordLease(*use, message.hw_address, address, message.time, lifetime);
    }
}

void
Observer::addAddressEvent(AddressUses::Change change, const Message& message, const SeenAddress& address,
                          const HardwareAddress& other) {
    if (change == AddressUses::Change::FULL) {
        addFull();
    } else if (change != AddressUses::Change::NONE) {
        auto& event = addEvent(change == AddressUses::Change::SHARED ? Event::Kind::ADDRESS_SHARED
                                                                     : Event::Kind::ADDRESS_DECLINED,
                               message.hw_address);
        event.address = address;
        event.other = other;
    }
}

/// Checks whether a machine leased an address under another identifier than a shared one, in each version of DHCP in
/// which it used the shared one.
bool
Observer::usesAnother(const HardwareAddress& machine, const ObservedIdentifier& shared,
                      UtcTime since) const {
    bool uses_another = false;
    for (const bool is_ipv6 : {false, true}) {
        const auto is_version = [is_ipv6](const Segment& one) { return (one.is_ipv6 == is_ipv6); };
        const auto found = clients_.find({machine, is_ipv6});
        if (found == clients_.end() ||
            std::none_of(shared.segments.begin(), shared.segments.end(), is_version)) {
            continue;
        }
        const auto* const leased = found->second.leased;
        if (!leased || IdentifierUses::identifierOf(*leased) == shared.shared.identifier ||
            found->second.leased_at <= since) {
            return (false);
        }
        uses_another = true;
    }
    return (uses_another);
}

/// Marks the machines that use another identifier since their last message with the shared one (R10).
void
Observer::markSealed(std::vector<ObservedIdentifier>& all, UtcTime end) const {
    for (auto& one : all) {
        size_t unsealed = 0;
        for (auto& machine : one.shared.machines) {
            const auto lifetime = std::max(machine.lifetime, IdentifierUses::ASSUMED_LEASE);
            if (end > machine.last + lifetime && usesAnother(machine.address, one, machine.last)) {
                machine.state = MachineState::SEALED;
            }
            unsealed += machine.state == MachineState::SEALED ? 0 : 1;
        }
        if (unsealed <= 1 && one.shared.sharing == Sharing::CLONES) {
            one.shared.sharing = Sharing::SEALED;
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const ObservedIdentifier& left, const ObservedIdentifier& right) {
                         return (left.shared.sharing < right.shared.sharing);
                     });
}

Observation
Observer::observation(UtcTime end) const {
    Observation result;
    end = std::max(end, last_);
    result.identifiers = identifiers_.shared(end);
    markSealed(result.identifiers, end);
    result.duids = identifiers_.sharedDuids(end);
    result.addresses = addresses_.shared(end);
    result.declined = addresses_.declined();
    result.servers = servers_.all();
    result.queries = queries_;
    result.replies = replies_;
    const HardwareAddress* previous = nullptr;
    for (const auto& [key, client] : clients_) {
        result.machines += previous && *previous == key.first ? 0 : 1;
        previous = &key.first;
    }
    result.known_identifiers = identifiers_.identifiers();
    result.unidentified = unidentified_;
    result.omitted = omitted_;
    result.first = first_;
    result.last = last_;
    return (result);
}

}  // namespace clone_guard
