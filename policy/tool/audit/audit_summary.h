// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_SUMMARY_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_SUMMARY_H

#include <tool/audit/audit_file.h>

#include <tuple>

namespace clone_guard {

/// @brief How a conflict stands, by what needs a hand first.
enum class Standing { CONFIRMED, SUSPECTED, BLOCKED, MOVED, ENDED };
constexpr size_t STANDINGS = 5;

/// @brief One word for it: "confirmed".
const char* toText(Standing standing);

/// @brief Whether there is something left to do.
constexpr bool
isOpen(Standing standing) {
    return (standing <= Standing::BLOCKED);
}

/// @brief A sign of life of a machine.
struct AuditSign {
    int64_t time_ms = 0;
    std::string event;  ///< the record that shows it; "renewed" for the holder's lease
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
    std::string action;                  ///< what was done about it last; empty for one that only held
    std::vector<std::string> addresses;  ///< in the order in which it had them, MAX_ADDRESSES at most
    std::vector<AuditSign>
        signs;  ///< in the order of time, MAX_SIGNS at most: the first ones and the last
    uint64_t records = 0;
    uint64_t suppressed = 0;  ///< messages of it for which no record was written
    uint64_t releases = 0;    ///< of another's lease
    uint64_t declines = 0;
    bool gone = false;  ///< it has no live lease of the identifier any more

    static constexpr size_t MAX_ADDRESSES = 8;
    static constexpr size_t MAX_SIGNS = 32;

    [[nodiscard]] int64_t first() const {
        return (signs.empty() ? 0 : signs.front().time_ms);
    }
    [[nodiscard]] int64_t last() const {
        return (signs.empty() ? 0 : signs.back().time_ms);
    }
};

/// @brief What happened about one client identifier in one network.
struct AuditConflict {
    std::string network;  ///< name of the shared network; may be empty
    uint64_t subnet_id = 0;
    std::string policy;
    std::map<std::string, std::string, std::less<>> identity;  ///< client_id to template, remedy
    Standing standing = Standing::SUSPECTED;
    std::string holder;                  ///< hardware address
    std::vector<AuditMachine> machines;  ///< in the order in which they turned up
    uint64_t unlisted = 0;               ///< records of further machines
    int64_t first_ms = 0;
    int64_t last_ms = 0;
    uint64_t records = 0;

    static constexpr size_t MAX_MACHINES = 1000;

    /// @return a field of the identity, empty where it is not known.
    [[nodiscard]] const std::string& known(std::string_view name) const;
    [[nodiscard]] bool isHolder(const AuditMachine& machine) const {
        return (machine.hw_address == holder);
    }
    /// @brief "network lab (subnet 7)", "subnet 7".
    [[nodiscard]] std::string where() const;
    /// @brief What the machines come from: the template's name, or the DUID, or the identifier.
    [[nodiscard]] std::string origin() const;
};

/// @brief The guard worked with less than it needs.
struct Degraded {
    std::string reason;
    int64_t first_ms = 0;
    int64_t last_ms = 0;
    uint64_t times = 0;
};

/// @brief What an audit log tells: which conflicts there were, who was in them, and how they stand.
///
/// Records are taken in the order of time. The memory that it takes is bounded: where there are more conflicts or
/// machines than that, the half that needs a hand least is dropped and counted.
class AuditStory {
public:
    static constexpr size_t MAX_CONFLICTS = 10000;
    static constexpr size_t MAX_ALL_MACHINES = 100000;
    static constexpr size_t MAX_REASONS = 20;

    /// @param max_conflicts smaller in tests only.
    explicit AuditStory(size_t max_conflicts = MAX_CONFLICTS) : max_conflicts_(max_conflicts) {}

    void take(const AuditEntry& entry);

    /// @brief What needs a hand first comes first; of equals what happened last.
    [[nodiscard]] std::vector<const AuditConflict*> conflicts() const;

    [[nodiscard]] const std::vector<Degraded>& degraded() const noexcept {
        return (degraded_);
    }

    [[nodiscard]] uint64_t records() const noexcept {
        return (records_);
    }

    /// @brief Conflicts that there was no room for.
    [[nodiscard]] uint64_t dropped() const noexcept {
        return (dropped_);
    }

    /// @brief Time of the first and last record; 0 where there is none.
    [[nodiscard]] int64_t begin() const noexcept {
        return (begin_ms_);
    }
    [[nodiscard]] int64_t end() const noexcept {
        return (end_ms_);
    }

private:
    using Key = std::tuple<std::string, uint64_t,
                           std::string>;  ///< network, subnet where there is none, identifier

    void noteDegraded(const AuditEntry& entry);
    AuditConflict& conflictOf(const AuditEntry& entry);
    AuditMachine* machineOf(AuditConflict& conflict, const std::string& hw_address);
    void noteHolder(AuditConflict& conflict, const AuditEntry& entry);
    void noteSpeaker(AuditConflict& conflict, const AuditEntry& entry);
    void makeRoom();

    size_t max_conflicts_;
    std::map<Key, AuditConflict> conflicts_;
    std::vector<Degraded> degraded_;
    size_t machines_ = 0;
    uint64_t records_ = 0;
    uint64_t dropped_ = 0;
    int64_t begin_ms_ = 0;
    int64_t end_ms_ = 0;
};

}  // namespace clone_guard

#endif
