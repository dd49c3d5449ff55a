// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_COMMANDS_COMMAND_ARGUMENTS_H
#define CLONE_GUARD_COMMANDS_COMMAND_ARGUMENTS_H

#include <core/identity/bytes.h>

#include <asiolink/io_address.h>
#include <cc/data.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace commands {

/// @brief Begins what "next" says once the leases have been gone through.
extern const std::string IN_MEMORY;

/// @brief How many leases a page looks at, unless told otherwise, and at most.
constexpr size_t STANDARD_LIMIT = 1000;
constexpr size_t MAX_LIMIT = 10000;

/// @brief Where a page begins: after a lease, or, once the leases are through, after a conflict in memory.
struct Position {
    bool in_memory = false;
    isc::asiolink::IOAddress after_lease = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    Bytes after_identifier;
};

/// @brief The arguments of a command, checked. Every error names the argument, its value and the rule.
class Arguments {
public:
    /// @param arguments as they came; null for none.
    /// @param known the names that there are.
    /// @throw isc::BadValue for anything but a map, and for a name that is not known.
    Arguments(const isc::data::ConstElementPtr& arguments, const std::vector<const char*>& known);

    /// @return where the page begins; the first lease where nothing is said.
    /// @throw isc::BadValue for anything but "start" and what an argument "next" says.
    [[nodiscard]] Position from() const;

    /// @brief The same for a command that goes through leases only.
    [[nodiscard]] isc::asiolink::IOAddress fromLease() const;

    /// @throw isc::BadValue where it is not 1 to MAX_LIMIT.
    [[nodiscard]] size_t limit(size_t standard) const;

    /// @throw isc::BadValue where it is missing or no identifier in hexadecimal.
    [[nodiscard]] Bytes clientId() const;

    /// @return nothing where it is not there.
    /// @throw isc::BadValue where it cannot be the identifier of a subnet.
    [[nodiscard]] std::optional<uint32_t> subnetId() const;

private:
    [[nodiscard]] isc::data::ConstElementPtr get(const char* name) const;
    [[nodiscard]] std::string text(const char* name, const std::string& rule) const;
    [[nodiscard]] int64_t number(const char* name, int64_t most) const;

    const isc::data::ConstElementPtr arguments_;
};

}  // namespace commands
}  // namespace clone_guard

#endif
