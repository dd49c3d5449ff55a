// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_LEASES_FIRST_SEEN_H
#define CLONE_GUARD_LEASES_FIRST_SEEN_H

#include <core/explain/siphash.h>
#include <core/identity/ip_address.h>

#include <array>
#include <vector>

namespace clone_guard {

/// @brief Under which address something was seen first on a walk through the leases: what has come up before, on
/// whatever page.
///
/// Keeps a hash of 64 bits under a secret key and no bytes of anybody's: 16 bytes an entry, 32 at most. Who is told of an
/// address has to look there: two things may share a hash, and a lease may be gone. Not safe to use from several
/// threads at once.
class FirstSeen {
public:
    /// @param key secret, so that nobody can choose what shares a hash.
    /// @param max_entries how much is remembered.
    FirstSeen(const SipHash::Key& key, size_t max_entries) : hash_(key), max_entries_(max_entries) {}

    /// @brief Notes a thing that lies under an address.
    ///
    /// @return the address under which it was seen first; @c ip itself where it is new.
    IpAddress insert(ByteView thing, IpAddress ip);

    /// @brief Says that a thing lies under another address than @ref note told.
    void replace(ByteView thing, IpAddress ip);

    [[nodiscard]] size_t size() const noexcept {
        return (size_);
    }

    /// @brief How many new things there was no room for.
    [[nodiscard]] uint64_t missed() const noexcept {
        return (missed_);
    }

private:
    struct Entry {
        uint64_t hash;
        IpAddress ip;
    };

    /// @brief Ordered by hash. Many small ones, because nobody shall wait while a large table grows or is given back.
    using Shard = std::vector<Entry>;
    static constexpr size_t SHARDS = 1024;

    /// @brief Finds an entry, or where it belongs.
    static Shard::iterator find(Shard& shard, uint64_t hash);
    Shard& shardOf(uint64_t hash) {
        return (shards_.at(hash % SHARDS));
    }

    SipHash hash_;
    const size_t max_entries_;
    std::array<Shard, SHARDS> shards_;
    size_t size_ = 0;
    uint64_t missed_ = 0;
};

}  // namespace clone_guard

#endif
