// SPDX-License-Identifier: MPL-2.0

#include <core/decision/claim_store.h>

#include <core/identity/keyed_hash.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// The longest client identifier that a DHCP option can carry without RFC 3396.
constexpr size_t MAX_IDENTIFIER = 255;

/// The hashes of the parts of a key, each with keys of its own.
struct PartHashes {
    KeyedHash<MAX_IDENTIFIER> identifier;
    KeyedHash<sizeof(ClaimNetwork)> network;
    KeyedHash<HardwareAddress::MAX_SIZE> address;
};

const PartHashes&
partHashes() {
    static const PartHashes hashes;
    return (hashes);
}

uint64_t
networkHash(ClaimNetwork network) {
    std::array<uint8_t, sizeof(network)> bytes{};
    std::memcpy(bytes.data(), &network, bytes.size());
    return (partHashes().network({bytes.data(), bytes.size()}));
}

ByteView
view(const ClaimStore::Entry& entry) {
    return {entry.identifier.data(), entry.identifier.size()};
}

}  // namespace

ClaimStore::Subject
ClaimStore::subjectOf(ByteView identifier) {
    return {identifier, partHashes().identifier(identifier)};
}

ClaimStore::Key::Key(const Subject& subject, ClaimNetwork network) :
    Key(BY_NETWORK, subject, networkHash(network)) {
    network_ = network;
}

ClaimStore::Key::Key(const Subject& subject, const HardwareAddress& address) :
    Key(BY_ADDRESS, subject, partHashes().address(address.bytes())) {
    address_ = &address;
}

bool
ClaimStore::Key::matches(const Entry& entry) const noexcept {
    return (identifier_ == view(entry) && (index_ != BY_NETWORK || network_ == entry.network) &&
            (index_ != BY_ADDRESS || *address_ == entry.claim.address));
}

/// Puts a claim, whose hash is set, into the chain of its bucket.
void
ClaimStore::link(size_t index, Position at) {
    auto& link = links_[at].chains[index];
    auto& head = bucket(index, link.hash);
    link.before = NONE;
    link.after = head;
    if (head != NONE) {
        links_[head].chains[index].before = at;
    }
    head = at;
}

void
ClaimStore::unlink(size_t index, Position at) {
    const auto& link = links_[at].chains[index];
    auto& before =
        link.before == NONE ? bucket(index, link.hash) : links_[link.before].chains[index].after;
    before = link.after;
    if (link.after != NONE) {
        links_[link.after].chains[index].before = link.before;
    }
}

void
ClaimStore::append(Position at) {
    auto& links = links_[at];
    links.before = last_;
    links.after = NONE;
    (last_ == NONE ? first_ : links_[last_].after) = at;
    last_ = at;
}

void
ClaimStore::remove(Position at) {
    const auto& links = links_[at];
    (links.before == NONE ? first_ : links_[links.before].after) = links.after;
    (links.after == NONE ? last_ : links_[links.after].before) = links.before;
}

/// Makes the store larger by a quarter, so that less than that is unused. No position is free when this is called, so all
/// of them are in the chains.
void
ClaimStore::grow() {
    const size_t used = entries_.size();
    const size_t capacity = used + std::max(used / 4, MIN_GROWTH);
    entries_.reserve(capacity);
    entries_.resize(capacity);
    links_.reserve(capacity);
    links_.resize(capacity);
    for (size_t at = capacity; at > used; --at) {
        links_[at - 1].after = free_;
        free_ = Position(at - 1);
    }
    if (capacity > buckets_[0].size()) {
        addBuckets(used);
    }
}

/// Doubles the number of buckets.
///
/// @param used the number of positions that are in the chains.
void
ClaimStore::addBuckets(size_t used) {
    const size_t number = std::max(2 * buckets_[0].size(), MIN_BUCKETS);
    for (size_t index = 0; index < INDEXES; ++index) {
        buckets_[index].assign(number, NONE);
        for (size_t at = 0; at < used; ++at) {
            link(index, Position(at));
        }
    }
}

ClaimStore::Position
ClaimStore::add(const Subject& subject, ClaimNetwork network, const Claim& claim) {
    if (free_ == NONE) {
        grow();
    }
    const auto at = free_;
    free_ = links_[at].after;
    auto& entry = entries_[at];
    entry.claim = claim;
    entry.identifier.assign(subject.identifier.begin(), subject.identifier.end());
    entry.network = network;
    auto& chains = links_[at].chains;
    chains[Key::BY_IDENTIFIER].hash = Key(subject).hash_;
    chains[Key::BY_NETWORK].hash = Key(subject, network).hash_;
    chains[Key::BY_ADDRESS].hash = Key(subject, claim.address).hash_;
    for (size_t index = 0; index < INDEXES; ++index) {
        link(index, at);
    }
    append(at);
    return (at);
}

void
ClaimStore::erase(Position at) {
    for (size_t index = 0; index < INDEXES; ++index) {
        unlink(index, at);
    }
    remove(at);
    entries_[at] = Entry();
    links_[at].after = free_;
    free_ = at;
}

void
ClaimStore::setNetwork(Position at, ClaimNetwork network) {
    auto& entry = entries_[at];
    if (entry.network == network) {
        return;
    }
    unlink(Key::BY_NETWORK, at);
    entry.network = network;
    links_[at].chains[Key::BY_NETWORK].hash = Key(subjectOf(view(entry)), network).hash_;
    link(Key::BY_NETWORK, at);
}

void
ClaimStore::moveToEnd(Position at) {
    if (at != last_) {
        remove(at);
        append(at);
    }
}

}  // namespace clone_guard
