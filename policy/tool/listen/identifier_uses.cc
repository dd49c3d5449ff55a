// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/identifier_uses.h>

#include <core/identity/client_identifier.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace clone_guard {

/// The machines that use an identifier in a segment.
class IdentifierUses::Use {
public:
    using Machines = std::map<HardwareAddress, Machine>;

    /// What only a shared identifier needs.
    struct Shared {
        ActivityProof proof;
        std::map<HardwareAddress, MachineActivity> activities;
        bool confirmed = false;
        UtcTime changed;  ///< the time of the last change from one machine to another
        uint64_t omitted = 0;
        UtcTime unreturned_until;  ///< the last live lease that was taken over expires then
        SharingEvidence evidence;
        std::string vendor_class;
        Bytes requested_options;
    };

    Bytes identifier;
    Machines machines;
    Machines::value_type* current = nullptr;  ///< the machine of the last message
    std::unique_ptr<Shared> sharing;
};

namespace {

UtcSeconds
toSeconds(UtcTime time) {
    return (std::chrono::floor<std::chrono::seconds>(time));
}

Instant
toInstant(UtcTime time) {
    return (Instant(std::chrono::duration_cast<Instant::duration>(time.time_since_epoch())));
}

/// Determines whether a message proves that the machine has been up since its last boot.
Activity
activityOf(const Message& message) {
    if (message.type == MessageType::DISCOVER) {
        return (Activity::BOOT);
    }
    if (message.type == MessageType::REQUEST) {
        return (message.isRenewal() ? Activity::RENEWAL : Activity::BOOT);
    }
    return (Activity::NONE);
}

/// Returns the end of the lease of a machine; that of one whose acknowledgement was not captured is assumed.
UtcTime
leaseEnd(const IdentifierUses::Machine& machine) {
    return (machine.lifetime.count() > 0 || machine.released
                ? machine.expires
                : machine.last + IdentifierUses::ASSUMED_LEASE);
}

MachineState
stateOf(const IdentifierUses::Machine& machine, UtcTime end) {
    if (machine.released) {
        return (MachineState::OFF);
    }
    const auto lifetime =
        machine.lifetime.count() > 0 ? machine.lifetime : IdentifierUses::ASSUMED_LEASE;
    return (leaseEnd(machine) > end || machine.last + lifetime > end ? MachineState::ACTIVE
                                                                     : MachineState::EXPIRED);
}

void
mergeMachine(std::vector<SeenMachine>& all, const HardwareAddress& address,
             const IdentifierUses::Machine& machine, UtcTime end) {
    auto found = std::find_if(all.begin(), all.end(),
                              [&address](const SeenMachine& one) { return (one.address == address); });
    if (found == all.end()) {
        found = all.insert(all.end(), SeenMachine());
        found->address = address;
        found->first = toSeconds(machine.first);
    }
    found->first = std::min(found->first, toSeconds(machine.first));
    if (toSeconds(machine.last) >= found->last) {
        found->last = toSeconds(machine.last);
        found->state = stateOf(machine, end);
        found->released = machine.released;
        found->lifetime = machine.lifetime;
        found->hostname = machine.hostname.empty() ? found->hostname : machine.hostname;
    }
    found->leases += machine.messages;
    for (const auto& leased : machine.addresses) {
        if (std::find(found->addresses.begin(), found->addresses.end(), leased) ==
            found->addresses.end()) {
            found->addresses.push_back(leased);
        }
    }
}

}  // namespace

IdentifierUses::IdentifierUses(size_t limit, std::chrono::seconds repeat) :
    limit_(limit), repeat_(repeat) {}

IdentifierUses::~IdentifierUses() = default;

const Bytes&
IdentifierUses::identifierOf(const Use& use) noexcept {
    return (use.identifier);
}

size_t
IdentifierUses::identifiers() const {
    size_t count = 0;
    const Use* previous = nullptr;
    for (const auto& entry : uses_) {
        count += previous && previous->identifier == entry.second->identifier ? 0 : 1;
        previous = entry.second.get();
    }
    return (count);
}

IdentifierUses::Change
IdentifierUses::record(const Message& message, ByteView identifier, const Segment& segment, Use*& use) {
    use = nullptr;
    auto found = uses_.find({identifier, segment});
    const bool is_full = machines_ >= limit_;
    if (found == uses_.end()) {
        if (is_full) {
            return (Change::FULL);
        }
        auto created = std::make_unique<Use>();
        created->identifier = identifier.copy();
        const Key key{created->identifier, segment};
        found = uses_.emplace(key, std::move(created)).first;
    }
    use = found->second.get();
    auto at = use->machines.find(message.hw_address);
    const bool is_new = at == use->machines.end();
    if (is_new) {
        if (is_full || use->machines.size() >= MAX_MACHINES) {
            if (use->sharing) {
                ++use->sharing->omitted;
            }
            use = nullptr;
            return (Change::FULL);
        }
        at = use->machines.emplace(message.hw_address, Machine()).first;
        at->second.first = message.time;
        ++machines_;
    }
    auto& machine = at->second;
    const bool is_repeated = !is_new && machine.transaction_id == message.transaction_id &&
                             machine.type == message.type &&
                             message.time - machine.last < REPEATED_WITHIN;
    auto change = Change::NONE;
    if (!is_repeated) {
        change = recordSharing(*use, machine, message, is_new);
        use->current = &*at;
    }
    ++machine.messages;
    machine.released = machine.released && message.is_reply;
    machine.last = std::max(machine.last, message.time);
    machine.transaction_id = message.transaction_id;
    machine.type = message.type;
    if (!message.hostname.empty()) {
        machine.hostname = message.hostname;
    }
    return (change);
}

IdentifierUses::Change
IdentifierUses::recordSharing(Use& use, Machine& machine, const Message& message, bool is_new) const {
    if (use.machines.size() < 2) {
        return (Change::NONE);
    }
    auto change = Change::NONE;
    if (!use.sharing) {
        use.sharing = std::make_unique<Use::Shared>();
        // The machine that was there before counts as booted before this message.
        auto& activity = use.sharing->activities[use.current->first];
        use.sharing->proof.record(use.current->first, activity, Activity::BOOT,
                                  toInstant(use.current->second.last), nullptr);
    }
    if (is_new) {
        change = Change::SUSPECTED;
    }
    auto& sharing = *use.sharing;
    if (!message.is_reply && !message.requested_options.empty()) {
        sharing.vendor_class = message.vendor_class;
        sharing.requested_options = message.requested_options;
    }
    if (use.current != nullptr && use.current->first != message.hw_address) {
        auto& evidence = sharing.evidence;
        sharing.changed = message.time;
        ++evidence.changes;
        evidence.returns += is_new ? 0 : 1;
        const auto& previous = use.current->second;
        if (leaseEnd(previous) > message.time) {
            ++evidence.live_changes;
            sharing.unreturned_until = std::max(sharing.unreturned_until, leaseEnd(previous));
        }
    }
    auto& activity = sharing.activities[message.hw_address];
    const auto other = sharing.activities.find(sharing.proof.comparedWith(message.hw_address));
    const bool proven = sharing.proof.record(
        message.hw_address, activity, message.is_reply ? Activity::NONE : activityOf(message),
        toInstant(message.time), other == sharing.activities.end() ? nullptr : &other->second);
    if (proven && !sharing.confirmed) {
        sharing.confirmed = true;
        change = Change::CONFIRMED;
    }
    // The finding goes on if the identifier changed between machines since the last event of this claimant.
    const bool is_claimant = machine.reported != UtcTime();
    if (change == Change::NONE && is_claimant && repeat_.count() > 0 &&
        message.time - machine.reported >= repeat_ && sharing.changed > machine.reported) {
        change = sharing.confirmed ? Change::CONFIRMED : Change::SUSPECTED;
    }
    if (change == Change::SUSPECTED || (change == Change::CONFIRMED && is_claimant)) {
        machine.reported = message.time;
    }
    return (change);
}

void
IdentifierUses::recordLease(Use& use, const HardwareAddress& address, const SeenAddress& leased,
                            UtcTime time, std::chrono::seconds lifetime) {
    const auto found = use.machines.find(address);
    if (found == use.machines.end()) {
        return;
    }
    auto& machine = found->second;
    machine.released = false;
    machine.lifetime = lifetime;
    machine.expires = time + lifetime;
    machine.last = std::max(machine.last, time);
    auto& addresses = machine.addresses;
    if (addresses.size() < MAX_ADDRESSES &&
        std::find(addresses.begin(), addresses.end(), leased) == addresses.end()) {
        addresses.push_back(leased);
    }
}

void
IdentifierUses::recordRelease(Use& use, const HardwareAddress& address, UtcTime time) {
    const auto found = use.machines.find(address);
    if (found != use.machines.end()) {
        found->second.released = true;
        found->second.expires = time;
    }
}

void
IdentifierUses::describe(const Use& use, const HardwareAddress& address, Event& event) {
    event.identifier = use.identifier;
    event.machines = use.machines.size();
    const auto own = use.machines.find(address);
    if (own != use.machines.end()) {
        event.hostname = own->second.hostname;
    }
    const Use::Machines::value_type* holder = nullptr;
    for (const auto& entry : use.machines) {
        if (entry.first != address && (!holder || entry.second.first < holder->second.first)) {
            holder = &entry;
        }
    }
    if (holder) {
        event.other = holder->first;
        event.other_hostname = holder->second.hostname;
        event.other_last = holder->second.last;
        // A delegated prefix names the machine only if it has no address.
        for (const auto& leased : holder->second.addresses) {
            if (!leased.isPrefix() || event.other_address.isUnspecified() ||
                event.other_address.isPrefix()) {
                event.other_address = leased;
            }
        }
    }
}

std::vector<ObservedIdentifier>
IdentifierUses::shared(UtcTime end) const {
    std::vector<ObservedIdentifier> all;
    for (auto begin = uses_.begin(); begin != uses_.end();) {
        const auto next = std::find_if(begin, uses_.end(), [begin](const auto& entry) {
            return (entry.first.identifier != begin->first.identifier);
        });
        const bool is_single = std::next(begin) == next && begin->second->machines.size() < 2;
        if (is_single) {
            begin = next;
            continue;
        }
        ObservedIdentifier found;
        found.shared.identifier = begin->second->identifier;
        for (; begin != next; ++begin) {
            const auto& use = *begin->second;
            found.segments.push_back(begin->first.segment);
            for (const auto& [address, machine] : use.machines) {
                mergeMachine(found.shared.machines, address, machine, end);
            }
            if (!use.sharing) {
                continue;
            }
            const auto& sharing = *use.sharing;
            found.confirmed = found.confirmed || sharing.confirmed;
            found.shared.omitted += sharing.omitted;
            if (!sharing.requested_options.empty()) {
                found.vendor_class = sharing.vendor_class;
                found.requested_options = sharing.requested_options;
            }
            const bool unreturned = sharing.unreturned_until > end;
            const auto kind =
                sharing.evidence.returns > 0 || unreturned ? Sharing::CLONES : Sharing::MOVED;
            // The segment that proves most counts: a bridge and its port show the same messages.
            if (kind < found.shared.sharing ||
                (kind == found.shared.sharing &&
                 sharing.evidence.changes > found.shared.evidence.changes)) {
                found.shared.sharing = kind;
                found.shared.evidence = sharing.evidence;
                found.unreturned = unreturned && sharing.evidence.returns == 0;
            }
        }
        if (found.shared.machines.size() > 1) {
            auto& machines = found.shared.machines;
            std::sort(
                machines.begin(), machines.end(), [](const SeenMachine& left, const SeenMachine& right) {
                    return (std::tie(left.first, left.address) < std::tie(right.first, right.address));
                });
            all.push_back(std::move(found));
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const ObservedIdentifier& left, const ObservedIdentifier& right) {
                         return (std::make_tuple(left.shared.sharing, right.shared.machines.size()) <
                                 std::make_tuple(right.shared.sharing, left.shared.machines.size()));
                     });
    return (all);
}

std::vector<SharedDuid>
IdentifierUses::sharedDuids(UtcTime end) const {
    std::vector<std::pair<ByteView, const Use*>> uses;
    for (auto begin = uses_.begin(); begin != uses_.end();) {
        auto next = begin;
        std::set<HardwareAddress> machines;
        for (; next != uses_.end() && next->first.identifier == begin->first.identifier; ++next) {
            for (const auto& entry : next->second->machines) {
                machines.insert(entry.first);
            }
        }
        const auto parts = parseRfc4361(begin->first.identifier);
        for (; begin != next; ++begin) {
            // An identifier of several machines is listed already.
            if (parts && machines.size() == 1) {
                uses.emplace_back(parts->duid, begin->second.get());
            }
        }
    }
    std::stable_sort(uses.begin(), uses.end(),
                     [](const auto& left, const auto& right) { return (left.first < right.first); });
    std::vector<SharedDuid> all;
    for (auto begin = uses.cbegin(); begin != uses.cend();) {
        const auto next = std::find_if(begin, uses.cend(),
                                       [begin](const auto& one) { return (one.first != begin->first); });
        SharedDuid shared{begin->first.copy(), {}};
        std::set<HardwareAddress> known;
        for (; begin != next; ++begin) {
            const auto& use = *begin->second;
            if (known.insert(use.machines.begin()->first).second) {
                std::vector<SeenMachine> merged;
                mergeMachine(merged, use.machines.begin()->first, use.machines.begin()->second, end);
                shared.machines.emplace_back(use.identifier, std::move(merged.front()));
            }
        }
        if (shared.machines.size() > 1) {
            all.push_back(std::move(shared));
        }
    }
    return (all);
}

}  // namespace clone_guard
