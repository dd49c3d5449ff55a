// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H
#define CLONE_GUARD_CORE_EXPLAIN_NIC_NAMES_H

#include <core/decision/parameters.h>
#include <core/identity/bytes.h>

#include <string>
#include <vector>

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

    [[nodiscard]] size_t size() const {
        return (more_.size() + usual().size());
    }

private:
    struct Entry {
        uint32_t iaid;
        uint32_t name;  ///< the number of the name
    };
    /// @brief Entries ordered by IAID, then by name.
    using Entries = std::vector<Entry>;

    template <typename Name>
    static Entries makeEntries(uint32_t count, Name name);
    static const Entry* find(const Entries& entries, uint32_t iaid);

    /// @return the built-in names, which are hashed once and not for each configuration
    static const Entries& usual();

    std::vector<std::string> more_;
    Entries entries_;  ///< of the names in more_
};

}  // namespace clone_guard

#endif
