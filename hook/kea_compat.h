// SPDX-License-Identifier: MPL-2.0

/// @file
/// What differs between the releases of Kea, in one place.

#ifndef CLONE_GUARD_KEA_COMPAT_H
#define CLONE_GUARD_KEA_COMPAT_H

// In Kea 3.0 this header of Kea's has to come before cfgmgr.h; no file of this project has its name.
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

/// @brief What the server's subnet selection returns: to a const subnet since 2.7.5.
using SubnetPtr = decltype(std::declval<const isc::dhcp::CfgSubnets4&>().selectSubnet(
    std::declval<const isc::dhcp::SubnetSelector&>()));

/// @brief The lease database; a class derived from this one since 2.4.
inline isc::dhcp::LeaseMgr&
leaseDatabase() {
    return (isc::dhcp::LeaseMgrFactory::instance());
}

/// @brief Library and parameters of a hooks-libraries entry: a pair before 3.0, a struct since.
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

/// @brief Gives the server the threads of the configuration that it keeps, after another was rejected.
///
/// Before 2.4 the server switches threads off for a new configuration, has its parser switch the mode on,
/// and starts them only after dhcp4_srv_configured. A rejection there leaves it queueing packets for
/// threads that do not exist. Later releases have done it by then, and to do it again changes nothing.
inline void
keepEarlierThreads(const isc::dhcp::SrvConfig& kept) {
    isc::dhcp::CfgMultiThreading::apply(kept.getDHCPMultiThreading());
}

/// @brief Forgets the configuration that is being prepared: rollback() in 2.2, another name since.
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

/// @return the release that the library is built for: "2.2.0" for version 20200 of the hooks API.
inline std::string
builtFor() {
    return (std::to_string(KEA_HOOKS_VERSION / 10000) + "." +
            std::to_string(KEA_HOOKS_VERSION / 100 % 100) + "." +
            std::to_string(KEA_HOOKS_VERSION % 100));
}

}  // namespace clone_guard

#endif
