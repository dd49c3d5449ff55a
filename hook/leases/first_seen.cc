// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/first_seen.h>

#include <algorithm>

namespace clone_guard {

FirstSeen::Shard::iterator
FirstSeen::find(Shard& shard, uint64_t hash) {
    return (std::lower_bound(shard.begin(), shard.end(), hash,
                             [](const Entry& entry, uint64_t wanted) { return (entry.hash < wanted); }));
}

IpAddress
FirstSeen::insert(ByteView duid, IpAddress ip) {
    const auto hash = hash_(duid);
    auto& shard = shardOf(hash);
    const auto known = find(shard, hash);
    if (known != shard.end() && known->hash == hash) {
        return (known->ip);
    }
    if (size_ >= max_entries_) {
        ++missed_;
        return (ip);
    }
    shard.insert(known, {hash, ip});
    ++size_;
    return (ip);
}

void
FirstSeen::replace(ByteView duid, IpAddress ip) {
    const auto hash = hash_(duid);
    auto& shard = shardOf(hash);
    const auto known = find(shard, hash);
    if (known != shard.end() && known->hash == hash) {
        known->ip = ip;
    }
}

}  // namespace clone_guard
