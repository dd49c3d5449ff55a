// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_RANDOM_BYTES_H
#define CLONE_GUARD_CORE_IDENTITY_RANDOM_BYTES_H

#include <cstddef>
#include <cstdint>

namespace clone_guard {

/// @brief Fills memory with bytes that strangers cannot predict. std::random_device would take most of the time of making a
/// table.
///
/// @throw std::runtime_error without random numbers.
void fillRandomly(uint8_t* data, size_t size);

}  // namespace clone_guard

#endif
