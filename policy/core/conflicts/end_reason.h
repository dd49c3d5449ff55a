// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_END_REASON_H
#define CLONE_GUARD_CORE_CONFLICTS_END_REASON_H

#include <string>

namespace clone_guard {

/// @brief The words for the reason in the audit event conflict-ended, each declared once for writer and reader.
namespace end_reason {

constexpr const char* SEALED = "sealed";
constexpr const char* OFF = "off";
constexpr const char* EXPIRED = "expired";
constexpr const char* OFF_OR_EXPIRED = "off or expired";
constexpr const char* DELETED = "deleted by command";

}  // namespace end_reason

/// @brief Why a conflict is over: what the other machines than the last one did.
enum class EndReason {
    SEALED,          ///< all use other identifiers
    OFF,             ///< those that are not sealed released their leases
    EXPIRED,         ///< the leases of those that are not sealed ran out
    OFF_OR_EXPIRED,  ///< some released their leases, the leases of others ran out
};

/// @return the word for the audit field `reason`.
std::string toText(EndReason reason);

}  // namespace clone_guard

#endif
