// SPDX-License-Identifier: MPL-2.0

/// @file
/// All that the server sees of the library. Reads from top to bottom: load, the hook points in the order
/// in which a query meets them, configuration, unload.

#include <hook/kea_compat.h>

#include <hook/commands/commands.h>
#include <hook/config/configuration.h>
#include <hook/config/settings_parser.h>
#include <hook/guard.h>
#include <hook/leases/networks.h>
#include <hook/report/audit_log.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/statistics.h>

#include <process/daemon.h>

#include <dlfcn.h>

#include <memory>

namespace {

using namespace clone_guard;
using isc::data::ConstElementPtr;
using isc::dhcp::CfgMgr;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

/// The one object behind the C functions: made in load, gone in unload. It is replaced only while the
/// server is being configured, when no query is handled.
std::unique_ptr<Guard> guard;

/// Why the parameters given to load cannot be used; empty if they can.
std::string load_error;

/// The path under which the system knows this library.
std::string
ownPath() {
    Dl_info info{};
    return (dladdr(&guard, &info) != 0 && info.dli_fname ? info.dli_fname : "");
}

/// Goes back to the settings of the configuration that the server keeps. By the time a new one can be
/// refused the server has replaced the old library by this one, and it does not load it once more.
bool
keepEarlierSettings() {
    const auto current = CfgMgr::instance().getCurrentCfg();
    const auto parameters = configuration::parametersIn(*current, ownPath());
    Settings settings;
    if (parameters) {
        settings = parseSettings(parameters);
    } else {
        settings.scope.policy = Policy::OFF;
    }
    guard = std::make_unique<Guard>(settings, networks::hintsOf(*current));
    return (parameters != nullptr);
}

/// Lets nothing out of a callout: whatever happens, the query goes its way (R13).
template <typename Callout>
int
guarded(Callout callout) noexcept {
    try {
        callout();
    } catch (const std::exception& error) {
        guard->failed(error.what());
    } catch (...) {
        guard->failed("an exception of a kind that nobody knows");
    }
    return (0);
}

/// Fetches the query and has it handled, unless another library has ended its way already.
template <typename Handler>
int
withQuery(CalloutHandle& handle, Handler handler) noexcept {
    if (!guard) {
        return (0);
    }
    return (guarded([&] {
        const auto status = handle.getStatus();
        if (status == CalloutHandle::NEXT_STEP_DROP || status == CalloutHandle::NEXT_STEP_SKIP) {
            return;
        }
        Pkt4Ptr query;
        handle.getArgument("query4", query);
        if (query) {
            handler(query);
        }
    }));
}

void
announceSettings(const Settings& settings) {
    LOG_INFO(clone_guard_logger, CLONE_GUARD_CONFIGURED)
        .arg(CLONE_GUARD_VERSION)
        .arg(toText(settings.scope.policy))
        .arg(toText(settings.scope.takeover))
        .arg(toText(settings.client_id_types))
        .arg(settings.claim_window.count());
}

void
announce(const isc::dhcp::SrvConfig& config, const isc::data::ConstElementPtr& json) {
    announceSettings(guard->settings());
    if (!configuration::hasAuditLog(config, json)) {
        LOG_INFO(clone_guard_logger, CLONE_GUARD_AUDIT_UNUSED).arg(audit_log::name());
    }
    const auto reason = networks::reasonNetworkUnknown(config);
    if (!reason.empty()) {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_ONE_NETWORK).arg(reason);
    }
    for (const auto& library : configuration::listenersToCommitted(config, ownPath()).before) {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_LIBRARY_ORDER).arg(library);
    }
}

}  // namespace

#define CLONE_GUARD_EXPORT __attribute__((visibility("default")))

extern "C" {

/// @brief The commands; which one it is the command itself says.
CLONE_GUARD_EXPORT int
clone_guard_command(CalloutHandle& handle) {
    return (guarded([&handle] { commands::handle(handle, *guard); }));
}

/// @brief leases4_committed, under a name of its own: registered only where another library listens there, because
/// a server that calls it at all keeps every reply for a while.
CLONE_GUARD_EXPORT int
clone_guard_leases4_committed(CalloutHandle& handle) {
    if (!guard || !guard->hasDerived()) {
        return (0);
    }
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) { guard->committed(handle, query); }));
}

/// @brief Reads the parameters. Refuses none: the server could not go back to the library it had.
CLONE_GUARD_EXPORT int
load(LibraryHandle& handle) {
    try {
        const auto process = isc::process::Daemon::getProcName();
        if (CfgMgr::instance().getFamily() != AF_INET || process != "kea-dhcp4") {
            LOG_ERROR(clone_guard_logger, CLONE_GUARD_LOAD_FAILED)
                .arg("it works in kea-dhcp4 only, this is " + process);
            return (1);
        }
        load_error.clear();
        try {
            guard = std::make_unique<Guard>(parseSettings(handle.getParameters()));
        } catch (const BadSetting& error) {
            load_error = error.what();
            keepEarlierSettings();
        }
        declareStatistics();
        for (const auto& command : commands::table()) {
            handle.registerCommandCallout(command.name, clone_guard_command);
        }
        if (configuration::listenersToCommitted(*CfgMgr::instance().getStagingCfg(), ownPath()).after) {
            handle.registerCallout(configuration::COMMITTED, clone_guard_leases4_committed);
        }
        LOG_INFO(clone_guard_logger, CLONE_GUARD_LOADED).arg(CLONE_GUARD_VERSION).arg(builtFor());
    } catch (const std::exception& error) {
        LOG_ERROR(clone_guard_logger, CLONE_GUARD_LOAD_FAILED).arg(error.what());
        return (1);
    }
    return (0);
}

CLONE_GUARD_EXPORT int
pkt4_receive(CalloutHandle& handle) {
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) { guard->receive(handle, query); }));
}

CLONE_GUARD_EXPORT int
lease4_select(CalloutHandle& handle) {
    if (!guard || !guard->hasDerived()) {
        return (0);
    }
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) {
        bool fake_allocation = true;
        handle.getArgument("fake_allocation", fake_allocation);
        // To refuse an offer crashes servers before 3.0.4 where the client has a reservation.
        if (!fake_allocation) {
            guard->select(handle, query);
        }
    }));
}

/// @brief Accepts or rejects the configuration as a whole.
CLONE_GUARD_EXPORT int
dhcp4_srv_configured(CalloutHandle& handle) {
    try {
        isc::dhcp::SrvConfigPtr config;
        handle.getArgument("server_config", config);
        isc::data::ConstElementPtr json;
        handle.getArgument("json_config", json);
        if (!load_error.empty()) {
            isc_throw(BadSetting, load_error);
        }
        const auto settings = guard->settings();
        configuration::check(*config, settings);
        guard = std::make_unique<Guard>(settings, networks::hintsOf(*config), guard->explainer());
        declareStatistics(*config);
        announce(*config, json);
    } catch (const std::exception& error) {
        LOG_ERROR(clone_guard_logger, CLONE_GUARD_CONFIG_REJECTED).arg(error.what());
        handle.setArgument("error", std::string("clone-guard: ") + error.what());
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        if (keepEarlierSettings()) {
            announceSettings(guard->settings());
        }
        keepEarlierThreads(*CfgMgr::instance().getCurrentCfg());
        load_error.clear();
    }
    return (0);
}

/// @brief Looks at what a configuration back end brought; it can no longer be refused.
CLONE_GUARD_EXPORT int
cb4_updated(CalloutHandle&) {
    return (guarded([] {
        const auto config = CfgMgr::instance().getCurrentCfg();
        guard->configurationChanged(networks::hintsOf(*config));
        declareStatistics(*config);
        try {
            configuration::check(*config, guard->settings());
        } catch (const BadSetting& error) {
            LOG_ERROR(clone_guard_logger, CLONE_GUARD_BACKEND_REJECTED).arg(error.what());
        }
    }));
}

CLONE_GUARD_EXPORT int
unload() {
    guard.reset();
    LOG_INFO(clone_guard_logger, CLONE_GUARD_UNLOADED);
    return (0);
}

CLONE_GUARD_EXPORT int
multi_threading_compatible() {
    return (1);
}
}
