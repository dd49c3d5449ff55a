// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>

#include <tests/policy/support.h>

#include <algorithm>
#include <chrono>

namespace clone_guard {
namespace test {

void
put(Bytes& bytes, uint64_t number, size_t size) {
    for (size_t i = size; i-- > 0;) {
        bytes.push_back(static_cast<uint8_t>(number >> (8 * i)));
    }
}

void
put(Bytes& bytes, ByteView more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

namespace {

/// 2026-05-01 10:00:00 UTC.
constexpr int64_t START_MS = 1777629600000;

void
putOption(Bytes& bytes, uint8_t code, ByteView value) {
    if (!value.empty()) {
        bytes.push_back(code);
        bytes.push_back(static_cast<uint8_t>(value.size()));
        put(bytes, value);
    }
}

void
putOption(Bytes& bytes, uint8_t code, IpAddress value) {
    if (!value.isUnspecified()) {
        put(bytes, code, 1);
        put(bytes, 4, 1);
        put(bytes, value.toUint32(), 4);
    }
}

ByteView
viewOf(const std::string& text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

/// Numbers in the file headers are little-endian.
void
putLittle(std::string& file, uint64_t number, size_t size) {
    for (size_t i = 0; i < size; ++i) {
        file += static_cast<char>(number >> (8 * i));
    }
}

void
putBytes(std::string& file, ByteView bytes) {
    file.append(bytes.begin(), bytes.end());
}

std::string
pcapHeader(uint32_t link_type, size_t snaplen) {
    std::string file;
    putLittle(file, 0xa1b2c3d4, 4);
    putLittle(file, 2, 2);
    putLittle(file, 4, 2);
    putLittle(file, 0, 8);
    putLittle(file, snaplen, 4);
    putLittle(file, link_type, 4);
    return (file);
}

void
putRecord(std::string& file, const Bytes& frame, UtcTime time, size_t snaplen) {
    const auto ms = static_cast<uint64_t>(time.time_since_epoch().count());
    const auto kept = std::min(frame.size(), snaplen);
    putLittle(file, ms / 1000, 4);
    putLittle(file, ms % 1000 * 1000, 4);
    putLittle(file, kept, 4);
    putLittle(file, frame.size(), 4);
    putBytes(file, ByteView(frame.data(), kept));
}

void
putBlock(std::string& file, uint32_t type, std::string body) {
    body.resize((body.size() + 3) / 4 * 4, '\0');
    putLittle(file, type, 4);
    putLittle(file, body.size() + 12, 4);
    file += body;
    putLittle(file, body.size() + 12, 4);
}

}  // namespace

Message
query(MessageType type, uint32_t machine, double seconds) {
    Message message;
    message.type = type;
    message.time = utcFromMilliseconds(START_MS + static_cast<int64_t>(seconds * 1000));
    message.hw_address = mac(machine);
    message.transaction_id = machine * 1000 + static_cast<uint32_t>(seconds);
    message.identifier = cloneIdentifier();
    message.hostname = "web-" + std::to_string(machine);
    return (message);
}

Message
renewal(uint32_t machine, double seconds, IpAddress address) {
    auto message = query(MessageType::REQUEST, machine, seconds);
    message.client_address = address;
    return (message);
}

Message
reply(MessageType type, const Message& query, IpAddress address, IpAddress server) {
    auto message = query;
    message.type = type;
    message.is_reply = true;
    message.time += std::chrono::milliseconds(1);
    message.your_address = type == MessageType::NAK ? IpAddress() : address;
    message.server = server;
    message.ip_source = server;
    message.frame_source = mac(0xfe);
    message.lease_time = std::chrono::seconds(600);
    message.hostname.clear();
    return (message);
}

Bytes
payloadOf(const Message& message) {
    Bytes bytes;
    put(bytes, message.is_reply ? 2 : 1, 1);
    put(bytes, message.hw_address.type(), 1);
    put(bytes, message.hw_address.bytes().size(), 1);
    put(bytes, 0, 1);
    put(bytes, message.transaction_id, 4);
    put(bytes, 0, 4);
    put(bytes, message.client_address.toUint32(), 4);
    put(bytes, message.your_address.toUint32(), 4);
    put(bytes, 0, 4);
    put(bytes, message.segment.relay.toIpv4().toUint32(), 4);
    put(bytes, message.hw_address.bytes());
    bytes.resize(236);
    put(bytes, 0x63825363, 4);
    putOption(bytes, 53, Bytes{static_cast<uint8_t>(message.type)});
    putOption(bytes, 61, message.identifier);
    putOption(bytes, 12, viewOf(message.hostname));
    putOption(bytes, 50, message.requested_address);
    putOption(bytes, 54, message.server);
    if (message.lease_time) {
        put(bytes, 51, 1);
        put(bytes, 4, 1);
        put(bytes, static_cast<uint64_t>(message.lease_time->count()), 4);
    }
    putOption(bytes, 60, viewOf(message.vendor_class));
    putOption(bytes, 55, message.requested_options);
    put(bytes, 255, 1);
    return (bytes);
}

Bytes
packetOf(const Bytes& payload, IpAddress source) {
    Bytes bytes;
    put(bytes, 0x4500, 2);
    put(bytes, 28 + payload.size(), 2);
    put(bytes, 0, 4);
    put(bytes, 64, 1);
    put(bytes, 17, 1);
    put(bytes, 0, 2);
    put(bytes, source.toUint32(), 4);
    put(bytes, 0xffffffff, 4);
    put(bytes, 68, 2);
    put(bytes, 67, 2);
    put(bytes, 8 + payload.size(), 2);
    put(bytes, 0, 2);
    put(bytes, payload);
    return (bytes);
}

Bytes
ethernetOf(const Bytes& packet, const std::vector<std::pair<uint16_t, uint16_t>>& tags) {
    Bytes bytes(6, 0xff);
    put(bytes, mac(0xfe).bytes());
    for (const auto& [type, number] : tags) {
        put(bytes, type, 2);
        put(bytes, number, 2);
    }
    put(bytes, 0x0800, 2);
    put(bytes, packet);
    return (bytes);
}

Bytes
cookedOf(const Bytes& packet) {
    Bytes bytes;
    put(bytes, 0, 2);
    put(bytes, 1, 2);
    put(bytes, 6, 2);
    put(bytes, mac(0xfe).bytes());
    put(bytes, 0, 2);
    put(bytes, 0x0800, 2);
    put(bytes, packet);
    return (bytes);
}

Bytes
cooked2Of(const Bytes& packet, uint32_t link) {
    Bytes bytes;
    put(bytes, 0x0800, 2);
    put(bytes, 0, 2);
    put(bytes, link, 4);
    put(bytes, 1, 2);
    put(bytes, 0, 1);
    put(bytes, 6, 1);
    put(bytes, mac(0xfe).bytes());
    put(bytes, 0, 2);
    put(bytes, packet);
    return (bytes);
}

Bytes
frameOf(const Message& message) {
    std::vector<std::pair<uint16_t, uint16_t>> tags;
    if (message.segment.vlan != 0) {
        tags.emplace_back(0x8100, static_cast<uint16_t>(message.segment.vlan));
    }
    return (ethernetOf(packetOf(payloadOf(message), message.ip_source.toIpv4()), tags));
}

std::string
pcapOf(const std::vector<Message>& messages, size_t snaplen) {
    auto file = pcapHeader(1, snaplen);
    for (const auto& message : messages) {
        putRecord(file, frameOf(message), message.time, snaplen);
    }
    return (file);
}

std::string
pcapOf(uint32_t link_type, const std::vector<Bytes>& frames) {
    auto file = pcapHeader(link_type, 65535);
    for (const auto& frame : frames) {
        putRecord(file, frame, utcFromMilliseconds(START_MS), 65535);
    }
    return (file);
}

std::string
pcapAt(const std::vector<std::pair<double, Bytes>>& frames) {
    auto file = pcapHeader(1, 65535);
    for (const auto& [seconds, frame] : frames) {
        putRecord(file, frame, utcFromMilliseconds(START_MS + static_cast<int64_t>(seconds * 1000)),
                  65535);
    }
    return (file);
}

std::string
pcapngOf(const std::vector<Message>& messages) {
    std::string file;
    std::string section;
    putLittle(section, 0x1a2b3c4d, 4);
    putLittle(section, 1, 2);
    putLittle(section, 0, 2);
    putLittle(section, UINT64_MAX, 8);
    putBlock(file, 0x0a0d0d0a, section);
    std::string link;
    putLittle(link, 1, 2);
    putLittle(link, 0, 2);
    putLittle(link, 65535, 4);
    putBlock(file, 1, link);
    for (const auto& message : messages) {
        const auto frame = frameOf(message);
        const auto us = static_cast<uint64_t>(message.time.time_since_epoch().count()) * 1000;
        std::string packet;
        putLittle(packet, 0, 4);
        putLittle(packet, us >> 32U, 4);
        putLittle(packet, us & UINT32_MAX, 4);
        putLittle(packet, frame.size(), 4);
        putLittle(packet, frame.size(), 4);
        putBytes(packet, ByteView(frame.data(), frame.size()));
        putBlock(file, 6, packet);
    }
    return (file);
}

}  // namespace test
}  // namespace clone_guard
