// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/seen_address.h>

#include <algorithm>
#include <arpa/inet.h>
#include <functional>
#include <tuple>

namespace clone_guard {

namespace {

/// The interface identifier begins here. One that is made of a hardware address has ff:fe in its middle.
constexpr size_t INTERFACE_ID = 8;
constexpr size_t FILLER = 11;
constexpr size_t HALF = 3;
/// The bit that is inverted in the first byte of an interface identifier.
constexpr uint8_t UNIVERSAL = 0x02;

}  // namespace

SeenAddress::SeenAddress(IpAddress address) noexcept {
    for (size_t i = 0; i < 4; ++i) {
        bytes_[i] = static_cast<uint8_t>(address.toUint32() >> (24 - 8 * i));
    }
}

SeenAddress
SeenAddress::ofIpv6(ByteView bytes, uint8_t prefix_length) noexcept {
    SeenAddress address;
    std::copy_n(bytes.begin(), std::min(bytes.size(), IPV6_SIZE), address.bytes_.begin());
    address.prefix_length_ =
        address.isUnspecified() ? 0 : std::clamp<uint8_t>(prefix_length, 1, WHOLE_ADDRESS);
    return (address);
}

bool
SeenAddress::isLinkLocal() const noexcept {
    return (prefix_length_ == WHOLE_ADDRESS && bytes_[0] == 0xfe && (bytes_[1] & 0xc0U) == 0x80);
}

HardwareAddress
SeenAddress::eui64Source() const noexcept {
    if (prefix_length_ != WHOLE_ADDRESS || bytes_[FILLER] != 0xff || bytes_[FILLER + 1] != 0xfe) {
        return {};
    }
    std::array<uint8_t, 2 * HALF> source{};
    std::copy_n(bytes_.begin() + INTERFACE_ID, HALF, source.begin());
    std::copy_n(bytes_.end() - HALF, HALF, source.begin() + HALF);
    source[0] ^= UNIVERSAL;
    return (HardwareAddress(HardwareAddress::ETHERNET, ByteView(source.data(), source.size())));
}

IpAddress
SeenAddress::toIpv4() const noexcept {
    return (prefix_length_ == 0 ? IpAddress(toNumber(ByteView(bytes_.data(), 4))) : IpAddress());
}

std::string
SeenAddress::toText() const {
    if (prefix_length_ == 0) {
        return (toIpv4().toText());
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
    return (text.data() + (prefix_length_ == WHOLE_ADDRESS ? "" : "/" + std::to_string(prefix_length_)));
}

bool
operator<(const SeenAddress& left, const SeenAddress& right) noexcept {
    const auto is_ipv6 = [](const SeenAddress& one) { return (one.prefix_length_ != 0); };
    return (std::make_tuple(is_ipv6(left), std::cref(left.bytes_), left.prefix_length_) <
            std::make_tuple(is_ipv6(right), std::cref(right.bytes_), right.prefix_length_));
}

}  // namespace clone_guard
