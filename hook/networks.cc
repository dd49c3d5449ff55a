// SPDX-License-Identifier: MPL-2.0

#include <networks.h>
#include <settings_parser.h>

#include <asiolink/io_address.h>

namespace clone_guard {
namespace networks {

namespace {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

/// Marks the network of queries for which the server finds no subnet.
constexpr const char* KEY_NONE = "none";
constexpr const char* KEY_SERVER = "server";

Network
wholeServer(const ScopeSettings& global, uint32_t subnet_id) {
    Network network;
    network.key = KEY_SERVER;
    network.subnet_id = subnet_id;
    network.whole_server = true;
    network.settings = global;
    return (network);
}

void
addSubnets(Network& network, const SubnetPtr& selected, const SharedNetwork4Ptr& shared,
           const ClientClasses& classes) {
    // First as the server searches for a client's lease: from the selected subnet round the shared
    // network, leaving out those that the query's classes have no access to.
    for (auto subnet = selected; subnet; subnet = subnet->getNextSubnet(selected, classes)) {
        network.subnets.push_back({subnet->getID(), subnet->getMatchClientId(), true});
    }
    if (!shared) {
        return;
    }
    for (const auto& subnet : *shared->getAllSubnets()) {
        if (!network.contains(subnet->getID())) {
            network.subnets.push_back({subnet->getID(), subnet->getMatchClientId(), false});
        }
    }
}

Network
around(const SubnetPtr& subnet, const ClientClasses& classes, const ScopeSettings& global) {
    Network network;
    network.settings = global;
    network.key = KEY_NONE;
    if (!subnet) {
        // The server answers nobody here, so there is nothing to keep apart.
        network.settings.policy = Policy::OFF;
        return (network);
    }
    SharedNetwork4Ptr shared;
    subnet->getSharedNetwork(shared);
    network.subnet_id = subnet->getID();
    network.name = shared ? shared->getName() : std::string();
    network.key =
        shared ? "shared-network " + network.name : "subnet " + std::to_string(network.subnet_id);
    network.settings = scopeSettings(shared ? shared->getContext() : subnet->getContext(), global);
    addSubnets(network, subnet, shared, classes);
    return (network);
}

Network
selectWith(const SubnetSelector& selector, const ScopeSettings& global) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    const SubnetPtr subnet = config->getCfgSubnets4()->selectSubnet(selector);
    if (!unknowable(*config).empty()) {
        return (wholeServer(global, subnet ? subnet->getID() : 0));
    }
    return (around(subnet, selector.client_classes_, global));
}

}  // namespace

std::string
unknowable(const SrvConfig& config) {
    const auto index = isc::hooks::ServerHooks::getServerHooks().findIndex("subnet4_select");
    if (index >= 0 && isc::hooks::HooksManager::calloutsPresent(index)) {
        return ("another hook library selects subnets (subnet4_select)");
    }
    const auto early = config.getConfiguredGlobal("early-global-reservations-lookup");
    if (early && early->boolValue()) {
        return ("early-global-reservations-lookup adds client classes later");
    }
    const auto port = config.getConfiguredGlobal("dhcp4o6-port");
    if (port && port->intValue() != 0) {
        return ("DHCPv4-over-DHCPv6 (dhcp4o6-port) selects subnets by IPv6 links");
    }
    return {};
}

Network
select(const Pkt4Ptr& query, const std::string& with_class, const ScopeSettings& global) {
    auto selector = CfgSubnets4::initSelector(query);
    if (!with_class.empty()) {
        selector.client_classes_.insert(with_class);
    }
    return (selectWith(selector, global));
}

Network
select(const Place& place, const ScopeSettings& global) {
    SubnetSelector selector;
    selector.iface_name_ = place.interface;
    selector.giaddr_ = IOAddress(place.relay);
    selector.ciaddr_ = IOAddress(place.client);
    selector.remote_address_ = IOAddress(place.source);
    selector.option_select_ = IOAddress(place.selection);
    selector.local_address_ =
        place.broadcast ? IOAddress::IPV4_BCAST_ADDRESS() : IOAddress::IPV4_ZERO_ADDRESS();
    selector.client_classes_ = ClientClasses(place.classes);
    return (selectWith(selector, global));
}

Network
ofSubnet(uint32_t subnet_id, const ScopeSettings& global) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    if (!unknowable(*config).empty()) {
        return (wholeServer(global, subnet_id));
    }
    return (around(config->getCfgSubnets4()->getSubnet(subnet_id), ClientClasses(), global));
}

bool
selectedByClass(const SrvConfig& config) {
    const auto restricted = [](const auto& scope) {
        const auto element = scope->toElement();
        return (element->contains("client-class") || element->contains("client-classes"));
    };
    for (const auto& subnet : *config.getCfgSubnets4()->getAll()) {
        if (restricted(subnet)) {
            return (true);
        }
    }
    for (const auto& network : *config.getCfgSharedNetworks4()->getAll()) {
        if (restricted(network)) {
            return (true);
        }
    }
    return (false);
}

}  // namespace networks
}  // namespace clone_guard
