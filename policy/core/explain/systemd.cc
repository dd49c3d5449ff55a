// SPDX-License-Identifier: MPL-2.0

#include <core/explain/siphash.h>
#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace systemd {

namespace {

/// The key with which networkd hashes machine-id and interface name (dhcp-identifier.c).
constexpr SipHash::Key KEY{0x80, 0x11, 0x8c, 0xc2, 0xfe, 0x4a, 0x03, 0xee,
                           0x3e, 0xd6, 0x0c, 0x6f, 0x36, 0x39, 0x14, 0x09};

constexpr size_t MAX_NIC_NAME = 15;

void
append(Bytes& bytes, uint32_t number, size_t size) {
    for (size_t left = size; left > 0; --left) {
        bytes.push_back(static_cast<uint8_t>(number >> ((left - 1) * 8)));
    }
}

}  // namespace

IaidHash::IaidHash() : hash_(KEY) {}

uint32_t
IaidHash::operator()(std::string_view nic) {
    const Bytes name(nic.begin(), nic.end());
    const auto hash = hash_(name);
    return (static_cast<uint32_t>(hash >> 32U) ^ static_cast<uint32_t>(hash));
}

Bytes
duidOf(ByteView machine_id) {
    if (machine_id.size() != MACHINE_ID_SIZE) {
        throw std::invalid_argument("a machine-id has 16 bytes");
    }
    const auto hash = SipHash(KEY)(machine_id);
    Bytes duid;
    append(duid, static_cast<uint32_t>(DuidType::EN), 2);
    append(duid, ENTERPRISE, 4);
    for (unsigned shift = 0; shift < 64; shift += 8) {
        duid.push_back(static_cast<uint8_t>(hash >> shift));
    }
    return (duid);
}

Bytes
iaidOf(std::string_view nic) {
    Bytes iaid;
    append(iaid, IaidHash()(nic), 4);
    return (iaid);
}

Bytes
identifierOf(ByteView machine_id, std::string_view nic) {
    Bytes identifier{TYPE_RFC4361};
    for (const auto& part : {iaidOf(nic), duidOf(machine_id)}) {
        identifier.insert(identifier.end(), part.begin(), part.end());
    }
    return (identifier);
}

std::optional<Bytes>
parseMachineId(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char character) { return (character != '-'); });
    auto bytes = fromHex(digits);
    const auto zero = [](uint8_t byte) { return (byte == 0); };
    if (digits.size() != 2 * MACHINE_ID_SIZE || !bytes || bytes->size() != MACHINE_ID_SIZE ||
        std::all_of(bytes->begin(), bytes->end(), zero)) {
        return (std::nullopt);
    }
    return (bytes);
}

bool
isNicName(std::string_view text) noexcept {
    return (!text.empty() && text.size() <= MAX_NIC_NAME &&
            std::all_of(text.begin(), text.end(), [](char character) {
                return (character > ' ' && character < 0x7f && character != '/' && character != ':');
            }));
}

}  // namespace systemd
}  // namespace clone_guard
