// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_AUDIT_EVENT_H
#define CLONE_GUARD_CORE_AUDIT_AUDIT_EVENT_H

#include <array>

namespace clone_guard {

/// @brief The events of the audit log, each declared once for writer, reader, schema and documents.
///
/// docs/audit.md says when each event is logged.
namespace audit_event {

constexpr const char* CONFLICT_SUSPECTED = "conflict-suspected";
constexpr const char* CONFLICT_CONFIRMED = "conflict-confirmed";
constexpr const char* ADDRESS_ASSIGNED = "address-assigned";
constexpr const char* RELEASE_BLOCKED = "release-blocked";
constexpr const char* DECLINE_BLOCKED = "decline-blocked";
constexpr const char* IDENTITY_MOVED = "identity-moved";
constexpr const char* MACHINE_SEALED = "machine-sealed";
constexpr const char* CONFLICT_ENDED = "conflict-ended";
constexpr const char* GUARD_DEGRADED = "guard-degraded";

/// @brief The events that are about one conflict: every event but guard-degraded.
constexpr std::array<const char*, 8> OF_CONFLICTS{
    CONFLICT_SUSPECTED, CONFLICT_CONFIRMED, ADDRESS_ASSIGNED, RELEASE_BLOCKED,
    DECLINE_BLOCKED,    IDENTITY_MOVED,     MACHINE_SEALED,   CONFLICT_ENDED};

/// @brief Every event, in the order of docs/audit.md.
constexpr std::array<const char*, 9> ALL{CONFLICT_SUSPECTED, CONFLICT_CONFIRMED, ADDRESS_ASSIGNED,
                                         RELEASE_BLOCKED,    DECLINE_BLOCKED,    IDENTITY_MOVED,
                                         MACHINE_SEALED,     CONFLICT_ENDED,     GUARD_DEGRADED};

}  // namespace audit_event
}  // namespace clone_guard

#endif
