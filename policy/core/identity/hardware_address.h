// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_IDENTITY_HARDWARE_ADDRESS_H
#define CLONE_GUARD_IDENTITY_HARDWARE_ADDRESS_H

#include <core/identity/bytes.h>

#include <array>

namespace clone_guard {

/// @brief htype and chaddr of a query (RFC 2131 section 2).
class HardwareAddress {
public:
    /// @brief chaddr has 16 bytes; Kea keeps up to 20 of other sources.
    static constexpr size_t MAX_SIZE = 20;
    static constexpr uint8_t ETHERNET = 1;

    HardwareAddress() noexcept = default;

    /// @param type hardware type, as in the ARP registry.
    /// @param bytes the address; anything after the first 20 bytes is cut off.
    HardwareAddress(uint8_t type, ByteView bytes) noexcept;

    [[nodiscard]] uint8_t type() const noexcept {
        return (type_);
    }
    [[nodiscard]] ByteView bytes() const noexcept {
        return {bytes_.data(), size_};
    }

    /// @brief Whether it tells one machine from another: not empty and not all zero.
    ///
    /// InfiniBand sends none at all (RFC 4390 section 2.1), so it falls under "empty".
    [[nodiscard]] bool usable() const noexcept;

    /// @brief The address as colon-separated hexadecimal; "none" where it is empty.
    [[nodiscard]] std::string toText() const;

    /// @brief Compares the bytes alone.
    ///
    /// The lease file of Kea's memfile does not keep the hardware type (a lease read from it counts
    /// as Ethernet), so the type must not decide whether a record is the query's own.
    friend bool operator==(const HardwareAddress& left, const HardwareAddress& right) noexcept {
        return (left.bytes() == right.bytes());
    }
    friend bool operator!=(const HardwareAddress& left, const HardwareAddress& right) noexcept {
        return (!(left == right));
    }
    friend bool operator<(const HardwareAddress& left, const HardwareAddress& right) noexcept {
        return (left.bytes() < right.bytes());
    }

private:
    uint8_t type_ = 0;
    uint8_t size_ = 0;
    std::array<uint8_t, MAX_SIZE> bytes_{};
};

}  // namespace clone_guard

#endif
