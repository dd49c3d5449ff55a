// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/network.h>

#include <tests/e2e/harness/net/addresses.h>

namespace clone_guard {
namespace e2e {
namespace history {

std::string
Host::toText() const {
    return ("host " + std::to_string(number) + " (" + hwText() + ", " +
            (identifier ? identifierText() : "no identifier") + ")");
}

std::string
Query::toText() const {
    return (byStranger() ? "a stranger sent " + describe(packet)
                         : "host " + std::to_string(host) + " sent " + packet.toText());
}

SimulatedNetwork::SimulatedNetwork() {
    for (const HostSpec& spec : hostSpecs()) {
        Host host;
        host.number = unsigned(hosts_.size());
        host.spec = spec;
        host.hw_address = virtualMac(spec.machine);
        host.identifier = spec.identifier;
        host.network = spec.network;
        host.relay = relayOf(spec.subnet);
        hosts_.push_back(host);
    }
}

void
SimulatedNetwork::apply(const Event& event) {
    Host& host = hosts_.at(event.host);
    const bool shared = host.spec.kind == HostKind::BOOT_STAGE || host.spec.kind == HostKind::IPVLAN;
    host.in_use = false;
    host.offered = Address();
    switch (event.action) {
    case Action::SWAP:
        // Several hosts share this NIC.
        if (!shared) {
            const bool follows = host.identifier == macIdentifier(host.hw_address);
            host.hw_address = virtualMac(++last_nic_);
            host.last = Address();
            if (follows) {
                host.identifier = macIdentifier(host.hw_address);
            }
        }
        break;
    case Action::SEAL:
        host.identifier = uniqueIdentifier(++last_identifier_);
        break;
    case Action::RECLONE:
        host.identifier = shared ? host.identifier : templateIdentifier(event.other % TEMPLATES);
        break;
    case Action::ASSUME:
        host.identifier = hosts_.at(event.other).identifier;
        break;
    case Action::FORGE: {
        const Host& other = hosts_.at(event.other);
        // A longer identifier would not fit; the derived identifier of the host itself is not forged.
        if (other.identifier && other.identifier->size() < 40 && other.hw_address != host.hw_address) {
            host.identifier = derivedIdentifier(other.hw_address, *other.identifier);
        }
        break;
    }
    case Action::MOVE:
        if (!shared) {
            host.network = 1 - host.network;
            host.relay = relayOf(host.network == 0 ? 1 : 2 + host.number % 2);
        }
        break;
    default:
        break;
    }
}

/// A host selects an offer at the server that made it, and renews at the server of its lease, unless the event names
/// another server.
unsigned
SimulatedNetwork::destination(const Host& host, const Event& event) const {
    const bool selects = event.action == Action::SELECT && !host.offered.isZero();
    unsigned server = selects                        ? host.offered_by
                      : event.server != EVERY_SERVER ? event.server
                                                     : host.server;
    server = server == EVERY_SERVER ? 1 : server;
    return (down.count(server) != 0 ? 3 - server : server);
}

Bytes
SimulatedNetwork::serverIdentifier() const {
    return (bigEndian(serverAddress(server_ == EVERY_SERVER ? 1 : server_).value));
}

std::optional<Query>
SimulatedNetwork::makeQuery(const Event& event) {
    if (event.action == Action::STRANGER) {
        return (makeStranger(event));
    }
    Host& host = hosts_.at(event.host);
    const Address others = hosts_.at(event.other).last;
    if (down.count(host.offered_by) != 0) {
        host.offered = Address();
    }
    server_ = two_servers ? destination(host, event) : EVERY_SERVER;
    switch (event.action) {
    case Action::DISCOVER:
        return (boot(host, Address()));
    case Action::DISCOVER_AS:
        return (boot(host, others));
    case Action::SELECT:
        return (select(host, host.offered));
    case Action::GRAB:
        return (select(host, others));
    case Action::RENEW:
    case Action::REBIND:
        return (host.holds(now) ? extend(host, event.action) : boot(host, host.last));
    case Action::WAKE:
        return (extend(host, event.action));
    case Action::REBOOT:
        return (reboot(host, event.action, host.last));
    case Action::REBOOT_AS:
        return (reboot(host, event.action, others));
    case Action::RELEASE:
    case Action::SHUTDOWN:
    case Action::DECLINE:
        return (giveUp(host, event.action, host.holds(now) ? host.last : Address()));
    case Action::RELEASE_OF:
    case Action::DECLINE_OF: {
        // Hosts behind one hardware address may give up the leases of each other; this event is for other leases.
        const bool own = hosts_.at(event.other).hw_address == host.hw_address;
        return (giveUp(host, event.action, own ? Address() : others));
    }
    default:
        return (std::nullopt);
    }
}

Query
SimulatedNetwork::makeStranger(const Event& event) {
    const Host& victim = hosts_.at(event.host);
    Query query;
    query.host = STRANGER;
    query.action = event.action;
    query.network = victim.network;
    query.server = two_servers ? destination(victim, event) : EVERY_SERVER;
    query.packet = strangers_.make(victim, hosts_, event.other);
    query.packet.xid = ++last_transaction_;
    return (query);
}

void
SimulatedNetwork::stopOtherStages(const Host& host) {
    if (host.spec.kind != HostKind::BOOT_STAGE) {
        return;
    }
    for (Host& other : hosts_) {
        if (other.spec.machine == host.spec.machine && other.number != host.number) {
            other.in_use = false;
            other.offered = Address();
        }
    }
}

std::optional<Query>
SimulatedNetwork::make(Host& host, Action action, MessageType type) {
    stopOtherStages(host);
    Query query;
    query.host = host.number;
    query.action = action;
    query.network = host.network;
    query.server = server_;
    query.packet.xid = ++last_transaction_;
    query.packet.chaddr = host.hw_address;
    query.packet.giaddr = host.relay;
    query.packet.type(type);
    if (host.identifier) {
        query.packet.add(OPTION_CLIENT_IDENTIFIER, *host.identifier);
    }
    return (query);
}

std::optional<Query>
SimulatedNetwork::boot(Host& host, Address wish) {
    host.in_use = false;
    host.offered = Address();
    auto query = make(host, Action::DISCOVER, DISCOVER);
    if (!wish.isZero()) {
        query->packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(wish.value));
    }
    return (query);
}

std::optional<Query>
SimulatedNetwork::select(Host& host, Address address) {
    host.offered = Address();
    if (address.isZero()) {
        return (std::nullopt);
    }
    host.in_use = false;
    auto query = make(host, Action::SELECT, REQUEST);
    query->packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address.value));
    query->packet.add(OPTION_SERVER_IDENTIFIER, serverIdentifier());
    return (query);
}

std::optional<Query>
SimulatedNetwork::extend(Host& host, Action action) {
    if (host.last.isZero()) {
        return (std::nullopt);
    }
    auto query = make(host, action, REQUEST);
    query->packet.ciaddr = host.last;
    if (action != Action::REBIND) {
        query->packet.giaddr = Address();
        query->network = networkOf(host.last);
    }
    return (query);
}

std::optional<Query>
SimulatedNetwork::reboot(Host& host, Action action, Address address) {
    if (address.isZero()) {
        return (boot(host, Address()));
    }
    host.in_use = false;
    host.offered = Address();
    auto query = make(host, action, REQUEST);
    query->packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address.value));
    return (query);
}

std::optional<Query>
SimulatedNetwork::giveUp(Host& host, Action action, Address address) {
    if (address.isZero()) {
        return (std::nullopt);
    }
    // The address of the other host may be the address of this host by now.
    const bool own = address == host.last;
    const bool release = action != Action::DECLINE && action != Action::DECLINE_OF;
    auto query = make(host, action, release ? RELEASE : DECLINE);
    query->packet.add(OPTION_SERVER_IDENTIFIER, serverIdentifier());
    if (release) {
        query->packet.ciaddr = address;
    } else {
        query->packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address.value));
    }
    if (own) {
        host.gave_up = true;
        host.in_use = false;
        host.last = release ? host.last : Address();
    }
    return (query);
}

void
SimulatedNetwork::receive(const Query& query, const Packet& reply) {
    if (query.byStranger()) {
        strangers_.receive(query.packet, reply);
        return;
    }
    Host& host = hosts_.at(query.host);
    const Address from = reply.addressOption(OPTION_SERVER_IDENTIFIER).value_or(Address());
    const unsigned server = from == serverAddress(2) ? 2 : 1;
    switch (reply.type()) {
    case OFFER:
        host.offered = reply.yiaddr;
        host.offered_by = server;
        break;
    case ACK:
        host.server = server;
        host.last = reply.yiaddr;
        host.in_use = true;
        host.gave_up = false;
        host.until = now + reply.numberOption(OPTION_LEASE_TIME).value_or(0);
        break;
    case NAK:
        host.in_use = false;
        host.last = Address();
        break;
    default:
        break;
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
