// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_element.h>

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
    map->set("client-ids", hexList(exempt.client_ids));
    map->set("duids", hexList(exempt.duids));
    map->set("hw-addresses", hexList(exempt.hw_addresses));
    map->set("client-classes", textList(exempt.client_classes));
    return (map);
}

/// A machine-id is written as in /etc/machine-id.
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
        map->set("name", Element::create(entry.name));
        if (entry.duid.empty()) {
            map->set("machine-id", Element::create(withoutColons(toHex(entry.machine_id))));
        } else {
            map->set("duid", Element::create(toHex(entry.duid)));
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
    map->set("policy", Element::create(toText(settings.scope.policy)));
    map->set("takeover", Element::create(toText(settings.scope.takeover)));
    map->set("client-class", Element::create(settings.scope.client_class));
    map->set("client-id-types", Element::create(toText(settings.client_id_types)));
    map->set("claim-window", number(settings.claim_window.count()));
    map->set("audit-repeat", number(settings.audit_repeat.count()));
    map->set("max-conflicts", number(static_cast<int64_t>(settings.max_conflicts)));
    map->set("max-claims", number(static_cast<int64_t>(settings.max_claims)));
    map->set("exempt", toElement(settings.exempt));
    map->set("templates", toElement(settings.templates));
    map->set("nic-names", textList(settings.nic_names));
    return (map);
}

ElementPtr
overrides(const ScopeSettings& scope, const ScopeSettings& global) {
    auto map = Element::createMap();
    if (scope.policy != global.policy) {
        map->set("policy", Element::create(toText(scope.policy)));
    }
    if (scope.takeover != global.takeover) {
        map->set("takeover", Element::create(toText(scope.takeover)));
    }
    if (scope.client_class != global.client_class) {
        map->set("client-class", Element::create(scope.client_class));
    }
    return (map);
}

}  // namespace clone_guard
