// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_NIC_TABLE_H
#define CLONE_GUARD_CORE_EXPLAIN_NIC_TABLE_H

#include <cstddef>
#include <cstdint>

namespace clone_guard {

/// @brief The IAID of an interface name.
struct NicEntry {
    uint32_t iaid;
    uint32_t name;  ///< the number of the name
};

/// @brief The IAIDs of all common names, in ascending order, each once with its most common name.
///
/// The build makes this table (nic_table_main.cc), so that loading the library does not hash the names.
extern const NicEntry NIC_TABLE[];
extern const size_t NIC_TABLE_SIZE;

}  // namespace clone_guard

#endif
