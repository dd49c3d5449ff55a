// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_IP_ADDRESS_H
#define CLONE_GUARD_CORE_IDENTITY_IP_ADDRESS_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace clone_guard {

/// @brief An IP address. It is an IPv4 address today; only this class knows, so that IPv6 can be added here.
class IpAddress {
public:
    /// @brief The unspecified address, 0.0.0.0. It stands for an absent address.
    constexpr IpAddress() noexcept = default;

    /// @param number an IPv4 address in host byte order.
    constexpr explicit IpAddress(uint32_t number) noexcept : number_(number) {}

    /// @return the IPv4 address in host byte order.
    [[nodiscard]] constexpr uint32_t toUint32() const noexcept {
        return (number_);
    }

    [[nodiscard]] constexpr bool isUnspecified() const noexcept {
        return (number_ == 0);
    }

    /// @return the address in dotted decimal notation.
    [[nodiscard]] std::string toText() const;

    friend constexpr bool operator==(IpAddress left, IpAddress right) noexcept {
        return (left.number_ == right.number_);
    }
    friend constexpr bool operator!=(IpAddress left, IpAddress right) noexcept {
        return (left.number_ != right.number_);
    }
    friend constexpr bool operator<(IpAddress left, IpAddress right) noexcept {
        return (left.number_ < right.number_);
    }

private:
    uint32_t number_ = 0;
};

}  // namespace clone_guard

template <>
struct std::hash<clone_guard::IpAddress> {
    size_t operator()(clone_guard::IpAddress address) const noexcept {
        return (std::hash<uint32_t>()(address.toUint32()));
    }
};

#endif
