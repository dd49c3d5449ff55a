// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_ACTIVITY_H
#define CLONE_GUARD_CORE_CONFLICTS_ACTIVITY_H

#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief What a message shows about the machine that sent it (R10).
enum class Activity {
    BOOT,     ///< the machine may just have booted
    RENEWAL,  ///< the machine has been up since its last boot
    NONE,     ///< neither
};

/// @brief Whether a machine has left its conflict (R10).
enum class Absence {
    NONE,
    GONE,    ///< off or expired for as long as a conflict waits for it
    SEALED,  ///< it uses another identifier
};

/// @brief The messages of one machine of a conflict. The messages of a conflict are numbered; the first is 1.
struct MachineActivity {
    uint64_t boot = 0;      ///< the message since which the machine has been up, as far as is known
    uint64_t latest = 0;    ///< its last message
    uint64_t renewal = 0;   ///< its last renewal: the machine was up from @c boot to this message
    Instant last;           ///< time of its last message
    bool released = false;  ///< the machine has released its lease since
    Absence absence = Absence::NONE;  ///< since its last message
    /// @brief Time at which the machine had a lease of another identifier since its last message, as noticed first, in
    /// seconds since 1970; 0 if it has none.
    int64_t other_lease = 0;
    std::string hostname;  ///< the last host name that it sent, escaped; empty if it sent none
    /// @brief Time of the lease by which a holder is known that has sent no message yet, in seconds since 1970; 0 if
    /// unknown.
    int64_t leased = 0;

    /// @brief Checks whether the machine has been silent for a time.
    [[nodiscard]] bool isSilent(std::chrono::milliseconds time, Instant now) const {
        return (now - last >= time);
    }

    /// @brief Checks whether the machine has neither released its lease nor been silent for the timeout.
    [[nodiscard]] bool isActive(std::chrono::milliseconds timeout, Instant now) const {
        return (!released && now - last < timeout);
    }
};

/// @brief Proves that two machines of a conflict are alive at the same time (R10): each renewed its lease after a
/// message of the other, without a boot in between.
///
/// Compares a renewal with the last renewal of one other machine. A comparison with all machines would take too long
/// if there are thousands; to leave it out delays the proof by one round of renewals at most.
class ActivityProof {
public:
    /// @return the machine that a renewal of another machine is compared with; unusable if no machine has renewed.
    [[nodiscard]] const HardwareAddress& comparedWith(const HardwareAddress& renewing) const {
        return (last_ == renewing ? before_ : last_);
    }

    /// @brief Records a message.
    ///
    /// @param machine the activity of the sender.
    /// @param other the activity of comparedWith(), or null if that machine has left the conflict.
    /// @return true if the message proves that both machines are alive.
    bool record(const HardwareAddress& sender, MachineActivity& machine, Activity activity, Instant now,
                const MachineActivity* other);

    /// @return the machine that renewed before the last one that did.
    [[nodiscard]] const HardwareAddress& renewedBefore() const {
        return (before_);
    }

private:
    uint64_t messages_ = 0;
    HardwareAddress last_;    ///< the machine that renewed last
    HardwareAddress before_;  ///< the machine that renewed before that
};

}  // namespace clone_guard

#endif
