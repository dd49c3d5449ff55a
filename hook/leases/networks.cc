// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_parser.h>
#include <hook/kea_address.h>
#include <hook/leases/networks.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/host_mgr.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace clone_guard {
namespace networks {

namespace {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

/// The key of the network of queries for which the server finds no subnet.
constexpr const char* KEY_NONE = "none";
constexpr const char* KEY_SERVER = "server";
const std::string KEY_SHARED = "shared-network ";
const std::string KEY_SUBNET = "subnet ";

std::chrono::seconds
lifetimeIn(const SubnetPtr& subnet) {
    return (std::chrono::seconds(subnet ? subnet->getValid().get() : 0));
}

void
addSubnets(Network& network, const SubnetPtr& selected, const SharedNetwork4Ptr& shared,
           const ClientClasses& classes) {
    std::vector<NetworkSubnet> subnets{{selected->getID(), selected->getMatchClientId(), true}};
    if (!shared) {
        network.subnets = NetworkSubnets(std::move(subnets));
        return;
    }
    // The first subnets are those that the server searches for a client's lease, in its order: ascending from the selected
    // subnet on and then from the first, without the subnets that the query's classes may not use.
    std::vector<NetworkSubnet> closed;
    const auto add = [&](const auto& subnet) {
        if (subnet->getID() != network.subnet_id) {
            const bool open = subnet->clientSupported(classes);
            auto& target = open ? subnets : closed;
            target.push_back({subnet->getID(), subnet->getMatchClientId(), open});
        }
    };
    const auto& all = *shared->getAllSubnets();
    const auto next = all.upper_bound(selected->getID());
    std::for_each(next, all.end(), add);
    std::for_each(all.begin(), next, add);
    subnets.insert(subnets.end(), closed.begin(), closed.end());
    network.subnets = NetworkSubnets(std::move(subnets));
}

Network
networkOf(const SubnetPtr& subnet, const ClientClasses& classes, const ScopeSettings& global) {
    Network network;
    network.settings = global;
    network.key = KEY_NONE;
    if (!subnet) {
        // The server does not answer these queries.
        network.settings.policy = Policy::OFF;
        return (network);
    }
    SharedNetwork4Ptr shared;
    subnet->getSharedNetwork(shared);
    network.subnet_id = subnet->getID();
    network.lifetime = lifetimeIn(subnet);
    network.name = shared ? shared->getName() : std::string();
    network.key = shared ? KEY_SHARED + network.name : KEY_SUBNET + std::to_string(network.subnet_id);
    network.settings = scopeSettings(shared ? shared->getContext() : subnet->getContext(), global);
    addSubnets(network, subnet, shared, classes);
    return (network);
}

/// One network with all subnets. It names those in which the server probably searches for the client's lease.
Network
wholeServer(const ScopeSettings& global, const SubnetPtr& subnet, const ClientClasses& classes) {
    Network network;
    network.key = KEY_SERVER;
    network.lifetime = lifetimeIn(subnet);
    network.whole_server = true;
    network.settings = global;
    if (subnet) {
        network.subnet_id = subnet->getID();
        SharedNetwork4Ptr shared;
        subnet->getSharedNetwork(shared);
        addSubnets(network, subnet, shared, classes);
    }
    return (network);
}

Network
selectWith(const SubnetSelector& selector, const ScopeSettings& global) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    const SubnetPtr subnet = config->getCfgSubnets4()->selectSubnet(selector);
    if (!reasonNetworkUnknown(*config).empty()) {
        return (wholeServer(global, subnet, selector.client_classes_));
    }
    return (networkOf(subnet, selector.client_classes_, global));
}

/// Kea's own libraries that never replace the subnet: those whose subnet4_select callout only reads it, and those without
/// such a callout. The server does not disclose which library registered a callout.
const std::set<std::string> READ_ONLY_SELECTORS{"libdhcp_ha.so", "libdhcp_limits.so"};
const std::set<std::string> NON_SELECTORS{
    "libdhcp_bootp.so",      "libdhcp_cb_cmds.so",     "libdhcp_class_cmds.so", "libdhcp_ddns_tuning.so",
    "libdhcp_flex_id.so",    "libdhcp_flex_option.so", "libdhcp_host_cache.so", "libdhcp_host_cmds.so",
    "libdhcp_lease_cmds.so", "libdhcp_lease_query.so", "libdhcp_legal_log.so",  "libdhcp_mysql.so",
    "libdhcp_mysql_cb.so",   "libdhcp_perfmon.so",     "libdhcp_pgsql.so",      "libdhcp_pgsql_cb.so",
    "libdhcp_ping_check.so", "libdhcp_run_script.so",  "libdhcp_stat_cmds.so",  "libdhcp_subnet_cmds.so",
    "libdhcp_clone_guard.so"};

/// Whether all registered subnet4_select callouts belong to libraries that only read the subnet.
bool
onlyReadOnlySelectors(const SrvConfig& config) {
    bool found = false;
    for (const auto& library : config.getHooksConfig().get()) {
        const std::string path = libraryOf(library);
        const auto name = path.substr(path.rfind('/') + 1);
        found = found || READ_ONLY_SELECTORS.count(name) > 0;
        if (READ_ONLY_SELECTORS.count(name) == 0 && NON_SELECTORS.count(name) == 0) {
            return (false);
        }
    }
    return (found);
}

}  // namespace

std::string
reasonNetworkUnknown(const SrvConfig& config) {
    const auto index = isc::hooks::ServerHooks::getServerHooks().findIndex("subnet4_select");
    if (index >= 0 && isc::hooks::HooksManager::calloutsPresent(index) &&
        !onlyReadOnlySelectors(config)) {
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
    selector.giaddr_ = toKea(place.relay);
    selector.ciaddr_ = toKea(place.client);
    selector.remote_address_ = toKea(place.source);
    selector.option_select_ = toKea(place.selection);
    selector.local_address_ =
        place.broadcast ? IOAddress::IPV4_BCAST_ADDRESS() : IOAddress::IPV4_ZERO_ADDRESS();
    selector.client_classes_ = ClientClasses(place.classes);
    return (selectWith(selector, global));
}

Network
ofSubnet(uint32_t subnet_id, const ScopeSettings& global) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    const SubnetPtr subnet = config->getCfgSubnets4()->getSubnet(subnet_id);
    if (!reasonNetworkUnknown(*config).empty()) {
        return (wholeServer(global, subnet, ClientClasses()));
    }
    return (networkOf(subnet, ClientClasses(), global));
}

bool
isSearchedFirst(uint32_t subnet_id, IpAddress address) {
    const SubnetPtr subnet = CfgMgr::instance().getCurrentCfg()->getCfgSubnets4()->getSubnet(subnet_id);
    if (!subnet) {
        return (false);
    }
    const auto prefix = subnet->get();
    const auto differing = fromKea(prefix.first).toUint32() ^ address.toUint32();
    if (prefix.second != 0 && differing >> (32U - prefix.second) != 0) {
        return (false);
    }
    SharedNetwork4Ptr shared;
    subnet->getSharedNetwork(shared);
    return (!shared || subnet->getMatchClientId());
}

void
KnownPrefixes::add(uint32_t subnet_id, IpAddress address) {
    const IpAddress first(address.toUint32() & ~uint32_t{0xff});
    const IpAddress last(address.toUint32() | 0xff);
    if (isSearchedFirst(subnet_id, first) && isSearchedFirst(subnet_id, last)) {
        const auto block = blockOf(subnet_id, address);
        blocks_[slotOf(block)].store(block, std::memory_order_relaxed);
    }
}

void
KnownPrefixes::clear() noexcept {
    for (auto& block : blocks_) {
        block.store(0, std::memory_order_relaxed);
    }
}

bool
hasSubnet(uint32_t subnet_id) {
    return (CfgMgr::instance().getCurrentCfg()->getCfgSubnets4()->getSubnet(subnet_id) != nullptr);
}

std::vector<uint32_t>
subnetsIn(const SrvConfig& config) {
    std::vector<uint32_t> numbers;
    for (const auto& subnet : *config.getCfgSubnets4()->getAll()) {
        numbers.push_back(subnet->getID());
    }
    std::sort(numbers.begin(), numbers.end());
    return (numbers);
}

Network
ofKey(const std::string& key, const ScopeSettings& global) {
    if (key == KEY_SERVER) {
        return (wholeServer(global, SubnetPtr(), ClientClasses()));
    }
    if (key.rfind(KEY_SUBNET, 0) == 0) {
        return (ofSubnet(static_cast<uint32_t>(std::stoul(key.substr(KEY_SUBNET.size()))), global));
    }
    const auto& networks = *CfgMgr::instance().getCurrentCfg()->getCfgSharedNetworks4();
    const auto shared =
        key.rfind(KEY_SHARED, 0) == 0 ? networks.getByName(key.substr(KEY_SHARED.size())) : nullptr;
    if (!shared || shared->getAllSubnets()->empty()) {
        return (networkOf(SubnetPtr(), ClientClasses(), global));
    }
    return (ofSubnet((*shared->getAllSubnets()->begin())->getID(), global));
}

namespace {

bool
selectedByClass(const SrvConfig& config) {
    // A client without classes can use each subnet that is not restricted.
    const ClientClasses none;
    const auto restricted = [&none](const auto& scope) { return (!scope->clientSupported(none)); };
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

bool
selectedByRelayList(const SrvConfig& config) {
    const auto& subnets = *config.getCfgSubnets4()->getAll();
    const auto& shared = *config.getCfgSharedNetworks4()->getAll();
    const auto lists = [](const auto& scope) { return (scope->hasRelays()); };
    return (std::any_of(subnets.begin(), subnets.end(), lists) ||
            std::any_of(shared.begin(), shared.end(), lists));
}

/// Whether a library is loaded. Its commands can change the configuration in force without a notice to this library.
bool
loads(const SrvConfig& config, const char* name) {
    const auto& libraries = config.getHooksConfig().get();
    return (std::any_of(libraries.begin(), libraries.end(), [name](const auto& library) {
        const std::string path = libraryOf(library);
        return (path.substr(path.rfind('/') + 1) == name);
    }));
}

}  // namespace

bool
isReserved(uint32_t subnet_id, const IOAddress& address) {
    const auto& hosts = HostMgr::instance();
    return (hosts.get4(subnet_id, address) || hosts.get4(SUBNET_ID_GLOBAL, address));
}

namespace {

/// The reservations by hardware address, in subnets and global ones.
HostCollection
reservationsOf(const HardwareAddress& address) {
    const auto bytes = address.bytes();
    return (CfgMgr::instance().getCurrentCfg()->getCfgHosts()->getAll(Host::IDENT_HWADDR, bytes.data(),
                                                                      bytes.size()));
}

/// Whether the server uses a reservation for clients in a network.
bool
appliesIn(const Host& host, const Network& network) {
    const auto config = CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
    const auto id = host.getIPv4SubnetID();
    if (id != SUBNET_ID_GLOBAL) {
        const SubnetPtr subnet = config->getSubnet(id);
        return (network.contains(id) && subnet && subnet->getReservationsInSubnet());
    }
    const SubnetPtr selected = config->getSubnet(network.subnet_id);
    return (selected && selected->getReservationsGlobal());
}

}  // namespace

bool
haveOneReservation(const HardwareAddress& first, const HardwareAddress& second, const Network& network) {
    const auto hosts = reservationsOf(first);
    if (hosts.empty()) {
        return (false);
    }
    const auto others = reservationsOf(second);
    return (std::any_of(hosts.begin(), hosts.end(), [&](const auto& host) {
        const auto& address = host->getIPv4Reservation();
        return (!address.isV4Zero() && appliesIn(*host, network) &&
                std::any_of(others.begin(), others.end(), [&](const auto& other) {
                    return (other->getIPv4SubnetID() == host->getIPv4SubnetID() &&
                            other->getIPv4Reservation() == address);
                }));
    }));
}

bool
changeByCommand(const SrvConfig& config) {
    return (loads(config, "libdhcp_subnet_cmds.so"));
}

SubnetSelectionHints
hintsOf(const SrvConfig& config) {
    size_t source = 0;
    const auto first = config.getCfgHosts()->getPage4(source, 0, HostPageSize(1));
    const bool commands = changeByCommand(config);
    return {commands || selectedByClass(config), !first.empty() || loads(config, "libdhcp_host_cmds.so"),
            commands || selectedByRelayList(config), nullptr, nullptr};
}

}  // namespace networks
}  // namespace clone_guard
