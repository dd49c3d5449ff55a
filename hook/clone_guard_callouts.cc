// SPDX-License-Identifier: MPL-2.0

/// @file
/// The functions that the server calls: load, the hook points in the order in which a query reaches them,
/// configuration, unload.

#include <hook/kea_compat.h>

#include <core/identity/escape.h>
#include <hook/commands/commands.h>
#include <hook/config/configuration.h>
#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>
#include <hook/guard.h>
#include <hook/leases/networks.h>
#include <hook/report/audit_log.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/statistics.h>

#include <process/daemon.h>
#include <util/multi_threading_mgr.h>

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

namespace {

using namespace clone_guard;
using isc::data::ConstElementPtr;
using isc::dhcp::CfgMgr;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

/// The object behind the C functions, made in load and destroyed in unload. It is replaced only while the server is
/// configured and handles no query, and by settle().
std::unique_ptr<Guard> guard;

const std::string LEASE4_SELECT("lease4_select");

/// Whether the server calls the callout of lease4_select.
bool selects = false;

/// The configuration for which the guard was made, until it is known whether the server takes it over. The server decides
/// after all libraries have seen it, and does not report the decision.
isc::dhcp::SrvConfigPtr candidate;
std::atomic<bool> settled{true};
std::mutex settling;

/// The subnets of the last configuration, in ascending order. A configuration back end changes them without a new one.
std::vector<uint32_t> subnets;

/// The error in the parameters given to load; empty if they are valid.
std::string load_error;

/// Returns the path of this library, as the system resolved it.
std::string
ownPath() {
    Dl_info info{};
    return (dladdr(&guard, &info) != 0 && info.dli_fname ? info.dli_fname : "");
}

/// Restores the settings of the configuration that the server keeps after a rejection. By then, the server has replaced
/// the old library by this one, and does not load the old one again.
///
/// @return true if that configuration has the library
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
awaitDecision(const isc::dhcp::SrvConfigPtr& config) {
    candidate = config;
    settled = false;
}

void
endDecision() {
    candidate.reset();
    settled = true;
}

/// Returns to the settings in force, because the server did not take the candidate over. Another library can have
/// rejected it, or the server itself.
void
abandonCandidate() {
    const auto abandoned = toElement(guard->settings())->str();
    keepEarlierSettings();
    if (toElement(guard->settings())->str() != abandoned) {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_CONFIG_KEPT);
        announceSettings(guard->settings());
    }
}

/// Makes the guard run by the configuration in force (R13). The server handles no query and no command of the guard before
/// its decision about a configuration, so each of them comes here first.
void
settle() {
    if (settled.load(std::memory_order_acquire)) {
        return;
    }
    const std::lock_guard<std::mutex> lock(settling);
    if (!settled) {
        if (CfgMgr::instance().getCurrentCfg() != candidate) {
            abandonCandidate();
        }
        endDecision();
    }
}

/// Removes the statistics of subnets that a configuration no longer has.
void
followSubnets(const isc::dhcp::SrvConfig& config) {
    auto now = networks::subnetsIn(config);
    std::vector<uint32_t> removed;
    std::set_difference(subnets.begin(), subnets.end(), now.begin(), now.end(),
                        std::back_inserter(removed));
    removeStatistics(removed);
    subnets = std::move(now);
}

/// Catches every exception in a callout, so that the server continues with the query (R13).
template <typename Callout>
int
guarded(Callout callout) noexcept {
    try {
        callout();
    } catch (const std::exception& error) {
        guard->failed(error.what());
    } catch (...) {
        guard->failed("unknown exception");
    }
    return (0);
}

/// Fetches the query and handles it, unless another library has dropped or skipped it.
template <typename Handler>
int
withQuery(CalloutHandle& handle, Handler handler) noexcept {
    if (!guard) {
        return (0);
    }
    return (guarded([&] {
        settle();
        const auto status = handle.getStatus();
        if (status == CalloutHandle::NEXT_STEP_DROP || status == CalloutHandle::NEXT_STEP_SKIP) {
            return;
        }
        static const std::string name("query4");
        Pkt4Ptr query;
        handle.getArgument(name, query);
        if (query) {
            handler(query);
        }
    }));
}

/// Logs the keys that an operator probably misspelled. Kea accepts each key of a user-context.
void
logIgnoredKeys(const isc::dhcp::SrvConfig& config) {
    for (const auto& ignored : configuration::ignoredKeys(config)) {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_KEY_IGNORED)
            .arg(escape(ignored.key))
            .arg(escape(ignored.place) +
                 (ignored.more > 0 ? " and " + std::to_string(ignored.more) + " more" : ""));
    }
}

/// Whether the server handles queries in several threads under an entry `multi-threading`, which may be null.
bool
enablesThreads(const isc::data::ConstElementPtr& entry) {
    bool enabled = false;
    uint32_t threads = 0;
    uint32_t queue = 0;
    isc::dhcp::CfgMultiThreading::extract(entry, enabled, threads, queue);
    return (enabled);
}

/// Whether the server may handle queries in several threads before it loads the library again: under the configuration
/// that is loaded, or under the one in force if the server rejects it. None is in force when the server starts.
bool
mayHaveThreads() {
    const auto loaded = CfgMgr::instance().getStagingCfg()->getDHCPMultiThreading();
    const auto in_force = CfgMgr::instance().getCurrentCfg()->getDHCPMultiThreading();
    return (enablesThreads(loaded) || (in_force && enablesThreads(in_force)) ||
            isc::util::MultiThreadingMgr::instance().getMode());
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
    logIgnoredKeys(config);
    for (const auto& library : configuration::listenersToCommitted(config, ownPath()).before) {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_LIBRARY_ORDER).arg(library);
    }
}

}  // namespace

#define CLONE_GUARD_EXPORT __attribute__((visibility("default")))

extern "C" int clone_guard_lease4_select(CalloutHandle& handle);

namespace {

/// Registers the callout of lease4_select, called with the first query of a claimant. The server takes some 6,000
/// instructions for this callout whenever it offers or makes a lease, and a network without clones needs none. The server
/// reads its list of callouts without a lock (Kea, callout_manager.cc), so a server with threads has the callout from the
/// beginning. The callout comes before those of all libraries.
void
selectFromNowOn() {
    isc::hooks::HooksManager::preCalloutsLibraryHandle().registerCallout(LEASE4_SELECT,
                                                                         clone_guard_lease4_select);
    selects = true;
}

}  // namespace

extern "C" {

/// @brief Handles all commands of the guard.
CLONE_GUARD_EXPORT int
clone_guard_command(CalloutHandle& handle) {
    return (guarded([&handle] {
        settle();
        commands::handle(handle, *guard);
    }));
}

/// @brief Handles lease4_select. The function has another name, so that it is registered when it is needed.
CLONE_GUARD_EXPORT int
clone_guard_lease4_select(CalloutHandle& handle) {
    // The query has passed pkt4_receive, so the guard is settled.
    if (!guard || !guard->hasDerived()) {
        return (0);
    }
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) {
        bool fake_allocation = true;
        handle.getArgument("fake_allocation", fake_allocation);
        if (!fake_allocation) {
            guard->select(handle, query, false);
        } else if (offerLifetime(handle) > 0) {
            // With 'offer-lifetime' the server makes the lease with the offer.
            guard->select(handle, query, true);
        }
    }));
}

/// @brief Handles leases4_committed.
///
/// The function has another name, so that load registers it only if another library has a callout there: a server with
/// any such callout holds back every reply for a while.
CLONE_GUARD_EXPORT int
clone_guard_leases4_committed(CalloutHandle& handle) {
    if (!guard || !guard->hasDerived()) {
        return (0);
    }
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) { guard->committed(handle, query); }));
}

/// @brief Handles command_processed: a command may have changed subnets. Only the commands of subnet_cmds do so without a new
/// configuration, and load registers the function only beside that library.
static int
clone_guard_command_processed(CalloutHandle& handle) {
    return (guarded([&handle] {
        std::string name;
        handle.getArgument("name", name);
        if (name.rfind("subnet4-", 0) == 0 || name.rfind("network4-", 0) == 0) {
            settle();
            guard->configurationChanged(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()));
        }
    }));
}

/// @brief Parses the parameters. It does not reject them, because the server could not return to the previous library.
CLONE_GUARD_EXPORT int
load(LibraryHandle& handle) {
    try {
        const auto process = isc::process::Daemon::getProcName();
        if (CfgMgr::instance().getFamily() != AF_INET || process != "kea-dhcp4") {
            LOG_ERROR(clone_guard_logger, CLONE_GUARD_LOAD_FAILED)
                .arg("it runs in kea-dhcp4 only, this program is " + process);
            return (1);
        }
        load_error.clear();
        try {
            guard = std::make_unique<Guard>(parseSettings(handle.getParameters()));
        } catch (const BadSetting& error) {
            load_error = error.what();
            keepEarlierSettings();
        }
        awaitDecision(CfgMgr::instance().getStagingCfg());
        declareStatistics();
        subnets = networks::subnetsIn(*CfgMgr::instance().getCurrentCfg());
        for (const auto& command : commands::table()) {
            handle.registerCommandCallout(command.name, clone_guard_command);
        }
        selects = mayHaveThreads();
        if (selects) {
            handle.registerCallout(LEASE4_SELECT, clone_guard_lease4_select);
        }
        if (configuration::listenersToCommitted(*CfgMgr::instance().getStagingCfg(), ownPath()).after) {
            handle.registerCallout(configuration::COMMITTED, clone_guard_leases4_committed);
        }
        if (networks::changeByCommand(*CfgMgr::instance().getStagingCfg())) {
            handle.registerCallout("command_processed", clone_guard_command_processed);
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
    return (withQuery(handle, [&handle](const Pkt4Ptr& query) {
        guard->receive(handle, query);
        if (guard->hasDerived() && !selects) {
            selectFromNowOn();
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
        if (handle.getStatus() == CalloutHandle::NEXT_STEP_DROP) {
            // A library before this one has rejected the configuration.
            abandonCandidate();
            endDecision();
            keepEarlierThreads(*CfgMgr::instance().getCurrentCfg());
            return (0);
        }
        const auto settings = guard->settings();
        configuration::check(*config, settings);
        guard = std::make_unique<Guard>(settings, networks::hintsOf(*config), guard->explainer());
        followSubnets(*config);
        awaitDecision(config);
        announce(*config, json);
    } catch (const std::exception& error) {
        LOG_ERROR(clone_guard_logger, CLONE_GUARD_CONFIG_REJECTED).arg(error.what());
        handle.setArgument("error", std::string("clone-guard: ") + error.what());
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        if (keepEarlierSettings()) {
            announceSettings(guard->settings());
        }
        endDecision();
        keepEarlierThreads(*CfgMgr::instance().getCurrentCfg());
        load_error.clear();
    }
    return (0);
}

/// @brief Checks an update from a configuration back end, which the server cannot reject.
CLONE_GUARD_EXPORT int
cb4_updated(CalloutHandle&) {
    return (guarded([] {
        settle();
        const auto config = CfgMgr::instance().getCurrentCfg();
        guard->configurationChanged(networks::hintsOf(*config));
        followSubnets(*config);
        logIgnoredKeys(*config);
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
    selects = false;
    endDecision();
    LOG_INFO(clone_guard_logger, CLONE_GUARD_UNLOADED);
    return (0);
}

CLONE_GUARD_EXPORT int
multi_threading_compatible() {
    return (1);
}
}
