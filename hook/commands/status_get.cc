// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <core/audit/rfc3339.h>
#include <hook/commands/command_arguments.h>
#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>
#include <hook/leases/networks.h>
#include <hook/report/audit_log.h>

#include <cc/command_interpreter.h>

namespace clone_guard {
namespace commands {

namespace {

using isc::config::CONTROL_RESULT_SUCCESS;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::CfgMgr;

/// The kinds of outages, in the order of Failure.
constexpr std::array<const char*, FAILURES> FAILURE_NAMES{
    "lease-database", "claims-full", "conflicts-full", "reports-held-back", "unforeseen"};

ElementPtr
amount(size_t value) {
    return (Element::create(static_cast<int64_t>(value)));
}

/// Returns the settings in force in a scope that differ from the global ones, or null if there is no difference.
template <typename Scope>
ElementPtr
overridesIn(const Scope& scope, const ScopeSettings& global) {
    const auto map = overrides(scopeSettings(scope->getContext(), global), global);
    return (map->size() > 0 ? map : ElementPtr());
}

ElementPtr
allOverrides(const ScopeSettings& global) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    auto list = Element::createList();
    for (const auto& network : *config->getCfgSharedNetworks4()->getAll()) {
        if (const auto own = overridesIn(network, global)) {
            own->set("network", Element::create(network->getName()));
            list->add(own);
        }
    }
    for (const auto& subnet : *config->getCfgSubnets4()->getAll()) {
        // The settings of a shared network apply to its subnets.
        const auto own =
            subnet->getSharedNetworkName().empty() ? overridesIn(subnet, global) : ElementPtr();
        if (own) {
            own->set("subnet-id", amount(subnet->getID()));
            own->set("subnet", Element::create(subnet->toText()));
            list->add(own);
        }
    }
    return (list);
}

/// Formats a time of the steady clock as a time of day.
std::string
timeText(Instant when) {
    const auto ago =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - when);
    return (toRfc3339(nowMilliseconds() - ago.count()));
}

ElementPtr
degraded(const Reporter& reporter) {
    auto list = Element::createList();
    for (size_t kind = 0; kind < FAILURES; ++kind) {
        const auto state = reporter.outage(static_cast<Failure>(kind));
        if (state) {
            auto map = Element::createMap();
            map->set("trouble", Element::create(std::string(FAILURE_NAMES.at(kind))));
            map->set("since", Element::create(timeText(state->begun)));
            map->set("failures", amount(state->failures));
            list->add(map);
        }
    }
    return (list);
}

/// Returns the size and the capacity of a table.
template <typename Table>
ElementPtr
fullness(const Table& table) {
    auto map = Element::createMap();
    map->set("count", amount(table.size()));
    map->set("limit", amount(table.capacity()));
    return (map);
}

std::string
summary(const Guard& guard, const ElementPtr& troubles) {
    auto text = std::string("clone guard ") + CLONE_GUARD_VERSION + " for Kea " + builtFor() +
                ": policy " + toText(guard.settings().scope.policy) + ", " +
                counted(guard.conflicts().size(), "conflict") + " in memory";
    for (const auto& trouble : troubles->listValue()) {
        text += ", degraded: " + trouble->get("trouble")->stringValue();
    }
    return (text + ".");
}

}  // namespace

ConstElementPtr
statusGet(const ConstElementPtr& given, Guard& guard) {
    const Arguments arguments(given, {});
    const auto& settings = guard.settings();
    auto answer = Element::createMap();
    answer->set("version", Element::create(std::string(CLONE_GUARD_VERSION)));
    answer->set("kea-version", Element::create(builtFor()));
    answer->set("configured-at", Element::create(toRfc3339(guard.madeAt())));
    answer->set("parameters", toElement(settings));
    answer->set("overrides", allOverrides(settings.scope));
    const auto reason = networks::reasonNetworkUnknown(*CfgMgr::instance().getCurrentCfg());
    if (!reason.empty()) {
        answer->set("one-network", Element::create(reason));
    }
    const auto conflicts = fullness(guard.conflicts());
    conflicts->set("confirmed", amount(guard.conflicts().confirmed()));
    answer->set("conflicts", conflicts);
    answer->set("claims", fullness(guard.claims()));
    answer->set("audit-log", Element::create(audit_log::enabled()));
    const auto troubles = degraded(guard.reporter());
    answer->set("degraded", troubles);
    return (isc::config::createAnswer(CONTROL_RESULT_SUCCESS, summary(guard, troubles), answer));
}

}  // namespace commands
}  // namespace clone_guard
