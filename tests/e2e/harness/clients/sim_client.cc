// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/clients/sim_client.h>

#include <atomic>
#include <map>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

/// How long a reply may take from the server's socket to the client's after the server has sent it.
const Milliseconds DELIVERY_TIME(20);

/// Bounds the wait for a server that no longer answers; it is long enough for a machine that is many times slower.
const std::chrono::minutes REPLY_LIMIT(5);

uint32_t
nextTransaction() {
    static std::atomic<uint32_t> last(0x61000000);
    return (++last);
}

}  // namespace

std::ostream&
operator<<(std::ostream& stream, const Reply& reply) {
    return (stream << (reply.packet ? reply.packet->toText() : std::string("silence")));
}

SimClient::SimClient(Link& link, const Bytes& hw_address, const std::optional<Bytes>& identifier,
                     Address relay) :
    link_(link),
    hw_address_(hw_address), identifier_(identifier), relay_(relay) {}

void
Header::applyTo(Packet& packet) const {
    packet.op = op.value_or(packet.op);
    packet.htype = htype.value_or(packet.htype);
    packet.hlen = hlen.value_or(packet.hlen);
    packet.chaddr = chaddr.value_or(packet.chaddr);
    packet.secs = secs.value_or(packet.secs);
    packet.flags = flags.value_or(packet.flags);
    packet.yiaddr = yiaddr.value_or(packet.yiaddr);
    packet.siaddr = siaddr.value_or(packet.siaddr);
}

Packet
SimClient::untyped() const {
    Packet packet;
    packet.hlen = uint8_t(hw_address_.size());
    packet.chaddr = hw_address_;
    packet.xid = nextTransaction();
    packet.giaddr = relay_;
    header_.applyTo(packet);
    return (packet);
}

void
SimClient::addOptions(Packet& packet) const {
    if (identifier_) {
        packet.add(OPTION_CLIENT_IDENTIFIER, *identifier_);
    }
    for (const auto& entry : more_) {
        packet.add(entry.first, entry.second);
    }
}

Packet
SimClient::packet(MessageType type) const {
    Packet packet = untyped();
    packet.type(type);
    addOptions(packet);
    return (packet);
}

Packet
SimClient::bootp() const {
    Packet packet = untyped();
    addOptions(packet);
    return (packet);
}

Packet
SimClient::informing(Address address) const {
    Packet message = packet(INFORM);
    message.giaddr = Address();
    message.ciaddr = address;
    return (message);
}

Reply
SimClient::discover() {
    return (exchange(packet(DISCOVER)));
}

Reply
SimClient::request(const Reply& offer) {
    return (request(offer.address()));
}

/// The server that answered the client last, if the link sends to several.
Bytes
SimClient::serverIdentifier() const {
    const bool several = link_.sendsToSeveral() && !server_.isZero();
    return (bigEndian((several ? server_ : link_.server()).value));
}

Packet
SimClient::selecting(Address address) const {
    Packet message = rebooting(address);
    message.add(OPTION_SERVER_IDENTIFIER, serverIdentifier());
    return (message);
}

Packet
SimClient::rebooting(Address address) const {
    Packet message = packet(REQUEST);
    message.add(OPTION_REQUESTED_ADDRESS, bigEndian(address.value));
    return (message);
}

Packet
SimClient::renewing() const {
    Packet message = rebinding();
    message.giaddr = Address();
    return (message);
}

Packet
SimClient::rebinding() const {
    Packet message = packet(REQUEST);
    message.ciaddr = address_;
    return (message);
}

Reply
SimClient::request(Address address) {
    return (exchange(selecting(address)));
}

Reply
SimClient::initReboot(Address address) {
    return (exchange(rebooting(address)));
}

Reply
SimClient::renew() {
    return (exchange(renewing()));
}

Reply
SimClient::rebind() {
    return (exchange(rebinding()));
}

void
SimClient::release() {
    release(address_);
    address_ = Address();
}

void
SimClient::release(Address address) {
    Packet message = packet(RELEASE);
    message.ciaddr = address;
    message.add(OPTION_SERVER_IDENTIFIER, serverIdentifier());
    link_.send(message);
    settle();
}

void
SimClient::decline() {
    decline(address_);
    address_ = Address();
}

void
SimClient::decline(Address address) {
    Packet message = packet(DECLINE);
    message.add(OPTION_REQUESTED_ADDRESS, bigEndian(address.value));
    message.add(OPTION_SERVER_IDENTIFIER, serverIdentifier());
    link_.send(message);
    settle();
}

Address
SimClient::acquire() {
    const Reply offer = discover();
    if (offer.type() != OFFER) {
        return (Address());
    }
    const Reply answer = request(offer);
    return (answer.type() == ACK ? answer.address() : Address());
}

void
SimClient::checkEcho(const Packet& query, const Packet& reply) {
    const auto expected =
        expected_echo_ == Echo::OWN ? query.option(OPTION_CLIENT_IDENTIFIER) : std::optional<Bytes>();
    if (expected_echo_ != Echo::ANY && reply.option(OPTION_CLIENT_IDENTIFIER) != expected) {
        ++wrong_echoes_;
    }
}

Reply
SimClient::take(const Packet& query, const Packet& reply) {
    checkEcho(query, reply);
    server_ = reply.addressOption(OPTION_SERVER_IDENTIFIER).value_or(server_);
    // An INFORM is acknowledged without an address.
    if (reply.type() == ACK && query.type() == REQUEST) {
        address_ = reply.yiaddr;
    } else if (reply.type() == NAK) {
        address_ = Address();
    }
    return (Reply{reply});
}

Packet
SimClient::sentinel() const {
    Packet message;
    message.xid = nextTransaction();
    message.chaddr = {0x02, 0x00, 0x00, 0x00, 0x00, 0xfe};
    message.giaddr = relay_;
    message.type(INFORM);
    return (message);
}

void
SimClient::settle() {
    const Packet message = sentinel();
    link_.send(message);
    const auto deadline = std::chrono::steady_clock::now() + REPLY_LIMIT;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto reply = link_.receive(link_.replyTimeout());
        if (reply && reply->xid == message.xid) {
            link_.awaitThreads();
            return;
        }
    }
    throw std::runtime_error("the server no longer answers the INFORM of a bystander");
}

Reply
SimClient::exchange(const Packet& query) {
    return (exchangeTogether({{this, query}}).front());
}

std::vector<Reply>
SimClient::exchangeTogether(const std::vector<ClientQuery>& queries) {
    std::vector<Reply> replies(queries.size());
    std::map<uint32_t, size_t> awaited;
    const SimClient& last = *queries.back().client;
    Link& link = last.link_;
    for (size_t i = 0; i < queries.size(); ++i) {
        awaited[queries[i].query.xid] = i;
        link.send(queries[i].query);
    }
    std::optional<uint32_t> sentinel_sent;
    const auto deadline = std::chrono::steady_clock::now() + REPLY_LIMIT;
    Milliseconds timeout = link.replyTimeout();
    bool settled = false;
    while (!awaited.empty() && std::chrono::steady_clock::now() < deadline) {
        const auto reply = link.receive(timeout);
        const auto found = reply ? awaited.find(reply->xid) : awaited.end();
        if (found != awaited.end()) {
            const ClientQuery& query = queries[found->second];
            replies[found->second] = query.client->take(query.query, *reply);
            awaited.erase(found);
        } else if (reply && reply->xid == sentinel_sent) {
            link.awaitThreads();
            timeout = DELIVERY_TIME;
            settled = true;
        } else if (!reply && settled) {
            return (replies);
        } else if (!reply && !sentinel_sent) {
            const Packet message = last.sentinel();
            sentinel_sent = message.xid;
            link.send(message);
        }
    }
    if (!awaited.empty()) {
        throw std::runtime_error("the server no longer answers the INFORM of a bystander");
    }
    return (replies);
}

}  // namespace e2e
}  // namespace clone_guard
