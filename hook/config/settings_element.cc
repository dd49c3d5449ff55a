// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_element.h>

#include <core/decision/parameters.h>

#include <algorithm>

namespace clone_guard {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

ElementPtr
hexList(const std::set<Bytes>& all) {
    auto list = Element::createList();
    for (const auto& bytes : all) {
        list->add(Element::create(toHex(bytes)));
    }
    return (list);
}

template <typename Names>
ElementPtr
textList(const Names& names) {
    auto list = Element::createList();
    for (const auto& name : names) {
        list->add(Element::create(name));
    }
    return (list);
}

ElementPtr
toElement(const Exemptions& exempt) {
    auto map = Element::createMap();
    map->set(parameter::EXEMPT_CLIENT_IDS.name, hexList(exempt.client_ids));
    map->set(parameter::EXEMPT_DUIDS.name, hexList(exempt.duids));
    map->set(parameter::EXEMPT_HW_ADDRESSES.name, hexList(exempt.hw_addresses));
    map->set(parameter::EXEMPT_CLIENT_CLASSES.name, textList(exempt.client_classes));
    return (map);
}

/// Formats a machine-id as in /etc/machine-id.
std::string
withoutColons(std::string hex) {
    hex.erase(std::remove(hex.begin(), hex.end(), ':'), hex.end());
    return (hex);
}

ElementPtr
toElement(const std::vector<Template>& templates) {
    auto list = Element::createList();
    for (const auto& entry : templates) {
        auto map = Element::createMap();
        map->set(parameter::TEMPLATE_NAME.name, Element::create(entry.name));
        if (entry.duid.empty()) {
            map->set(parameter::TEMPLATE_MACHINE_ID.name,
                     Element::create(withoutColons(toHex(entry.machine_id))));
        } else {
            map->set(parameter::TEMPLATE_DUID.name, Element::create(toHex(entry.duid)));
        }
        list->add(map);
    }
    return (list);
}

ElementPtr
number(int64_t value) {
    return (Element::create(value));
}

}  // namespace

ElementPtr
toElement(const Settings& settings) {
    auto map = Element::createMap();
    map->set(parameter::POLICY.name, Element::create(toText(settings.scope.policy)));
    map->set(parameter::TAKEOVER.name, Element::create(toText(settings.scope.takeover)));
    map->set(parameter::CLIENT_CLASS.name, Element::create(settings.scope.client_class));
    map->set(parameter::CLIENT_ID_TYPES.name, Element::create(toText(settings.client_id_types)));
    map->set(parameter::CLAIM_WINDOW.name, number(settings.claim_window.count()));
    map->set(parameter::AUDIT_REPEAT.name, number(settings.audit_repeat.count()));
    map->set(parameter::MAX_CONFLICTS.name, number(static_cast<int64_t>(settings.max_conflicts)));
    map->set(parameter::MAX_CLAIMS.name, number(static_cast<int64_t>(settings.max_claims)));
    map->set(parameter::EXEMPT.name, toElement(settings.exempt));
    map->set(parameter::TEMPLATES.name, toElement(settings.templates));
    map->set(parameter::NIC_NAMES.name, textList(settings.nic_names));
    return (map);
}

ElementPtr
overrides(const ScopeSettings& scope, const ScopeSettings& global) {
    auto map = Element::createMap();
    if (scope.policy != global.policy) {
        map->set(parameter::POLICY.name, Element::create(toText(scope.policy)));
    }
    if (scope.takeover != global.takeover) {
        map->set(parameter::TAKEOVER.name, Element::create(toText(scope.takeover)));
    }
    if (scope.client_class != global.client_class) {
        map->set(parameter::CLIENT_CLASS.name, Element::create(scope.client_class));
    }
    return (map);
}

}  // namespace clone_guard
