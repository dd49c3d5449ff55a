// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_VERDICT_H
#define CLONE_GUARD_CORE_DECISION_VERDICT_H

#include <core/decision/guarded_query.h>
#include <core/decision/settings.h>

namespace clone_guard {

/// @brief The message types that the guard reads (R1). An INFORM is left alone, unless it is a stranger's.
enum class Message { DISCOVER, REQUEST, RELEASE, DECLINE, INFORM };

/// @brief How a claimant's message is handled.
enum class Verdict {
    PASS,    ///< unchanged
    REPORT,  ///< unchanged, but logged and counted as a claimant's
    DERIVE,  ///< handled under the derived identifier (R6)
    REFUSE,  ///< handled under the derived identifier, but without a new lease (R7)
    DROP,    ///< dropped without a reply (R7)
};

/// @brief Decides how a policy handles a claimant's message.
///
/// @param policy the effective policy of the network, see Network::policy().
/// @param nak_harms true if a REQUEST is dropped instead of refused with a NAK. A lease that the claimant has from before,
///        under its derived identifier or its hardware address alone, has to expire, and a NAK would end it at once. The
///        firmware of a PXE client would give up.
Verdict decide(Policy policy, Message message, bool nak_harms) noexcept;

/// @brief Checks whether the server has to answer a claimant with NAK if it asks for an address on record for another
/// machine (R7): a client in INIT-REBOOT would use the address if it got no answer. PXE firmware gives up after a NAK.
///
/// @param verdict the result of decide() for the query.
/// @param firmware true if the sender is PXE firmware.
bool needsNak(Verdict verdict, Stage stage, bool firmware) noexcept;

/// @return the word for the audit field `action`.
std::string actionText(Verdict verdict);

}  // namespace clone_guard

#endif
