// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_STORE_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_STORE_H

#include <core/identity/bytes.h>

#include <deque>
#include <memory>

namespace clone_guard {

/// @brief What is kept of every identifier in a subnet: the first hardware address that had it. Nearly all identifiers
/// have only that one, and there are millions, so it is small: some 100 bytes with everything that belongs to it.
struct FirstUser {
    const uint8_t* bytes = nullptr;  ///< see LeaseStore
    uint32_t hash = 0;
    uint32_t subnet = 0;
    uint32_t address = 0;  ///< the last one
    uint32_t first = 0;    ///< when it was heard first and last, seconds since 1970
    uint32_t last = 0;
    uint32_t lifetime = 0;  ///< of the last record; 0: ended
    uint32_t rows = 0;
    uint32_t crowd = 0;   ///< 1 + number of the crowd where others have the identifier too
    uint16_t source = 0;  ///< which file it was heard in last
};

/// @brief A table of first users, by identifier and subnet. It only grows.
class LeaseStore {
public:
    LeaseStore();

    /// @param room bytes for the host name, where the entry is new.
    /// @param added tells whether the entry is new; then only the bytes, hash and subnet are set.
    /// @throw std::length_error where there are 2^32 of them.
    FirstUser& find(ByteView identifier, uint32_t subnet, ByteView hw_address, size_t room, bool& added);

    /// @brief Keeps the last host name of a user.
    void setHostname(FirstUser& user, std::string_view hostname);

    [[nodiscard]] static ByteView identifier(const FirstUser& user) noexcept;
    [[nodiscard]] static ByteView hwAddress(const FirstUser& user) noexcept;
    [[nodiscard]] std::string_view hostname(const FirstUser& user) const noexcept;

    [[nodiscard]] const std::deque<FirstUser>& users() const noexcept {
        return (users_);
    }

    /// @brief A hash of bytes, the same within one run.
    [[nodiscard]] static uint32_t hash(ByteView bytes) noexcept;

private:
    uint8_t* allocate(size_t size);
    void grow();

    std::deque<FirstUser> users_;
    std::vector<uint32_t> slots_;  ///< 1 + number of the user; 0: free. A power of two of them.
    std::vector<std::unique_ptr<uint8_t[]>> blocks_;
    size_t left_ = 0;  ///< in the last block
};

}  // namespace clone_guard

#endif
