// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_IDENTIFIER_USES_H
#define CLONE_GUARD_TOOL_LISTEN_IDENTIFIER_USES_H

#include <tool/listen/message.h>
#include <tool/listen/observation.h>

#include <core/conflicts/activity.h>

#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace clone_guard {

/// @brief Collects which hardware addresses use an identifier in a segment, and when.
class IdentifierUses {
public:
    /// @brief A lease lasts this long if its acknowledgement was not captured.
    static constexpr std::chrono::seconds ASSUMED_LEASE{3600};
    static constexpr size_t MAX_ADDRESSES = 16;
    /// @brief The number of hardware addresses that are kept of one identifier.
    static constexpr size_t MAX_MACHINES = 4096;

    /// @brief An identifier in a segment, as one machine uses it.
    class Use;
    struct Machine {
        std::string hostname;  ///< as the client sent it
        std::vector<SeenAddress> addresses;
        UtcTime first;
        UtcTime last;
        UtcTime expires;                   ///< of its lease
        std::chrono::seconds lifetime{0};  ///< 0: not captured
        uint64_t messages = 0;
        uint32_t transaction_id = 0;  ///< of its last message
        MessageType type = MessageType::DISCOVER;
        bool released = false;
        UtcTime reported;  ///< the time of its last event as a claimant
    };

    enum class Change { NONE, SUSPECTED, CONFIRMED, FULL };

    /// @param limit the largest number of machines with an identifier.
    /// @param repeat time after which a finding that goes on is reported again; 0: never.
    IdentifierUses(size_t limit, std::chrono::seconds repeat);
    ~IdentifierUses();

    /// @brief Records a message of a client, or a reply that shows the identifier of a client.
    ///
    /// @param identifier one of the message; in DHCPv6, IAID and DUID in the form of RFC 4361.
    /// @param segment the segment of the client.
    /// @param [out] use the use of the identifier; null if the bound is reached.
    Change record(const Message& message, ByteView identifier, const Segment& segment, Use*& use);

    /// @brief Records an acknowledgement.
    static void recordLease(Use& use, const HardwareAddress& address, const SeenAddress& leased,
                            UtcTime time, std::chrono::seconds lifetime);

    /// @brief Records that a machine gave its lease up.
    static void recordRelease(Use& use, const HardwareAddress& address, UtcTime time);

    /// @brief Completes an event about a machine: the first machine with the identifier is the holder.
    static void describe(const Use& use, const HardwareAddress& address, Event& event);

    /// @return the identifiers of several machines, merged over all segments; clones first.
    ///
    /// @param end the time up to which was captured.
    [[nodiscard]] std::vector<ObservedIdentifier> shared(UtcTime end) const;

    /// @return the DUIDs that several machines use with an IAID each, by DHCPv6 or as RFC 4361 says.
    [[nodiscard]] std::vector<SharedDuid> sharedDuids(UtcTime end) const;

    [[nodiscard]] size_t machines() const noexcept {
        return (machines_);
    }
    /// @return the number of identifiers; one in several segments counts once.
    [[nodiscard]] size_t identifiers() const;

    /// @return the identifier of a use.
    [[nodiscard]] static const Bytes& identifierOf(const Use& use) noexcept;

private:
    struct Key {
        ByteView identifier;
        Segment segment;
        friend bool operator<(const Key& left, const Key& right) noexcept {
            if (left.identifier != right.identifier) {
                return (left.identifier < right.identifier);
            }
            return (left.segment < right.segment);
        }
    };

    Change recordSharing(Use& use, Machine& machine, const Message& message, bool is_new) const;

    size_t limit_;
    std::chrono::seconds repeat_;
    size_t machines_ = 0;
    std::map<Key, std::unique_ptr<Use>> uses_;  ///< the keys are views into the uses
};

}  // namespace clone_guard

#endif
