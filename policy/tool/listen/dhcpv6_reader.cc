// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/dhcpv6_reader.h>

#include <core/identity/client_identifier.h>

#include <tins/dhcpv6.h>

#include <algorithm>
#include <optional>

namespace clone_guard {

namespace {

using Tins::DHCPv6;

/// Relays may be in a row: HOP_COUNT_LIMIT of RFC 3315. RFC 8415 section 7.6 has 8.
constexpr int MAX_RELAYS = 32;
/// A client has one association of a kind for each interface. Further ones are ignored.
constexpr size_t MAX_ASSOCIATIONS = 16;
constexpr size_t MAX_ADDRESSES = 16;

/// Numbers of options beyond those that libtins names.
constexpr uint16_t IA_PD = 25;
constexpr uint16_t IA_PREFIX = 26;
constexpr uint16_t REMOTE_ID = 37;
constexpr uint16_t CLIENT_FQDN = 39;
constexpr uint16_t CLIENT_LINKLAYER_ADDRESS = 79;

constexpr size_t IAID_SIZE = 4;
/// T1 and T2, which an IA_TA lacks.
constexpr size_t IA_TIMES = 8;

/// The first bit of the first byte marks a group address.
constexpr uint8_t GROUP_BIT = 0x01;

ByteView
viewOf(const DHCPv6::option& option) {
    return {option.data_ptr(), option.data_size()};
}

ByteView
find(const DHCPv6& message, uint16_t code) {
    for (const auto& option : message.options()) {
        if (option.option() == code) {
            return (viewOf(option));
        }
    }
    return {};
}

/// Calls back with the code and the value of each option. Returns false if one is cut short.
template <typename Callback>
bool
forEachOption(ByteView bytes, const Callback& callback) {
    constexpr size_t HEADER = 4;
    while (!bytes.empty()) {
        const size_t size = bytes.size() < HEADER ? 0 : toNumber(ByteView(bytes.data() + 2, 2));
        if (bytes.size() < HEADER + size) {
            return (false);
        }
        callback(static_cast<uint16_t>(toNumber(ByteView(bytes.data(), 2))),
                 ByteView(bytes.data() + HEADER, size));
        bytes = bytes.from(HEADER + size);
    }
    return (true);
}

/// Reads IAADDR: address (16), preferred-lifetime (4), valid-lifetime (4). RFC 8415 section 21.6.
std::optional<NamedAddress>
readAddress(ByteView value) {
    constexpr size_t VALID = 20;
    if (value.size() < VALID + 4) {
        return (std::nullopt);
    }
    return (NamedAddress{SeenAddress::ofIpv6(ByteView(value.data(), SeenAddress::IPV6_SIZE)),
                         std::chrono::seconds(toNumber(ByteView(value.data() + VALID, 4)))});
}

/// Reads IAPREFIX: preferred-lifetime (4), valid-lifetime (4), length (1), prefix (16). RFC 8415 section 21.22.
std::optional<NamedAddress>
readPrefix(ByteView value) {
    constexpr size_t VALID = 4;
    constexpr size_t LENGTH = 8;
    constexpr size_t PREFIX = 9;
    if (value.size() < PREFIX + SeenAddress::IPV6_SIZE) {
        return (std::nullopt);
    }
    return (NamedAddress{
        SeenAddress::ofIpv6(ByteView(value.data() + PREFIX, SeenAddress::IPV6_SIZE), value[LENGTH]),
        std::chrono::seconds(toNumber(ByteView(value.data() + VALID, 4)))});
}

/// Reads an identity association. Returns false if it is cut short.
bool
readAssociation(uint16_t code, ByteView value, ByteView duid, Message& message) {
    const auto header = code == DHCPv6::IA_TA ? IAID_SIZE : IAID_SIZE + IA_TIMES;
    if (value.size() < header) {
        return (false);
    }
    Association found;
    if (duid.size() >= MIN_DUID && duid.size() <= MAX_DUID) {
        found.identifier = {TYPE_RFC4361};
        found.identifier.insert(found.identifier.end(), value.begin(), value.begin() + IAID_SIZE);
        found.identifier.insert(found.identifier.end(), duid.begin(), duid.end());
    }
    bool is_whole = true;
    const bool has_whole_options =
        forEachOption(value.from(header), [&](uint16_t inner, ByteView bytes) {
            if (inner != DHCPv6::IA_ADDR && inner != IA_PREFIX) {
                return;
            }
            const auto named = inner == DHCPv6::IA_ADDR ? readAddress(bytes) : readPrefix(bytes);
            is_whole = is_whole && named;
            if (named && !named->address.isUnspecified() && found.addresses.size() < MAX_ADDRESSES) {
                found.addresses.push_back(*named);
            }
        });
    if (message.associations.size() < MAX_ASSOCIATIONS) {
        message.associations.push_back(std::move(found));
    }
    return (has_whole_options && is_whole);
}

/// Returns the counterpart of a message type in DHCPv4, or std::nullopt if the type has no counterpart.
///
/// @param type the first byte of the message: libtins makes an invalid enumerator of an unknown type
std::optional<MessageType>
toMessageType(uint8_t type) {
    switch (type) {
    case DHCPv6::SOLICIT:
        return (MessageType::DISCOVER);
    case DHCPv6::ADVERTISE:
        return (MessageType::OFFER);
    case DHCPv6::REQUEST:
    case DHCPv6::CONFIRM:
    case DHCPv6::RENEW:
    case DHCPv6::REBIND:
        return (MessageType::REQUEST);
    case DHCPv6::REPLY:
        return (MessageType::ACK);
    case DHCPv6::RELEASE:
        return (MessageType::RELEASE);
    case DHCPv6::DECLINE:
        return (MessageType::DECLINE);
    case DHCPv6::INFO_REQUEST:
        return (MessageType::INFORM);
    default:
        return (std::nullopt);
    }
}

/// Returns the first label of option 39 (RFC 4704 section 4): flags (1), then the name in the format of DNS.
std::string
fqdnLabel(ByteView value) {
    if (value.size() < 2) {
        return {};
    }
    const auto size = std::min<size_t>(value[1], value.size() - 2);
    return (std::string(value.begin() + 2, value.begin() + 2 + size));
}

/// Checks for a reply that assigns nothing and has a status other than success, at any level.
bool
isRefusal(const DHCPv6& reply, const Message& message) {
    const auto is_failure = [](uint16_t code, ByteView value) {
        return (code == DHCPv6::STATUS_CODE && value.size() >= 2 &&
                toNumber(ByteView(value.data(), 2)) != 0);
    };
    bool has_failed = false;
    for (const auto& option : reply.options()) {
        const auto code = option.option();
        const auto value = viewOf(option);
        has_failed = has_failed || is_failure(code, value);
        if (code == DHCPv6::IA_NA || code == IA_PD) {
            forEachOption(value.from(IAID_SIZE + IA_TIMES), [&](uint16_t inner, ByteView bytes) {
                has_failed = has_failed || is_failure(inner, bytes);
            });
        }
    }
    return (has_failed && std::all_of(message.associations.begin(), message.associations.end(),
                                      [](const Association& one) {
                                          return (std::all_of(one.addresses.begin(), one.addresses.end(),
                                                              [](const NamedAddress& named) {
                                                                  return (named.lifetime.count() == 0);
                                                              }));
                                      }));
}

/// Finds the hardware address of the client in what is around the message.
void
setClient(Message& message, bool is_relayed, ByteView linklayer_address) {
    constexpr size_t TYPE_SIZE = 2;
    if (!is_relayed) {
        message.peer = message.is_reply ? message.ip_target : message.ip_source;
    }
    const auto& in_frame = message.is_reply ? message.frame_target : message.frame_source;
    if (linklayer_address.size() > TYPE_SIZE) {
        message.hw_address = HardwareAddress(linklayer_address[1], linklayer_address.from(TYPE_SIZE));
    } else if (!is_relayed && message.peer.isLinkLocal() && in_frame.usable() &&
               (in_frame.bytes()[0] & GROUP_BIT) == 0) {
        message.hw_address = in_frame;
    } else {
        message.hw_address = message.peer.eui64Source();
    }
}

Dhcpv6Result
readMessage(const DHCPv6& parsed, uint8_t code, Message& message) {
    const auto type = toMessageType(code);
    if (!type) {
        return (Dhcpv6Result::OTHER);
    }
    message.type = *type;
    message.is_reply = *type == MessageType::OFFER || *type == MessageType::ACK;
    message.extends_lease = code == DHCPv6::RENEW;
    message.transaction_id = static_cast<uint32_t>(parsed.transaction_id());
    if (const auto server = find(parsed, DHCPv6::SERVERID); server.size() <= MAX_DUID) {
        message.server_duid = server.copy();
    }
    message.hostname = fqdnLabel(find(parsed, CLIENT_FQDN));
    const auto duid = find(parsed, DHCPv6::CLIENTID);
    for (const auto& option : parsed.options()) {
        const auto kind = option.option();
        if ((kind == DHCPv6::IA_NA || kind == DHCPv6::IA_TA || kind == IA_PD) &&
            !readAssociation(kind, viewOf(option), duid, message)) {
            return (Dhcpv6Result::DAMAGED);
        }
    }
    if (message.type == MessageType::ACK && isRefusal(parsed, message)) {
        message.type = MessageType::NAK;
    }
    return (Dhcpv6Result::COMPLETE);
}

}  // namespace

SeenAddress
seenAddress(const Tins::IPv6Address& address) {
    return (SeenAddress::ofIpv6(ByteView(address.begin(), Tins::IPv6Address::address_size)));
}

Dhcpv6Result
readDhcpv6(ByteView payload, Message& message) {
    message.segment.is_ipv6 = true;
    Bytes linklayer_address;
    auto bytes = payload.copy();
    for (int relays = 0; relays <= MAX_RELAYS; ++relays) {
        const DHCPv6 parsed(bytes.data(), static_cast<uint32_t>(bytes.size()));
        if (!parsed.is_relay_message()) {
            const auto result = readMessage(parsed, bytes[0], message);
            setClient(message, relays > 0, linklayer_address);
            return (result);
        }
        // The relay next to the client is the innermost one.
        message.peer = seenAddress(parsed.peer_address());
        if (const auto link = seenAddress(parsed.link_address()); !link.isUnspecified()) {
            message.segment.relay = link;
        }
        linklayer_address = find(parsed, CLIENT_LINKLAYER_ADDRESS).copy();
        message.circuit_id = find(parsed, DHCPv6::INTERFACE_ID).copy();
        message.remote_id = find(parsed, REMOTE_ID).copy();
        auto relayed = find(parsed, DHCPv6::RELAY_MSG).copy();
        if (relayed.empty()) {
            break;
        }
        bytes = std::move(relayed);
    }
    return (Dhcpv6Result::DAMAGED);
}

}  // namespace clone_guard
