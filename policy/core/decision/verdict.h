// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_VERDICT_H
#define CLONE_GUARD_DECISION_VERDICT_H

#include <core/decision/settings.h>

namespace clone_guard {

/// @brief The messages that are guarded (R1).
enum class Message { DISCOVER, REQUEST, RELEASE, DECLINE };

/// @brief What is done with a claimant's message.
enum class Verdict {
    PASS,    ///< left as it is
    REPORT,  ///< left as it is, and reported as if it were not
    DERIVE,  ///< handled under the derived identifier (R6)
    REFUSE,  ///< the same, but nothing new is leased to it (R7)
    DROP,    ///< not answered (R7)
};

/// @brief Says what a policy does with a claimant's message.
///
/// @param policy as it can be carried out in the network, see Network::policy().
/// @param nak_harms whether the refused is to hear nothing where others get a NAK: a lease that it has from before,
///        under its derived identifier or its hardware address alone, has to run out, and a NAK would end it at
///        once; the firmware of a PXE client would give up.
Verdict decide(Policy policy, Message message, bool nak_harms) noexcept;

/// @brief The word for the audit field `action`.
std::string actionText(Verdict verdict);

}  // namespace clone_guard

#endif
