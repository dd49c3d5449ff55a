// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H
#define CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H

#include <core/decision/parameters.h>
#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief Finds the name of a network interface from the IAID that systemd made of it.
///
/// The IAID is a hash that cannot be reversed, so common names are hashed beforehand: ethN, ensN, enoN, enpXsY, ...
/// An entry takes 8 bytes, all entries at most 1 MiB, because a name is made again when it is looked up. If two names
/// have one IAID, the more common name is found.
class NicNames {
public:
    /// @brief The maximum number of names.
    static constexpr size_t MAX_NAMES = 131072;

    /// @brief The maximum number of names that an operator can add.
    static constexpr size_t MAX_MORE = static_cast<size_t>(parameter::NIC_NAMES.maximum);

    /// @param more names that an operator adds, at most MAX_MORE; they precede the built-in names
    /// @throw std::runtime_error if OpenSSL fails
    explicit NicNames(std::vector<std::string> more = {});

    /// @brief Looks up an IAID.
    ///
    /// @return the name of the interface, or an empty string if it is unknown
    [[nodiscard]] std::string find(ByteView iaid) const;

    [[nodiscard]] size_t size() const noexcept {
        return (entries_.size());
    }

private:
    struct Entry {
        uint32_t iaid;
        uint32_t name;  ///< the number of the name, see name()
    };
    [[nodiscard]] std::string name(uint32_t number) const;

    std::vector<std::string> more_;
    std::vector<Entry> entries_;  ///< ordered by IAID, then by name
};

}  // namespace clone_guard

#endif
