// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REMEDY_H
#define CLONE_GUARD_REMEDY_H

#include <core/bytes.h>

namespace clone_guard {

/// @brief Says in one sentence how to cure the template that an identifier comes from.
///
/// Depends on the kind of the identifier's DUID alone, see docs/operator.md for the whole story.
std::string remedyFor(ByteView identifier);

}  // namespace clone_guard

#endif
