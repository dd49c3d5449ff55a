// SPDX-License-Identifier: MPL-2.0

#include <hook/config/configuration.h>

#include <hook/config/guard_key.h>
#include <hook/report/audit_log.h>

#include <dlfcn.h>

#include <algorithm>

namespace clone_guard {
namespace configuration {

namespace {

using namespace isc::dhcp;

/// This library has a callout there, but ignores deleted leases.
const char* const IGNORED_LISTENER = "libdhcp_lease_cmds.so";

std::string
baseName(const std::string& path) {
    return (path.substr(path.rfind('/') + 1));
}

void
checkClass(const SrvConfig& config, const std::string& name) {
    const auto definition = config.getClientClassDictionary()->findClass(name);
    if (definition && definition->getMatchExpr()) {
        isc_throw(BadSetting, "invalid client-class: '"
                                  << name
                                  << "', must not have a 'test': the clone guard decides its members");
    }
}

/// The most misspelled keys of one configuration that are reported.
constexpr size_t MAX_IGNORED_KEYS = 16;

/// Checks whether a library has a callout. The library may not be loaded yet, so this function opens and closes it, as
/// the server does when it parses the name of the library.
bool
hasCallout(const std::string& library, const char* hook_point) {
    void* const opened = dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (opened == nullptr) {
        return (false);
    }
    const bool found = dlsym(opened, hook_point) != nullptr;
    dlclose(opened);
    return (found);
}

/// Checks the overrides of one shared network or subnet.
///
/// @param where its name for the error text
template <typename Scope>
void
checkScope(const SrvConfig& config, const Scope& scope, const std::string& where,
           const Settings& settings) {
    try {
        checkClass(config, parseScope(scope->getContext(), settings.scope).client_class);
    } catch (const BadSetting& error) {
        isc_throw(BadSetting, where << ": " << error.what());
    }
}

/// Adds the keys of one shared network or subnet that resemble the guard's.
///
/// @param describe returns the name of the shared network or subnet
template <typename Describe>
void
addIgnoredKeys(const isc::data::ConstElementPtr& context, std::vector<IgnoredKey>& all,
               Describe describe) {
    // Most subnets have no user-context, and there can be thousands.
    if (!context || context->getType() != isc::data::Element::map) {
        return;
    }
    for (const auto& [key, value] : context->mapValue()) {
        if (!resemblesGuardKey(key)) {
            continue;
        }
        const auto known = std::find_if(
            all.begin(), all.end(), [&key = key](const IgnoredKey& one) { return (one.key == key); });
        if (known != all.end()) {
            ++known->more;
        } else if (all.size() < MAX_IGNORED_KEYS) {
            all.push_back({key, describe(), 0});
        }
    }
}

}  // namespace

const char* const COMMITTED = "leases4_committed";

isc::data::ConstElementPtr
parametersIn(const SrvConfig& config, const std::string& path) {
    for (const auto& library : config.getHooksConfig().get()) {
        if (baseName(libraryOf(library)) == baseName(path)) {
            const isc::data::ConstElementPtr parameters = parametersOf(library);
            return (parameters ? parameters : isc::data::Element::createMap());
        }
    }
    return {};
}

Listeners
listenersToCommitted(const SrvConfig& config, const std::string& path) {
    Listeners found;
    bool own_seen = false;
    for (const auto& library : config.getHooksConfig().get()) {
        const std::string name = baseName(libraryOf(library));
        if (name == baseName(path)) {
            own_seen = true;
        } else if (name != IGNORED_LISTENER && hasCallout(libraryOf(library), COMMITTED)) {
            found.after = found.after || own_seen;
            if (!own_seen) {
                found.before.push_back(name);
            }
        }
    }
    return (found);
}

void
check(const SrvConfig& config, const Settings& settings) {
    checkClass(config, settings.scope.client_class);
    for (const auto& network : *config.getCfgSharedNetworks4()->getAll()) {
        if (mentionsGuard(network->getContext())) {
            checkScope(config, network, "shared network '" + network->getName() + "'", settings);
        }
    }
    for (const auto& subnet : *config.getCfgSubnets4()->getAll()) {
        // Most subnets have no override, and there can be thousands.
        if (!mentionsGuard(subnet->getContext())) {
            continue;
        }
        const auto where = "subnet " + subnet->toText();
        const auto shared = subnet->getSharedNetworkName();
        if (!shared.empty()) {
            isc_throw(BadSetting, where << ": invalid clone-guard: "
                                        << subnet->getContext()->get("clone-guard")->str()
                                        << ", must be in the user-context of shared network '" << shared
                                        << "', which applies to all its subnets");
        }
        checkScope(config, subnet, where, settings);
    }
}

std::vector<IgnoredKey>
ignoredKeys(const SrvConfig& config) {
    std::vector<IgnoredKey> all;
    for (const auto& network : *config.getCfgSharedNetworks4()->getAll()) {
        addIgnoredKeys(network->getContext(), all,
                       [&network] { return ("shared network '" + network->getName() + "'"); });
    }
    for (const auto& subnet : *config.getCfgSubnets4()->getAll()) {
        addIgnoredKeys(subnet->getContext(), all, [&subnet] { return ("subnet " + subnet->toText()); });
    }
    return (all);
}

bool
hasAuditLog(const SrvConfig& config, const isc::data::ConstElementPtr& json) {
    const auto& loggers = config.getLoggingInfo();
    if (std::any_of(loggers.begin(), loggers.end(),
                    [](const auto& logger) { return (logger.name_ == audit_log::name()); })) {
        return (true);
    }
    const auto written =
        json && json->getType() == isc::data::Element::map ? json->get("loggers") : nullptr;
    if (!written || written->getType() != isc::data::Element::list) {
        return (false);
    }
    const auto& entries = written->listValue();
    return (std::any_of(entries.begin(), entries.end(), [](const auto& entry) {
        const auto name = entry->getType() == isc::data::Element::map ? entry->get("name") : nullptr;
        return (name && name->getType() == isc::data::Element::string &&
                name->stringValue() == audit_log::name());
    }));
}

}  // namespace configuration
}  // namespace clone_guard
