// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_IDENTIFIER_JSON_H
#define CLONE_GUARD_CORE_AUDIT_IDENTIFIER_JSON_H

#include <core/explain/explanation.h>

#include <nlohmann/json_fwd.hpp>

namespace clone_guard {

/// @brief Formats a client identifier and its explanation as JSON: client_id, iaid, nic, ...
///
/// Unknown fields are absent. The audit log and the --json of the command have the same fields, see docs/audit.md.
nlohmann::ordered_json identifierJson(ByteView identifier, const Explanation& known);

/// @brief Formats a DUID and its explanation as JSON: duid, duid_type, ...
nlohmann::ordered_json duidJson(ByteView duid, const Explanation& known);

}  // namespace clone_guard

#endif
