// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_COMMAND_ARGUMENTS_H
#define CLONE_GUARD_HOOK_COMMANDS_COMMAND_ARGUMENTS_H

#include <core/conflicts/conflict.h>
#include <core/identity/bytes.h>

#include <asiolink/io_address.h>
#include <cc/data.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace commands {

/// @brief The prefix of "next" for a claimant in memory.
extern const std::string IN_MEMORY;

/// @brief The number of leases on a page, by default and at most.
constexpr size_t STANDARD_LIMIT = 1000;
constexpr size_t MAX_LIMIT = 10000;

/// @brief Formats a number with its noun: "1 lease", "2 leases".
std::string counted(size_t number, const std::string& noun);

/// @brief The beginning of a page: after a lease, or after a claimant in memory.
struct Position {
    bool in_memory = false;
    isc::asiolink::IOAddress after_lease = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    ConflictPosition after_claimant;
};

/// @brief Formats the position after the last claimant of a list, for "next".
///
/// @param views not empty
std::string nextInMemory(const std::vector<ConflictView>& views);

/// @brief Returns the position after the last claimant of a list.
///
/// @param views not empty
ConflictPosition lastIn(const std::vector<ConflictView>& views);

/// @brief Checks the arguments of a command. Every error names the argument, its value and the rule.
class Arguments {
public:
    /// @param arguments the arguments of the command, or null if the command has none
    /// @param known the names of the arguments that the command accepts
    /// @throw isc::BadValue if the arguments are not a map, or an argument is unknown
    Arguments(const isc::data::ConstElementPtr& arguments, const std::vector<const char*>& known);

    /// @return the beginning of the page, or the first lease if "from" is absent
    /// @throw isc::BadValue if "from" is neither "start" nor a value of "next"
    [[nodiscard]] Position from() const;

    /// @brief Returns the beginning of the page for a command that reads leases only.
    [[nodiscard]] isc::asiolink::IOAddress fromLease() const;

    /// @return the value of "limit", or STANDARD_LIMIT if it is absent
    /// @throw isc::BadValue if "limit" is not an integer from 1 to MAX_LIMIT
    [[nodiscard]] size_t limit() const;

    /// @throw isc::BadValue if "client-id" is absent or not valid hexadecimal
    [[nodiscard]] Bytes clientId() const;

    /// @return the subnet, or std::nullopt if "subnet-id" is absent
    /// @throw isc::BadValue if "subnet-id" cannot be the identifier of a subnet
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
