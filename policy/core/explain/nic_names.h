// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_EXPLAIN_NIC_NAMES_H
#define CLONE_GUARD_EXPLAIN_NIC_NAMES_H

#include <core/decision/parameters.h>
#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief A dictionary from systemd's IAIDs to the names of interfaces.
///
/// The hash has one way only, so the names that interfaces usually have are hashed beforehand: ethN, ensN, enoN,
/// enpXsY, ... It takes 8 bytes a name, at most 1 MiB; the names themselves are made again when they are looked up.
/// Where two names have one IAID the more usual one is found.
class NicNames {
public:
    /// @brief So many names there can be.
    static constexpr size_t MAX_NAMES = 131072;

    /// @brief And so many of them an operator can add.
    static constexpr size_t MAX_MORE = static_cast<size_t>(parameter::NIC_NAMES.maximum);

    /// @param more names that an operator adds; MAX_MORE at most; they come before the usual ones.
    /// @throw std::runtime_error where OpenSSL fails.
    explicit NicNames(std::vector<std::string> more = {});

    /// @return the name that leads to an IAID of 4 bytes; empty for none that is known.
    [[nodiscard]] std::string find(ByteView iaid) const;

    [[nodiscard]] size_t size() const noexcept {
        return (entries_.size());
    }

private:
    struct Entry {
        uint32_t iaid;
        uint32_t name;  ///< its place in the order in which names are made
    };
    [[nodiscard]] std::string name(uint32_t number) const;

    std::vector<std::string> more_;
    std::vector<Entry> entries_;  ///< ordered by IAID, then by name
};

}  // namespace clone_guard

#endif
