// SPDX-License-Identifier: MPL-2.0

#include <core/first_seen.h>

namespace clone_guard {

uint32_t
FirstSeen::note(ByteView thing, uint32_t ip) {
    const auto hash = hash_(thing);
    auto& shard = shards_.at(hash % SHARDS);
    const auto known = shard.find(hash);
    if (known != shard.end()) {
        return (known->second);
    }
    if (size_ >= max_entries_) {
        ++missed_;
        return (ip);
    }
    shard.emplace(hash, ip);
    ++size_;
    return (ip);
}

void
FirstSeen::correct(ByteView thing, uint32_t ip) {
    const auto hash = hash_(thing);
    auto& shard = shards_.at(hash % SHARDS);
    const auto known = shard.find(hash);
    if (known != shard.end()) {
        known->second = ip;
    }
}

void
FirstSeen::clear() {
    shards_ = {};
    size_ = 0;
    missed_ = 0;
}

}  // namespace clone_guard
