// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_REMEDY_H
#define CLONE_GUARD_CORE_EXPLAIN_REMEDY_H

#include <core/explain/explanation.h>

namespace clone_guard {

/// @brief Returns one sentence on how to seal the template of an identifier, with the command to run.
///
/// docs/operator.md describes the procedure.
///
/// @param duid the DUID; empty if the identifier has no DUID
/// @param known the explanation so far: type, enterprise, template, vendor
/// @param vendor_class option 60 of the client, which identifies the DHCP client
std::string remedyFor(ByteView duid, const Explanation& known, std::string_view vendor_class);

}  // namespace clone_guard

#endif
