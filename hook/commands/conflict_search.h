// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_CONFLICT_SEARCH_H
#define CLONE_GUARD_HOOK_COMMANDS_CONFLICT_SEARCH_H

#include <hook/commands/command_arguments.h>
#include <hook/commands/conflict_list.h>
#include <hook/guard.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace commands {

/// @brief Searches the conflicts about one client identifier, in memory and in one page of leases.
class ConflictSearch {
public:
    /// @param given the arguments of the command: client-id, subnet-id, from, limit
    /// @throw isc::BadValue if an argument is invalid, LeaseDatabaseDown if the lease database does not answer
    ConflictSearch(const isc::data::ConstElementPtr& given, Guard& guard);

    [[nodiscard]] const ConflictList& list() const {
        return (list_);
    }
    [[nodiscard]] const Bytes& identifier() const {
        return (identifier_);
    }
    /// @return the key of the requested network, or an empty string for all networks
    [[nodiscard]] const std::string& network() const {
        return (network_);
    }
    /// @return the conflicts in memory, including those without an active machine
    [[nodiscard]] const std::vector<ConflictView>& remembered() const {
        return (remembered_);
    }
    /// @return a remark for the text of the answer if the requested subnet is unknown, or an empty string
    [[nodiscard]] const std::string& remark() const {
        return (remark_);
    }
    /// @return the beginning of the next page, or an empty string after the last page
    [[nodiscard]] const std::string& next() const {
        return (next_);
    }

private:
    void findRemembered();
    void addIfMeant(const isc::dhcp::Lease4& lease);

    Guard& guard_;
    ConflictList list_;
    const Arguments arguments_;
    const Bytes identifier_;
    std::string network_;
    std::string remark_;
    std::vector<ConflictView> remembered_;
    std::string next_;
};

}  // namespace commands
}  // namespace clone_guard

#endif
