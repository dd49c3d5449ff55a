// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_CONFLICT_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_CONFLICT_H

#include <tool/audit/audit_entry.h>

#include <unordered_map>
#include <vector>

namespace clone_guard {

/// @brief The policy in records of `clone-guard listen`, which sees messages and changes nothing.
constexpr const char* LISTEN_POLICY = "listen";

/// @brief The status of a conflict in an audit log, the most urgent first.
enum class ConflictStatus { CONFIRMED, SUSPECTED, BLOCKED, MOVED, ENDED };
constexpr size_t CONFLICT_STATUSES = 5;

/// @brief Names a status in one word: "confirmed".
const char* toText(ConflictStatus status);

/// @return true if the operator has something to do about such a conflict.
constexpr bool
isOpen(ConflictStatus status) {
    return (status <= ConflictStatus::BLOCKED);
}

/// @brief A time at which a machine was active.
struct Sighting {
    UtcTime time;
    std::string_view event;  ///< one of audit_event::OF_CONFLICTS, or RENEWED

    /// @brief The event of a sighting that comes from the holder's lease.
    static constexpr std::string_view RENEWED = "renewed";
};

/// @brief Why a machine is gone from its conflict.
enum class Departure {
    NONE,            ///< it is not gone
    UNKNOWN,         ///< released or expired; version 0.1.0 of the guard does not record which
    MOVED,           ///< another machine took the identifier over
    OFF,             ///< it released its lease
    EXPIRED,         ///< its lease ran out
    OFF_OR_EXPIRED,  ///< one of the two
    SEALED,          ///< it uses an identifier of its own
};

/// @brief A machine in a conflict, known by its hardware address.
struct AuditMachine {
    std::string hw_address;
    std::string hw_vendor;
    std::string hostname;
    std::string vendor_class;
    std::string relay;
    std::string circuit_id;
    std::string remote_id;
    std::string action;  ///< the guard's last action; empty for a machine that was only the holder
    std::vector<std::string> addresses;  ///< in the order of use, MAX_ADDRESSES at most
    std::vector<Sighting>
        sightings;  ///< in the order of time; the first ones and the last, MAX_SIGHTINGS at most
    uint64_t records = 0;
    uint64_t suppressed = 0;  ///< messages without a record of their own
    uint64_t releases = 0;    ///< blocked RELEASE messages for another machine's lease
    uint64_t declines = 0;    ///< blocked DECLINE messages for another machine's lease
    Departure departure = Departure::NONE;
    UtcTime sealed;  ///< time of the record that the machine is sealed

    static constexpr size_t MAX_ADDRESSES = 8;
    static constexpr size_t MAX_SIGHTINGS = 32;

    [[nodiscard]] bool isGone() const {
        return (departure != Departure::NONE);
    }

    /// @return the time of the first sighting, or std::nullopt without sightings.
    [[nodiscard]] std::optional<UtcTime> firstSeen() const {
        return (sightings.empty() ? std::nullopt : std::make_optional(sightings.front().time));
    }
    /// @return the time of the last sighting, or std::nullopt without sightings.
    [[nodiscard]] std::optional<UtcTime> lastSeen() const {
        return (sightings.empty() ? std::nullopt : std::make_optional(sightings.back().time));
    }
};

/// @brief The records about one client identifier in one network.
struct AuditConflict {
    std::string network;  ///< name of the shared network; may be empty
    uint64_t subnet_id = 0;
    std::string interface;  ///< of the last message
    std::string policy;
    std::array<std::string, audit_field::OF_IDENTIFIER.size()>
        identity;  ///< in the order of audit_field::OF_IDENTIFIER
    ConflictStatus status = ConflictStatus::SUSPECTED;
    std::string end_reason;                          ///< of a conflict that has ended; empty if unknown
    std::string holder;                              ///< hardware address
    std::vector<AuditMachine> machines;              ///< in the order of their first record
    std::unordered_map<std::string, size_t> places;  ///< of the machines, by hardware address
    uint64_t unlisted = 0;                           ///< records of machines beyond MAX_MACHINES
    UtcTime first;
    UtcTime last;
    uint64_t records = 0;

    static constexpr size_t MAX_MACHINES = 1000;

    /// @return a field of the identity, or an empty text if it is unknown.
    [[nodiscard]] const std::string& known(std::string_view name) const;
    [[nodiscard]] bool isHolder(const AuditMachine& machine) const {
        return (machine.hw_address == holder);
    }
    /// @return true if the records are those of `clone-guard listen`: the policy of the server is unknown.
    [[nodiscard]] bool isListened() const {
        return (policy == LISTEN_POLICY);
    }
    /// @brief Replaces a field of the identity.
    ///
    /// @param name one of audit_field::OF_IDENTIFIER.
    void setKnown(std::string_view name, const std::string& text);
    /// @brief Checks whether the conflict ended although some machines are not known to be sealed.
    [[nodiscard]] bool isUnsealed() const;
    /// @brief Names the network: "network lab (subnet 7)", "subnet 7", "captured messages (vmbr0, VLAN 5)".
    [[nodiscard]] std::string where() const;
    /// @brief Names the source of the machines: the template's name, else the DUID, else the identifier.
    [[nodiscard]] std::string origin() const;
};

}  // namespace clone_guard

#endif
