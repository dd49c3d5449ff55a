// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFIG_CONFIGURATION_H
#define CLONE_GUARD_CONFIG_CONFIGURATION_H

#include <hook/kea_compat.h>

#include <hook/config/settings_parser.h>

namespace clone_guard {

/// @brief What the guard reads in the server's configuration.
namespace configuration {

/// @return the parameters of a library in a configuration; null where it is not in there.
/// @param path the library's, as the server was told or as the system knows it.
isc::data::ConstElementPtr parametersIn(const isc::dhcp::SrvConfig& config, const std::string& path);

/// @brief Where libraries are told what became of a query's leases: which were given, which deleted.
extern const char* const COMMITTED;

/// @brief Who else is told that, by the order of the libraries.
struct Listeners {
    std::vector<std::string> before;  ///< file names of libraries that hear of it before this one does
    bool after = false;               ///< whether others do afterwards
};

/// @param path this library's, as the system knows it.
Listeners listenersToCommitted(const isc::dhcp::SrvConfig& config, const std::string& path);

/// @brief Checks what stands outside the library's own parameters: the overrides in `user-context`,
/// and the client class that claimants join.
///
/// @throw BadSetting naming the subnet or shared network, key, value and rule.
void check(const isc::dhcp::SrvConfig& config, const Settings& settings);

/// @param json the configuration as it was written: a server that only checks it does not read `loggers`.
/// @return whether a `loggers` entry names the audit log.
bool hasAuditLog(const isc::dhcp::SrvConfig& config, const isc::data::ConstElementPtr& json);

}  // namespace configuration
}  // namespace clone_guard

#endif
