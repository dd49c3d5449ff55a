// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/observer.h>

#include <core/identity/client_identifier.h>

#include <algorithm>

namespace clone_guard {

Observer::Observer(size_t limit) : limit_(limit), identifiers_(limit), addresses_(limit) {}

const std::vector<Event>&
Observer::record(const Message& message) {
    events_.clear();
    is_omitted_ = false;
    first_ = queries_ + replies_ == 0 ? message.time : std::min(first_, message.time);
    last_ = std::max(last_, message.time);
    if (message.is_reply) {
        ++replies_;
        recordReply(message);
    } else {
        ++queries_;
        recordQuery(message);
    }
    return (events_);
}

Observer::Client*
Observer::clientOf(const HardwareAddress& address) {
    const auto found = clients_.find(address);
    if (found != clients_.end()) {
        return (&found->second);
    }
    if (clients_.size() >= limit_) {
        addFull();
        return (nullptr);
    }
    return (&clients_[address]);
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

IdentifierUses::Use*
Observer::recordUse(const Message& message, const Segment& segment, Client& client) {
    IdentifierUses::Use* use = nullptr;
    const auto change = identifiers_.record(message, segment, use);
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
        Event event;
        event.kind = is_confirmed ? Event::Kind::CONFIRMED : Event::Kind::SUSPECTED;
        IdentifierUses::describe(*use, message.hw_address, event);
        events_.push_back(std::move(event));
    }
    return (use);
}

void
Observer::recordQuery(const Message& message) {
    if (!message.hw_address.usable()) {
        return;
    }
    auto* const client = clientOf(message.hw_address);
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
    client->use = client->has_identifier ? recordUse(message, segment, *client) : nullptr;
    if (message.type == MessageType::RELEASE) {
        addresses_.recordRelease(segment, message.client_address, message.hw_address);
        if (client->use) {
            IdentifierUses::recordRelease(*client->use, message.hw_address, message.time);
        }
    } else if (message.type == MessageType::DECLINE && !message.requested_address.isUnspecified()) {
        addAddressEvent(addresses_.recordDecline(segment, message.requested_address, message.hw_address,
                                                 message.time),
                        message.requested_address, {});
    }
}

void
Observer::recordReply(const Message& message) {
    if (!message.hw_address.usable()) {
        servers_.record(message, message.segment);
        return;
    }
    auto* const client = clientOf(message.hw_address);
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
        client->use = message.identifier.size() >= MIN_IDENTIFIER
                          ? recordUse(message, message.segment, *client)
                          : nullptr;
    }
    recordServer(message, *client, is_answer);
    if (message.type == MessageType::ACK && !message.your_address.isUnspecified()) {
        recordAcknowledgement(message, *client);
    }
}

void
Observer::recordServer(const Message& message, Client& client, bool is_answer) {
    auto* const server = servers_.record(message, client.segment);
    const auto address = ServerReplies::serverOf(message);
    if (!client.is_answered) {
        client.is_answered = true;
        client.answered_by = address;
    }
    if (!server) {
        return;
    }
    if (client.answered_by != address) {
        if (++server->competing == 1) {
            Event event;
            event.kind = Event::Kind::SERVERS_COMPETE;
            event.other_server = client.answered_by;
            events_.push_back(std::move(event));
        }
        if (auto* const first = servers_.find(client.answered_by)) {
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
        Event event;
        event.kind = Event::Kind::IDENTIFIER_MISSING;
        events_.push_back(std::move(event));
    }
}

void
Observer::recordAcknowledgement(const Message& message, Client& client) {
    const auto lifetime = message.lease_time.value_or(IdentifierUses::ASSUMED_LEASE);
    HardwareAddress other;
    const auto change = addresses_.recordLease(client.segment, message.your_address, message.hw_address,
                                               message.time, lifetime, other);
    addAddressEvent(change, message.your_address, other);
    client.address = message.your_address;
    client.leased = client.use;
    client.leased_at = message.time;
    if (client.use) {
        IdentifierUses::recordLease(*client.use, message.hw_address, message.your_address, message.time,
                                    lifetime);
    }
}

void
Observer::addAddressEvent(AddressUses::Change change, IpAddress address, const HardwareAddress& other) {
    if (change == AddressUses::Change::FULL) {
        addFull();
    } else if (change != AddressUses::Change::NONE) {
        Event event;
        event.kind = change == AddressUses::Change::SHARED ? Event::Kind::ADDRESS_SHARED
                                                           : Event::Kind::ADDRESS_DECLINED;
        event.address = address;
        event.other = other;
        events_.push_back(std::move(event));
    }
}

/// Marks the machines that use another identifier since their last message with the shared one (R10).
void
Observer::markSealed(std::vector<ObservedIdentifier>& all, UtcTime end) const {
    for (auto& one : all) {
        size_t unsealed = 0;
        for (auto& machine : one.shared.machines) {
            const auto found = clients_.find(machine.address);
            const auto lifetime = std::max(machine.lifetime, IdentifierUses::ASSUMED_LEASE);
            if (found != clients_.end() && found->second.leased &&
                IdentifierUses::identifierOf(*found->second.leased) != one.shared.identifier &&
                found->second.leased_at > machine.last && end > machine.last + lifetime) {
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
    result.addresses = addresses_.shared(end);
    result.declined = addresses_.declined();
    result.servers = servers_.all();
    result.queries = queries_;
    result.replies = replies_;
    result.machines = clients_.size();
    result.known_identifiers = identifiers_.identifiers();
    result.omitted = omitted_;
    result.first = first_;
    result.last = last_;
    return (result);
}

}  // namespace clone_guard
