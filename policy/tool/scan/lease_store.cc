// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_store.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace clone_guard {

namespace {

// The bytes of a user begin with the sizes of identifier, hardware address and host name and the room for the host name.
// The three follow.
constexpr size_t IDENTIFIER_SIZE = 0;
constexpr size_t HW_SIZE = 1;
constexpr size_t HOST_SIZE = 2;
constexpr size_t HOST_ROOM = 3;
constexpr size_t CONTENT = 4;

constexpr size_t BLOCK = size_t{1} << 15U;
constexpr size_t FIRST_SLOTS = size_t{1} << 10U;

uint32_t
mixed(uint32_t hash, uint32_t subnet) {
    return (hash ^ (subnet * 0x9e3779b1U));
}

}  // namespace

LeaseStore::LeaseStore() : slots_(FIRST_SLOTS) {}

uint32_t
LeaseStore::hash(ByteView bytes) noexcept {
    const auto wide =
        std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return (static_cast<uint32_t>(wide ^ wide >> 32U));
}

ByteView
LeaseStore::identifier(const SoleUser& user) noexcept {
    return {user.bytes + CONTENT, user.bytes[IDENTIFIER_SIZE]};
}

ByteView
LeaseStore::hwAddress(const SoleUser& user) noexcept {
    return {user.bytes + CONTENT + user.bytes[IDENTIFIER_SIZE], user.bytes[HW_SIZE]};
}

std::string_view
LeaseStore::hostname(const SoleUser& user) const noexcept {
    const auto* const at = user.bytes + CONTENT + user.bytes[IDENTIFIER_SIZE] + user.bytes[HW_SIZE];
    return {reinterpret_cast<const char*>(at), user.bytes[HOST_SIZE]};
}

uint8_t*
LeaseStore::allocate(size_t size) {
    if (size > left_) {
        blocks_.push_back(std::make_unique<uint8_t[]>(BLOCK));
        left_ = BLOCK;
    }
    auto* const place = blocks_.back().get() + (BLOCK - left_);
    left_ -= size;
    return (place);
}

SoleUser&
LeaseStore::find(ByteView identifier, uint32_t subnet, ByteView hw_address, size_t room, bool& is_new) {
    room = std::min<size_t>(room, UINT8_MAX);
    if ((users_.size() + 1) * 4 > slots_.size() * 3) {
        grow();
    }
    const auto wanted = mixed(hash(identifier), subnet);
    const auto mask = slots_.size() - 1;
    for (size_t slot = wanted & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0) {
            if (users_.size() >= UINT32_MAX - 1) {
                throw std::length_error("too many client identifiers");
            }
            auto* const bytes = allocate(CONTENT + identifier.size() + hw_address.size() + room);
            bytes[IDENTIFIER_SIZE] = static_cast<uint8_t>(identifier.size());
            bytes[HW_SIZE] = static_cast<uint8_t>(hw_address.size());
            bytes[HOST_SIZE] = 0;
            bytes[HOST_ROOM] = static_cast<uint8_t>(room);
            std::copy(hw_address.begin(), hw_address.end(),
                      std::copy(identifier.begin(), identifier.end(), bytes + CONTENT));
            users_.emplace_back();
            auto& user = users_.back();
            user.bytes = bytes;
            user.hash = wanted;
            user.subnet = subnet;
            slots_[slot] = static_cast<uint32_t>(users_.size());
            is_new = true;
            return (user);
        }
        auto& user = users_[slots_[slot] - 1];
        if (user.hash == wanted && user.subnet == subnet && LeaseStore::identifier(user) == identifier) {
            is_new = false;
            return (user);
        }
    }
}

void
LeaseStore::setHostname(SoleUser& user, std::string_view hostname) {
    const auto size = std::min<size_t>(hostname.size(), UINT8_MAX);
    const auto before = CONTENT + user.bytes[IDENTIFIER_SIZE] + user.bytes[HW_SIZE];
    // The table owns the bytes; a SoleUser has read access alone.
    auto* bytes = const_cast<uint8_t*>(user.bytes);
    if (size > bytes[HOST_ROOM]) {
        bytes = allocate(before + size);
        std::copy_n(user.bytes, before, bytes);
        bytes[HOST_ROOM] = static_cast<uint8_t>(size);
        user.bytes = bytes;
    }
    bytes[HOST_SIZE] = static_cast<uint8_t>(size);
    std::copy_n(hostname.begin(), size, bytes + before);
}

void
LeaseStore::grow() {
    const size_t size = slots_.size() * 2;
    // The old slots are freed first: both tables together would be the peak of memory.
    slots_ = std::vector<uint32_t>();
    slots_.resize(size);
    uint32_t number = 0;
    for (const auto& user : users_) {
        size_t slot = user.hash & (size - 1);
        while (slots_[slot] != 0) {
            slot = (slot + 1) & (size - 1);
        }
        slots_[slot] = ++number;
    }
}

}  // namespace clone_guard
