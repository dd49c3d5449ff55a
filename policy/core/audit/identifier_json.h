// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_IDENTIFIER_JSON_H
#define CLONE_GUARD_CORE_AUDIT_IDENTIFIER_JSON_H

#include <core/explain/explanation.h>

#include <nlohmann/json_fwd.hpp>

namespace clone_guard {

/// @brief A client identifier in its parts, as programs read it: client_id, iaid, nic, ... Absent when unknown.
///
/// The audit log and the command's --json have the same fields, see docs/audit.md.
nlohmann::ordered_json identifierJson(ByteView identifier, const Explanation& known);

/// @brief A DUID likewise: duid, duid_type, ...
nlohmann::ordered_json duidJson(ByteView duid, const Explanation& known);

}  // namespace clone_guard

#endif
