// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_CONFIG_CONFIGURATION_H
#define CLONE_GUARD_HOOK_CONFIG_CONFIGURATION_H

#include <hook/kea_compat.h>

#include <hook/config/settings_parser.h>

namespace clone_guard {

/// @brief Reads the parts of the server's configuration that concern the guard.
namespace configuration {

/// @brief Returns the parameters of a library in a configuration.
///
/// @param path the path of the library, as in the configuration or as the system resolved it
/// @return the parameters, or null if the configuration does not have the library
isc::data::ConstElementPtr parametersIn(const isc::dhcp::SrvConfig& config, const std::string& path);

/// @brief The hook point at which the server notifies libraries of a query's new and deleted leases.
extern const char* const COMMITTED;

/// @brief The other libraries with a callout there, by the order of `hooks-libraries`.
struct Listeners {
    std::vector<std::string> before;  ///< file names of the libraries before this one
    bool after = false;               ///< whether there is a library after this one
};

/// @brief Finds the other libraries with a leases4_committed callout.
///
/// @param path the path of this library, as the system resolved it
Listeners listenersToCommitted(const isc::dhcp::SrvConfig& config, const std::string& path);

/// @brief Checks the settings outside the library's own parameters: the overrides in `user-context`, and the client
/// class that claimants join.
///
/// @throw BadSetting if one is invalid; it names the subnet or shared network, key, value and rule
void check(const isc::dhcp::SrvConfig& config, const Settings& settings);

/// @brief A key in a `user-context` that resembles the guard's and has no effect.
struct IgnoredKey {
    std::string key;
    std::string place;  ///< the first subnet or shared network with this key
    size_t more = 0;    ///< further subnets and shared networks with this key
};

/// @brief Finds keys such as "clone_guard" in the `user-context` of subnets and shared networks. Each key is listed once.
std::vector<IgnoredKey> ignoredKeys(const isc::dhcp::SrvConfig& config);

/// @brief Checks whether a `loggers` entry names the audit log.
///
/// @param json the configuration as JSON: a server that only checks a configuration does not parse `loggers`
bool hasAuditLog(const isc::dhcp::SrvConfig& config, const isc::data::ConstElementPtr& json);

}  // namespace configuration
}  // namespace clone_guard

#endif
