// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFLICTS_CONFLICT_TABLE_H
#define CLONE_GUARD_CONFLICTS_CONFLICT_TABLE_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

#include <array>
#include <atomic>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief How sure it is that two machines are behind an identifier (R10).
enum class Level {
    SUSPECTED,
    CONFIRMED,  ///< two hardware addresses were proven alive at the same time
};

std::string toText(Level level);

/// @brief What is told about a claimant; each kind is limited on its own (R11).
enum class ReportKind : size_t { SUSPECTED, CONFIRMED, RELEASE_BLOCKED, DECLINE_BLOCKED };
constexpr size_t REPORT_KINDS = 4;

/// @brief What a message shows about the machine that sent it (R10).
enum class Activity {
    BOOT,     ///< it may just have begun
    RENEWAL,  ///< it has been up since its last boot
    NONE,     ///< neither
};

/// @brief Whether something that happened is to be told, and what goes with it.
struct ReportDecision {
    bool report = false;  ///< log it now
    bool first = false;   ///< for the first time
    bool known = true;    ///< false where the table had no room to remember it
    Level level = Level::SUSPECTED;
    HardwareAddress claimant;  ///< whom it is about
    HardwareAddress holder;
    uint64_t suppressed = 0;  ///< how many were held back since the last one that was told
    size_t claimants = 0;     ///< of the conflict, this one included
};

/// @brief An open conflict, as it is listed.
struct ConflictView {
    Bytes identifier;
    std::string network;  ///< Network::key
    Level level = Level::SUSPECTED;
    HardwareAddress holder;
    std::map<HardwareAddress, Instant> claimants;  ///< and when each was heard last
};

/// @brief The open conflicts: who holds, who claims, and what has been told about it.
///
/// It is memory for reports, for the time when the lease database is away, and for R9; who passes does
/// not depend on it otherwise, except in `monitor`. Bounded; when full, the suspected conflict that has
/// been quiet the longest is forgotten if it has been so for MIN_IDLE, else there is no room; a confirmed one
/// is never forgotten. Safe to use from several threads.
class ConflictTable {
public:
    /// @param max_conflicts how many conflicts are remembered.
    /// @param repeat how long a claimant's next record is held back; 0: for good.
    ConflictTable(size_t max_conflicts, std::chrono::seconds repeat);

    /// @brief Whether any network has a conflict about an identifier. Costs next to nothing while
    /// there are no conflicts at all.
    [[nodiscard]] bool hasConflict(ByteView identifier) const;

    /// @brief Whether there was one, that is over or forgotten. Of these as many are remembered as there may be conflicts.
    [[nodiscard]] bool hadConflict(ByteView identifier) const;

    [[nodiscard]] bool isOpen(const std::string& network, ByteView identifier) const;
    [[nodiscard]] bool isConfirmed(const std::string& network, ByteView identifier) const;

    /// @brief The holder as it was heard of last; in `monitor` as it was first seen.
    [[nodiscard]] std::optional<HardwareAddress> holder(const std::string& network,
                                                        ByteView identifier) const;

    [[nodiscard]] bool isClaimant(const std::string& network, ByteView identifier,
                                  const HardwareAddress& address) const;

    /// @brief Notes a DISCOVER or REQUEST of a claimant; opens the conflict if there is none.
    ///
    /// @param holder empty where it is not known.
    ReportDecision recordClaimant(const std::string& network, ByteView identifier,
                                  const HardwareAddress& holder, const HardwareAddress& claimant,
                                  Activity activity, Instant now);

    /// @brief Notes a DISCOVER or REQUEST of whoever passes.
    ///
    /// @return what to tell where this confirms the conflict.
    ReportDecision recordHolder(const std::string& network, ByteView identifier,
                                const HardwareAddress& holder, Activity activity, Instant now);

    /// @brief Notes a RELEASE or DECLINE of a claimant; opens the conflict if there is none.
    ReportDecision recordBlocked(ReportKind kind, const std::string& network, ByteView identifier,
                                 const HardwareAddress& holder, const HardwareAddress& claimant,
                                 Instant now);

    /// @brief Notes the address that a claimant got.
    ///
    /// @return whether to tell: for its first, and for another one not before the repeat time.
    bool recordAddress(const std::string& network, ByteView identifier, const HardwareAddress& claimant,
                       uint32_t ip, Instant now);

    /// @brief Whether a claimant has been noted with this address.
    [[nodiscard]] bool hasAddress(const std::string& network, ByteView identifier,
                                  const HardwareAddress& claimant, uint32_t ip) const;

    /// @brief Notes that a machine of a conflict has given its lease up. It counts as there until it is heard of for so
    /// long that its lease has run out, or until this.
    void markReleased(const std::string& network, ByteView identifier, const HardwareAddress& address);

    /// @brief Who else is in a conflict, for a look at whether it is over.
    ///
    /// @param silence for how long the others have to have been silent.
    /// @param interval how often the question makes sense.
    /// @return claimants beside the speaker, MAX_SILENT at most; nothing where somebody was heard
    /// lately, the last look was not long ago, or there is no conflict.
    std::optional<std::vector<HardwareAddress>> idleMembers(
        const std::string& network, ByteView identifier, const HardwareAddress& speaker,
        std::chrono::milliseconds silence, std::chrono::milliseconds interval, Instant now);

    /// @brief Forgets claimants that are gone, and the conflict if there is nobody left in it.
    ///
    /// @return whether the conflict is closed.
    bool removeClaimants(const std::string& network, ByteView identifier,
                         const std::vector<HardwareAddress>& gone, const HardwareAddress& speaker);

    /// @brief Forgets a conflict, whatever its level: who is heard next opens it again, as suspected.
    ///
    /// @return whether there was one.
    bool remove(const std::string& network, ByteView identifier);

    /// @brief Lists conflicts, ordered by identifier.
    ///
    /// @param after the identifier to go on after; empty: from the beginning.
    /// @param limit at least this many, if there are; those of one identifier stay together.
    [[nodiscard]] std::vector<ConflictView> list(ByteView after, size_t limit) const;

    /// @brief One conflict as it is listed.
    [[nodiscard]] std::optional<ConflictView> view(const std::string& network,
                                                   ByteView identifier) const;

    /// @brief The conflicts about one identifier, one a network.
    [[nodiscard]] std::vector<ConflictView> views(ByteView identifier) const;

    /// @brief Forgetting conflicts sooner, they would take turns, and each return be told as the first.
    static constexpr std::chrono::hours MIN_IDLE{1};

    /// @brief So many claimants are looked at in one go.
    static constexpr size_t MAX_SILENT = 64;

    [[nodiscard]] size_t size() const noexcept {
        return (size_.load(std::memory_order_relaxed));
    }

    [[nodiscard]] size_t capacity() const noexcept {
        return (max_conflicts_);
    }

    /// @brief How many of them are confirmed.
    [[nodiscard]] size_t confirmed() const;

private:
    struct RateLimit {
        bool told = false;
        Instant last;
        uint64_t suppressed = 0;
    };

    /// @brief When a machine was heard, in messages of its conflict: its first is 1.
    struct Presence {
        uint64_t boot = 0;   ///< since when it is up, as far as is known
        uint64_t heard = 0;  ///< its last message
        uint64_t alive = 0;  ///< its last renewal: it was up from @c boot to then
        Instant last;
        bool gone = false;  ///< it has given up its lease since
    };

    struct Claimant {
        std::array<RateLimit, REPORT_KINDS> limits;
        Presence presence;
        uint32_t ip = 0;
        Instant ip_told;
    };

    struct Conflict {
        Bytes identifier;
        std::string network;
        HardwareAddress holder;
        Level level = Level::SUSPECTED;
        Instant heard;  ///< last message of anybody in it
        Presence holder_presence;
        std::map<HardwareAddress, Claimant> claimants;
        uint64_t messages = 0;
        std::array<HardwareAddress, 2> renewed_last;  ///< the two that renewed last
        Instant looked;                               ///< last look at whether it is over
    };

    using Quietest = std::list<Conflict>;
    using Networks = std::map<std::string, Quietest::iterator>;

    [[nodiscard]] const Conflict* find(const std::string& network, ByteView identifier) const;
    Conflict* find(const std::string& network, ByteView identifier);
    Conflict* open(const std::string& network, ByteView identifier, const HardwareAddress& holder,
                   Instant now);
    void setHolder(Conflict& conflict, const HardwareAddress& holder, Instant now);
    Claimant* findOrAddClaimant(Conflict& conflict, const HardwareAddress& claimant, Instant now);
    bool makeRoom(const Conflict* keep, Instant now);
    void forget(Quietest::iterator conflict);
    void eraseClaimant(Conflict& conflict, const HardwareAddress& claimant);
    Quietest& listOf(const Conflict& conflict) {
        return (quietest_[static_cast<size_t>(conflict.level)]);
    }
    void recordActivity(Conflict& conflict, const HardwareAddress& address, Presence& presence,
                        Activity activity, Instant now);
    void confirm(Conflict& conflict);
    static const Presence* presenceOf(const Conflict& conflict, const HardwareAddress& address);
    static bool bothAlive(const Presence& renewing, uint64_t heard_before, const Presence& other);
    ReportDecision decide(ReportKind kind, const Conflict& conflict, const HardwareAddress& address,
                          Claimant& claimant, Instant now) const;
    static ConflictView viewOf(const Conflict& conflict);

    size_t max_conflicts_;
    size_t max_claimants_;
    std::chrono::seconds repeat_;
    mutable std::mutex mutex_;
    std::map<Bytes, Networks, ByteLess> by_identifier_;
    std::array<Quietest, 2> quietest_;  ///< by level; the longest quiet first
    std::set<Bytes, ByteLess> past_;    ///< identifiers of conflicts that are over or forgotten...
    std::deque<Bytes> past_in_order_;   ///< ...and the order in which they were
    size_t claimants_ = 0;
    std::atomic<size_t> size_{0};
    std::atomic<bool> has_past_{false};
};

}  // namespace clone_guard

#endif
