// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_EXPLAIN_REMEDY_H
#define CLONE_GUARD_EXPLAIN_REMEDY_H

#include <core/explain/explanation.h>

namespace clone_guard {

/// @brief Says in one sentence how to cure the template that an identifier comes from, with the command to run;
/// docs/operator.md has the whole story.
///
/// @param duid empty where the identifier has none.
/// @param known what is known about it already: type, enterprise, template, vendor.
/// @param vendor_class option 60 of the client; it tells which DHCP client it is.
std::string remedyFor(ByteView duid, const Explanation& known, std::string_view vendor_class);

}  // namespace clone_guard

#endif
