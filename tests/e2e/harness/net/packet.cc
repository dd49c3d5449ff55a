// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/packet.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {

namespace {

const size_t FIXED_SIZE = 236;
const size_t CHADDR_OFFSET = 28;
const size_t CHADDR_SIZE = 16;
const uint8_t MAGIC[4] = {99, 130, 83, 99};

uint32_t
readNumber(const uint8_t* data) {
    return (uint32_t(data[0]) << 24 | uint32_t(data[1]) << 16 | uint32_t(data[2]) << 8 | data[3]);
}

}  // namespace

std::string
messageName(uint8_t type) {
    static const char* const names[] = {"BOOTP", "DISCOVER", "OFFER",   "REQUEST", "DECLINE",
                                        "ACK",   "NAK",      "RELEASE", "INFORM"};
    return (type <= INFORM ? names[type] : "type " + std::to_string(type));
}

Packet&
Packet::add(uint8_t code, const Bytes& data) {
    options.emplace_back(code, data);
    return (*this);
}

Packet&
Packet::type(MessageType type) {
    return (add(OPTION_MESSAGE_TYPE, {type}));
}

uint8_t
Packet::type() const {
    const auto data = option(OPTION_MESSAGE_TYPE);
    return (data && data->size() == 1 ? data->front() : 0);
}

std::optional<Bytes>
Packet::option(uint8_t code) const {
    std::optional<Bytes> found;
    for (const auto& entry : options) {
        if (entry.first == code) {
            found = found ? *found + entry.second : entry.second;
        }
    }
    return (found);
}

std::optional<Address>
Packet::addressOption(uint8_t code) const {
    const auto number = numberOption(code);
    return (number ? std::optional<Address>(Address(*number)) : std::nullopt);
}

std::optional<uint32_t>
Packet::numberOption(uint8_t code) const {
    const auto data = option(code);
    if (!data || data->size() != 4) {
        return (std::nullopt);
    }
    return (readNumber(data->data()));
}

Bytes
Packet::encode() const {
    Bytes out{op, htype, hlen, 0};
    out = out + bigEndian(xid) + bigEndian(uint32_t(secs) << 16 | flags) + bigEndian(ciaddr.value) +
          bigEndian(yiaddr.value) + bigEndian(siaddr.value) + bigEndian(giaddr.value);
    Bytes hardware = chaddr;
    hardware.resize(CHADDR_SIZE);
    out = out + hardware;
    out.resize(FIXED_SIZE);
    out.insert(out.end(), std::begin(MAGIC), std::end(MAGIC));
    for (const auto& entry : options) {
        out.push_back(entry.first);
        out.push_back(static_cast<uint8_t>(entry.second.size()));
        out.insert(out.end(), entry.second.begin(), entry.second.end());
    }
    out.push_back(255);
    return (out);
}

std::optional<Packet>
Packet::decode(const uint8_t* data, size_t size) {
    if (size < FIXED_SIZE + sizeof(MAGIC) ||
        !std::equal(std::begin(MAGIC), std::end(MAGIC), data + FIXED_SIZE)) {
        return (std::nullopt);
    }
    Packet packet;
    packet.op = data[0];
    packet.htype = data[1];
    packet.hlen = data[2];
    packet.xid = readNumber(data + 4);
    packet.secs = static_cast<uint16_t>(readNumber(data + 8) >> 16);
    packet.flags = static_cast<uint16_t>(readNumber(data + 8));
    packet.ciaddr = Address(readNumber(data + 12));
    packet.yiaddr = Address(readNumber(data + 16));
    packet.siaddr = Address(readNumber(data + 20));
    packet.giaddr = Address(readNumber(data + 24));
    packet.chaddr.assign(data + CHADDR_OFFSET,
                         data + CHADDR_OFFSET + std::min<size_t>(packet.hlen, CHADDR_SIZE));
    size_t at = FIXED_SIZE + sizeof(MAGIC);
    while (at < size && data[at] != 255) {
        if (data[at] == 0) {
            ++at;
            continue;
        }
        if (at + 1 >= size || at + 2 + data[at + 1] > size) {
            return (std::nullopt);
        }
        packet.add(data[at], Bytes(data + at + 2, data + at + 2 + data[at + 1]));
        at += 2 + data[at + 1];
    }
    return (packet);
}

std::string
Packet::toText() const {
    std::string text = messageName(type()) + " hw " + toHex(chaddr) + " xid " + toHex(bigEndian(xid)) +
                       " ciaddr " + ciaddr.toText() + " yiaddr " + yiaddr.toText() + " giaddr " +
                       giaddr.toText();
    const auto identifier = option(OPTION_CLIENT_IDENTIFIER);
    return (text + " option 61 " + (identifier ? toHex(*identifier) : "absent"));
}

}  // namespace e2e
}  // namespace clone_guard
