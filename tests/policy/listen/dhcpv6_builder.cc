// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/listen/dhcpv6_builder.h>
#include <tests/policy/support.h>

#include <core/identity/client_identifier.h>

#include <arpa/inet.h>
#include <array>

namespace clone_guard {
namespace test {

namespace {

constexpr uint16_t CLIENT_PORT = 546;
constexpr uint16_t SERVER_PORT = 547;

void
putAddress(Bytes& bytes, const std::string& text) {
    std::array<uint8_t, sizeof(in6_addr)> address{};
    inet_pton(AF_INET6, text.c_str(), address.data());
    put(bytes, ByteView(address.data(), address.size()));
}

Bytes
ethernet6(ByteView target, ByteView source, const Bytes& packet) {
    Bytes frame;
    put(frame, target);
    put(frame, source);
    put(frame, 0x86dd, 2);
    put(frame, packet);
    return (frame);
}

}  // namespace

const Bytes&
cloneDuid() {
    static const Bytes duid = ByteView(cloneIdentifier()).from(DUID_OFFSET).copy();
    return (duid);
}

Bytes
option6(uint16_t code, const Bytes& value) {
    Bytes bytes;
    put(bytes, code, 2);
    put(bytes, value.size(), 2);
    put(bytes, value);
    return (bytes);
}

Bytes
iaNa(uint32_t iaid, const std::vector<std::string>& addresses, uint32_t lifetime) {
    Bytes value;
    put(value, iaid, 4);
    put(value, 0, 8);
    for (const auto& address : addresses) {
        Bytes inner;
        putAddress(inner, address);
        put(inner, lifetime / 2, 4);
        put(inner, lifetime, 4);
        put(value, option6(5, inner));
    }
    return (option6(3, value));
}

Bytes
iaPd(uint32_t iaid, const std::string& prefix, uint32_t lifetime) {
    Bytes value;
    put(value, iaid, 4);
    put(value, 0, 8);
    if (!prefix.empty()) {
        Bytes inner;
        put(inner, lifetime / 2, 4);
        put(inner, lifetime, 4);
        put(inner, 56, 1);
        putAddress(inner, prefix);
        put(value, option6(26, inner));
    }
    return (option6(25, value));
}

Bytes
message6(Type6 type, uint32_t transaction_id, const std::vector<Bytes>& options) {
    Bytes bytes;
    put(bytes, static_cast<uint8_t>(type), 1);
    put(bytes, transaction_id, 3);
    for (const auto& option : options) {
        put(bytes, option);
    }
    return (bytes);
}

Bytes
clientId(const Bytes& duid) {
    return (option6(1, duid));
}

Bytes
serverId(uint32_t server) {
    auto duid = hex("00 03 00 01");
    const auto address = mac(server);
    duid.insert(duid.end(), address.bytes().begin(), address.bytes().end());
    return (option6(2, duid));
}

Bytes
ask(Type6 type, uint32_t transaction_id, const std::vector<std::string>& addresses, uint32_t iaid,
    const Bytes& duid) {
    return (message6(type, transaction_id, {clientId(duid), iaNa(iaid, addresses)}));
}

Bytes
answer(uint32_t transaction_id, const std::string& address, uint32_t iaid, const Bytes& duid,
       Type6 type) {
    return (message6(type, transaction_id, {clientId(duid), serverId(), iaNa(iaid, {address})}));
}

Bytes
relayed6(Type6 type, const std::string& link, const std::string& peer, const Bytes& message,
         const std::vector<Bytes>& options) {
    Bytes bytes;
    put(bytes, static_cast<uint8_t>(type), 1);
    put(bytes, 0, 1);
    putAddress(bytes, link);
    putAddress(bytes, peer);
    for (const auto& option : options) {
        put(bytes, option);
    }
    put(bytes, option6(9, message));
    return (bytes);
}

std::string
linkLocal(const HardwareAddress& address) {
    const auto part = [&address](size_t at) {
        auto text = toHex(ByteView(address.bytes().data() + at, 1));
        return (at == 0 ? toHex(Bytes{static_cast<uint8_t>(address.bytes()[0] ^ 2U)}) : text);
    };
    return ("fe80::" + part(0) + part(1) + ":" + part(2) + "ff:fe" + part(3) + ":" + part(4) + part(5));
}

Bytes
packet6(const std::string& source, const std::string& target, uint16_t port, const Bytes& payload) {
    Bytes bytes;
    put(bytes, 0x60000000, 4);
    put(bytes, 8 + payload.size(), 2);
    put(bytes, 17, 1);
    put(bytes, 64, 1);
    putAddress(bytes, source);
    putAddress(bytes, target);
    put(bytes, port == SERVER_PORT ? CLIENT_PORT : SERVER_PORT, 2);
    put(bytes, port, 2);
    put(bytes, 8 + payload.size(), 2);
    put(bytes, 0, 2);
    put(bytes, payload);
    return (bytes);
}

Bytes
fromClient(const HardwareAddress& client, const Bytes& payload, const std::string& source) {
    return (ethernet6(
        hex("33 33 00 01 00 02"), client.bytes(),
        packet6(source.empty() ? linkLocal(client) : source, "ff02::1:2", SERVER_PORT, payload)));
}

Bytes
toClient(const HardwareAddress& client, const Bytes& payload, const std::string& target,
         uint32_t server) {
    return (ethernet6(client.bytes(), mac(server).bytes(),
                      packet6(linkLocal(mac(server)), target.empty() ? linkLocal(client) : target,
                              CLIENT_PORT, payload)));
}

Bytes
betweenRelayAndServer(const Bytes& payload, bool to_server) {
    const auto relay = mac(0xfd);
    const auto server = mac(0xfe);
    return (to_server ? ethernet6(server.bytes(), relay.bytes(),
                                  packet6("2001:db8:9::2", "2001:db8:9::1", SERVER_PORT, payload))
                      : ethernet6(relay.bytes(), server.bytes(),
                                  packet6("2001:db8:9::1", "2001:db8:9::2", SERVER_PORT, payload)));
}

}  // namespace test
}  // namespace clone_guard
