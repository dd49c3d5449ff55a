// SPDX-License-Identifier: MPL-2.0

#include <core/identity/derived_identifier.h>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace clone_guard {

namespace {

constexpr uint8_t FORMAT_WHOLE = 0x01;
constexpr uint8_t FORMAT_DIGEST = 0x81;
constexpr size_t PREFIX_SIZE = 6;  // 00 43 47, format, htype, hlen
constexpr size_t DIGEST_SIZE = 16;

std::array<uint8_t, EVP_MAX_MD_SIZE>
sha256(ByteView bytes) {
    std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
    return (digest);
}

}  // namespace

Bytes
derive(const HardwareAddress& address, ByteView identifier) {
    const auto chaddr = address.bytes();
    const bool whole = PREFIX_SIZE + chaddr.size() + identifier.size() <= MAX_DERIVED;
    Bytes derived(PREFIX_SIZE + chaddr.size() + (whole ? identifier.size() : DIGEST_SIZE));
    const std::array<uint8_t, PREFIX_SIZE> prefix{0x00,           0x43,
                                                  0x47,           whole ? FORMAT_WHOLE : FORMAT_DIGEST,
                                                  address.type(), static_cast<uint8_t>(chaddr.size())};
    auto next = std::copy(prefix.begin(), prefix.end(), derived.begin());
    next = std::copy(chaddr.begin(), chaddr.end(), next);
    if (whole) {
        std::copy(identifier.begin(), identifier.end(), next);
    } else {
        const auto digest = sha256(identifier);
        std::copy_n(digest.begin(), DIGEST_SIZE, next);
    }
    return (derived);
}

std::optional<DerivedIdentifier>
parseDerived(ByteView bytes) noexcept {
    if (!looksDerived(bytes) || bytes.size() < PREFIX_SIZE) {
        return (std::nullopt);
    }
    const uint8_t format = bytes[3];
    const size_t length = bytes[5];
    if (length > HardwareAddress::MAX_SIZE || bytes.size() <= PREFIX_SIZE + length) {
        return (std::nullopt);
    }
    DerivedIdentifier parts;
    parts.address = HardwareAddress(bytes[4], ByteView(bytes.data() + PREFIX_SIZE, length));
    const auto rest = bytes.from(PREFIX_SIZE + length);
    if (format == FORMAT_WHOLE) {
        parts.identifier = rest;
    } else if (format == FORMAT_DIGEST && rest.size() == DIGEST_SIZE) {
        parts.digest = rest;
    } else {
        return (std::nullopt);
    }
    return (parts);
}

}  // namespace clone_guard
