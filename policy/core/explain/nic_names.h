// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H
#define CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H

#include <core/identity/bytes.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Finds the name of a network interface from the IAID that systemd made of it.
///
/// The IAID is a hash that cannot be reversed. The build hashes common names: ethN, ensN, enoN, enpXsY, ... If two names
/// have one IAID, the more common name is found.
class NicNames {
public:
    /// @param more names that an operator adds; they precede the built-in names
    /// @throw std::runtime_error if OpenSSL fails
    explicit NicNames(const std::vector<std::string>& more = {});

    /// @brief Looks up an IAID.
    ///
    /// @return the name of the interface, or an empty string if it is unknown
    [[nodiscard]] std::string find(ByteView iaid) const;

private:
    std::map<uint32_t, std::string> more_;  ///< by IAID
};

}  // namespace clone_guard

#endif
