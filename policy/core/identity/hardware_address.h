// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_HARDWARE_ADDRESS_H
#define CLONE_GUARD_CORE_IDENTITY_HARDWARE_ADDRESS_H

#include <core/identity/bytes.h>

#include <array>

namespace clone_guard {

/// @brief A hardware address: htype and chaddr of a query (RFC 2131 section 2).
class HardwareAddress {
public:
    /// @brief The longest address in bytes: chaddr has 16, and Kea accepts up to 20 from other sources.
    static constexpr size_t MAX_SIZE = 20;
    static constexpr uint8_t ETHERNET = 1;

    HardwareAddress() noexcept = default;

    /// @param type the hardware type, as in the ARP registry
    /// @param bytes the address; bytes after the first 20 are cut off
    HardwareAddress(uint8_t type, ByteView bytes) noexcept;

    [[nodiscard]] uint8_t type() const noexcept {
        return (type_);
    }
    [[nodiscard]] ByteView bytes() const noexcept {
        return {bytes_.data(), size_};
    }

    /// @brief Checks whether the address identifies a machine: it is neither empty nor all zero.
    ///
    /// The address of an InfiniBand client is empty, because such a client sends none (RFC 4390 section 2.1).
    [[nodiscard]] bool usable() const noexcept;

    /// @brief Formats the address as hexadecimal with colons.
    ///
    /// @return the text, or "none" if the address is empty
    [[nodiscard]] std::string toText() const;

    /// @brief Compares the bytes alone.
    ///
    /// The lease file of Kea's memfile does not store the hardware type: a lease read from it counts as Ethernet.
    /// The type must therefore not decide whether a lease belongs to the sender of a query.
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
