// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SEEN_ADDRESS_H
#define CLONE_GUARD_TOOL_SCAN_SEEN_ADDRESS_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/ip_address.h>

#include <array>
#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief The address of a machine as a lease or a message shows it: IPv4, IPv6, or a delegated IPv6 prefix.
class SeenAddress {
public:
    /// @brief The length of an IPv6 address in bytes.
    static constexpr size_t IPV6_SIZE = 16;
    static constexpr uint8_t WHOLE_ADDRESS = 128;

    /// @brief The unspecified address. It stands for an absent address.
    SeenAddress() noexcept = default;
    SeenAddress(IpAddress address) noexcept;

    /// @param bytes 16 bytes
    /// @param prefix_length of a delegated prefix, in bits; 128 for an address
    static SeenAddress ofIpv6(ByteView bytes, uint8_t prefix_length = WHOLE_ADDRESS) noexcept;

    [[nodiscard]] bool isUnspecified() const noexcept {
        return (bytes_ == std::array<uint8_t, IPV6_SIZE>{});
    }
    /// @brief Checks for a delegated prefix.
    [[nodiscard]] bool isPrefix() const noexcept {
        return (prefix_length_ != 0 && prefix_length_ != WHOLE_ADDRESS);
    }
    /// @brief Checks for an IPv6 address that is valid on one link alone (RFC 4291 section 2.5.6).
    [[nodiscard]] bool isLinkLocal() const noexcept;

    /// @brief Returns the hardware address that an IPv6 address was made of (RFC 4291 appendix A).
    ///
    /// @return an empty address if the interface identifier is not made of a hardware address
    [[nodiscard]] HardwareAddress eui64Source() const noexcept;

    /// @return the IPv4 address, or the unspecified address if it is not one
    [[nodiscard]] IpAddress toIpv4() const noexcept;

    /// @return the address in its usual notation (RFC 5952); a prefix with its length: "2001:db8:1::/56"
    [[nodiscard]] std::string toText() const;

    friend bool operator==(const SeenAddress& left, const SeenAddress& right) noexcept {
        return (left.prefix_length_ == right.prefix_length_ && left.bytes_ == right.bytes_);
    }
    friend bool operator!=(const SeenAddress& left, const SeenAddress& right) noexcept {
        return (!(left == right));
    }
    /// @brief Orders IPv4 addresses before IPv6 addresses, each by number.
    friend bool operator<(const SeenAddress& left, const SeenAddress& right) noexcept;

private:
    std::array<uint8_t, IPV6_SIZE> bytes_{};
    uint8_t prefix_length_ = 0;  ///< 0: an IPv4 address, in the first four bytes
};

}  // namespace clone_guard

#endif
