// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_FIRST_SEEN_H
#define CLONE_GUARD_HOOK_LEASES_FIRST_SEEN_H

#include <core/explain/siphash.h>
#include <core/identity/ip_address.h>

#include <array>
#include <vector>

namespace clone_guard {

/// @brief Remembers the address at which a scan of the leases saw a DUID first.
///
/// Stores a hash of 64 bits under a secret key instead of the DUID: 16 bytes an entry, 32 at most. The caller has to read
/// the lease at the returned address: two DUIDs may share a hash, and the lease may have been deleted. Not safe to call
/// from several threads.
class FirstSeen {
public:
    /// @param key a secret, so that no client can choose identifiers that share a hash.
    /// @param max_entries maximum number of entries.
    FirstSeen(const SipHash::Key& key, size_t max_entries) : hash_(key), max_entries_(max_entries) {}

    /// @brief Inserts a DUID with the address of its lease, unless the DUID is known.
    ///
    /// @return the address at which the DUID was seen first: @c ip if the DUID is new.
    IpAddress insert(ByteView duid, IpAddress ip);

    /// @brief Replaces the address of a known DUID.
    void replace(ByteView duid, IpAddress ip);

    [[nodiscard]] size_t size() const noexcept {
        return (size_);
    }

    /// @return the number of new DUIDs for which there was no room.
    [[nodiscard]] uint64_t missed() const noexcept {
        return (missed_);
    }

private:
    struct Entry {
        uint64_t hash;
        IpAddress ip;
    };

    /// @brief Ordered by hash. There are many small shards, so that no caller waits while a large one grows or is freed.
    using Shard = std::vector<Entry>;
    static constexpr size_t SHARDS = 1024;

    /// @brief Finds an entry, or the position at which to insert it.
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
