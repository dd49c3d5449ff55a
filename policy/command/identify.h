// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_IDENTIFY_H
#define CLONE_GUARD_IDENTIFY_H

#include <core/bytes.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Prints an option 61 in its parts, for people.
///
/// @param identifier the option's data; anything is explained as far as it can be.
void printIdentifier(std::ostream& out, ByteView identifier);

}  // namespace clone_guard

#endif
