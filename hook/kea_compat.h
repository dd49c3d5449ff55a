// SPDX-License-Identifier: MPL-2.0

/// @file
/// The differences between the releases of Kea, in one place.

#ifndef CLONE_GUARD_HOOK_KEA_COMPAT_H
#define CLONE_GUARD_HOOK_KEA_COMPAT_H

// Kea 3.0 requires this header before cfgmgr.h. It is Kea's: no file of this project has this name.
#include <config.h>

#include <dhcpsrv/cfg_multi_threading.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>
#include <dhcpsrv/shared_network.h>
#include <dhcpsrv/subnet.h>
#include <hooks/hooks.h>
#include <hooks/hooks_config.h>
#include <hooks/hooks_manager.h>
#include <hooks/server_hooks.h>

#include <string>
#include <utility>

namespace clone_guard {

/// @brief The result of the server's subnet selection: a pointer to a const subnet since 2.7.5.
using SubnetPtr = decltype(std::declval<const isc::dhcp::CfgSubnets4&>().selectSubnet(
    std::declval<const isc::dhcp::SubnetSelector&>()));

/// @brief Returns the lease database; its type is a class derived from LeaseMgr since 2.4.
inline isc::dhcp::LeaseMgr&
leaseDatabase() {
    return (isc::dhcp::LeaseMgrFactory::instance());
}

/// @brief Returns library and parameters of a hooks-libraries entry: a pair before 3.0, a struct since.
template <typename Info>
auto
libraryOf(const Info& info) -> decltype(info.first) {
    return (info.first);
}
template <typename Info>
auto
libraryOf(const Info& info) -> decltype(info.libname_) {
    return (info.libname_);
}
template <typename Info>
auto
parametersOf(const Info& info) -> decltype(info.second) {
    return (info.second);
}
template <typename Info>
auto
parametersOf(const Info& info) -> decltype(info.parameters_) {
    return (info.parameters_);
}

/// @brief Starts the threads of the configuration that the server keeps after it rejected another one.
///
/// Before 2.4, the server stops its threads for a new configuration and starts threads only after
/// dhcp4_srv_configured. After a rejection there, it would queue packets for threads that do not exist. Later releases
/// start the threads earlier, so that this call changes nothing.
inline void
keepEarlierThreads(const isc::dhcp::SrvConfig& kept) {
    isc::dhcp::CfgMultiThreading::apply(kept.getDHCPMultiThreading());
}

/// @brief Returns the lifetime of the lease that the server makes with an offer, in lease4_select.
///
/// @return the lifetime in seconds, or 0 if the server makes no lease; releases before 2.4 never make one
inline uint32_t
offerLifetime(isc::hooks::CalloutHandle& handle) {
    uint32_t lifetime = 0;
    if (KEA_HOOKS_VERSION >= 20400) {
        handle.getArgument("offer_lft", lifetime);
    }
    return (lifetime);
}

/// @brief Checks whether the server ignores the link selection in relay options (`ignore-rai-link-selection`).
///
/// Releases before 2.4 never ignore it.
template <typename Config>
auto
ignoresLinkSelection(const Config& config, int) -> decltype(config.getIgnoreRAILinkSelection()) {
    return (config.getIgnoreRAILinkSelection());
}
template <typename Config>
bool
ignoresLinkSelection(const Config&, long) {
    return (false);
}
inline bool
ignoresLinkSelection(const isc::dhcp::SrvConfig& config) {
    return (ignoresLinkSelection(config, 0));
}

/// @brief Discards the staged configuration: rollback() in 2.2, another name since.
template <typename Manager>
auto
discardStaged(Manager& manager) -> decltype(manager.rollback()) {
    manager.rollback();
}
template <typename Manager>
auto
discardStaged(Manager& manager) -> decltype(manager.clearStagingConfiguration()) {
    manager.clearStagingConfiguration();
}

/// @brief Returns the release that the library is built for: "2.2.0" for version 20200 of the hooks API.
inline std::string
builtFor() {
    return (std::to_string(KEA_HOOKS_VERSION / 10000) + "." +
            std::to_string(KEA_HOOKS_VERSION / 100 % 100) + "." +
            std::to_string(KEA_HOOKS_VERSION % 100));
}

}  // namespace clone_guard

#endif
