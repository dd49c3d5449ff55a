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
    auto& link = slots_[at].links.chains[index];
    auto& head = bucket(index, link.hash);
    link.before = NONE;
    link.after = head;
    if (head != NONE) {
        slots_[head].links.chains[index].before = at;
    }
    head = at;
}

void
ClaimStore::unlink(size_t index, Position at) {
    const auto& link = slots_[at].links.chains[index];
    auto& before =
        link.before == NONE ? bucket(index, link.hash) : slots_[link.before].links.chains[index].after;
    before = link.after;
    if (link.after != NONE) {
        slots_[link.after].links.chains[index].before = link.before;
    }
}

void
ClaimStore::append(Position at) {
    auto& links = slots_[at].links;
    links.before = last_;
    links.after = NONE;
    (last_ == NONE ? first_ : slots_[last_].links.after) = at;
    last_ = at;
}

void
ClaimStore::remove(Position at) {
    const auto& links = slots_[at].links;
    (links.before == NONE ? first_ : slots_[links.before].links.after) = links.after;
    (links.after == NONE ? last_ : slots_[links.after].links.before) = links.before;
}

/// @return a position that is not in use, in the order of expiry, or in the chains.
ClaimStore::Position
ClaimStore::freeSlot() {
    if (free_ != NONE) {
        const auto at = free_;
        free_ = slots_[at].links.after;
        return (at);
    }
    if (slots_.size() == buckets_[0].size()) {
        addBuckets();
    }
    slots_.emplace_back();
    return (Position(slots_.size() - 1));
}

/// Doubles the number of buckets. All positions are in use.
void
ClaimStore::addBuckets() {
    const size_t number = std::max(2 * buckets_[0].size(), MIN_BUCKETS);
    for (size_t index = 0; index < INDEXES; ++index) {
        buckets_[index].assign(number, NONE);
        for (size_t at = 0; at < slots_.size(); ++at) {
            link(index, Position(at));
        }
    }
}

ClaimStore::Position
ClaimStore::add(const Subject& subject, ClaimNetwork network, const Claim& claim) {
    const auto at = freeSlot();
    auto& [links, entry] = slots_[at];
    entry.claim = claim;
    entry.identifier.assign(subject.identifier.begin(), subject.identifier.end());
    entry.network = network;
    auto& chains = links.chains;
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
    auto& [links, entry] = slots_[at];
    entry = Entry();
    links.after = free_;
    free_ = at;
}

void
ClaimStore::setNetwork(Position at, ClaimNetwork network) {
    auto& entry = slots_[at].entry;
    if (entry.network == network) {
        return;
    }
    unlink(Key::BY_NETWORK, at);
    entry.network = network;
    slots_[at].links.chains[Key::BY_NETWORK].hash = Key(subjectOf(view(entry)), network).hash_;
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
