// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_STORE_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_STORE_H

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

#include <deque>
#include <memory>

namespace clone_guard {

/// @brief The first hardware address that used an identifier in a subnet.
///
/// Nearly all identifiers have one user, and there are millions of them. A user with its bytes takes some 100 bytes.
struct SoleUser {
    const uint8_t* bytes = nullptr;  ///< see LeaseStore
    uint32_t hash = 0;
    uint32_t subnet = 0;
    IpAddress address;        ///< the last one
    uint32_t first = 0;       ///< the first message, seconds since 1970
    uint32_t last = 0;        ///< the last message, seconds since 1970
    uint32_t lifetime = 0;    ///< of the last lease, in seconds; 0: ended
    uint32_t leases = 0;      ///< lines of the lease files
    uint32_t shared_use = 0;  ///< 1 + number of the LeaseHistory::SharedUse; 0: no other user
    uint16_t server = 0;      ///< number of the server whose file had the last lease
};

/// @brief A hash table of users by identifier and subnet. Entries are never removed.
class LeaseStore {
public:
    LeaseStore();

    /// @brief Finds the user of an identifier, or adds one.
    ///
    /// @param hw_address hardware address of a new user.
    /// @param room bytes to reserve for the host name of a new user.
    /// @param is_new is set to true if the user was added: its bytes, hash and subnet are set.
    /// @throw std::length_error at 2^32 users.
    SoleUser& find(ByteView identifier, uint32_t subnet, ByteView hw_address, size_t room, bool& is_new);

    /// @brief Replaces the host name of a user.
    void setHostname(SoleUser& user, std::string_view hostname);

    [[nodiscard]] static ByteView identifier(const SoleUser& user) noexcept;
    [[nodiscard]] static ByteView hwAddress(const SoleUser& user) noexcept;
    [[nodiscard]] std::string_view hostname(const SoleUser& user) const noexcept;

    [[nodiscard]] const std::deque<SoleUser>& users() const noexcept {
        return (users_);
    }

    /// @brief Hashes bytes. The value is constant within one process.
    [[nodiscard]] static uint32_t hash(ByteView bytes) noexcept;

private:
    uint8_t* allocate(size_t size);
    void grow();

    std::deque<SoleUser> users_;
    std::vector<uint32_t> slots_;  ///< 1 + number of the user; 0: free. The size is a power of two.
    std::vector<std::unique_ptr<uint8_t[]>> blocks_;
    size_t left_ = 0;  ///< free bytes in the last block
};

}  // namespace clone_guard

#endif
