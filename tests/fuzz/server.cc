// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/server.h>

#include <tests/hook/kea_test.h>
#include <tests/hook/wire.h>

#include <dhcp/option_custom.h>
#include <log/logger_support.h>
#include <log4cplus/logger.h>
#include <process/daemon.h>
#include <stats/stats_mgr.h>

#include <dlfcn.h>

#include <cstdlib>
#include <stdexcept>

namespace clone_guard {
namespace fuzz {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::hooks::CalloutHandle;
using isc::hooks::CalloutHandlePtr;
using isc::hooks::HooksManager;

namespace {

/// Subnet N is 10.N.0.0/24 and its relay is 10.N.0.1. Pools are small, so that machines meet on addresses.
const char* const CONFIGURATION = R"({
    "valid-lifetime": 3600,
    "reservations-in-subnet": false,
    "subnet4": [
        { "id": 1, "subnet": "10.1.0.0/24", "pools": [ { "pool": "10.1.0.10 - 10.1.0.15" } ] },
        { "id": 2, "subnet": "10.2.0.0/24", "pools": [ { "pool": "10.2.0.10 - 10.2.0.15" } ],
          "user-context": { "clone-guard": { "policy": "refuse" } } },
        { "id": 3, "subnet": "10.3.0.0/24", "pools": [ { "pool": "10.3.0.10 - 10.3.0.15" } ],
          "user-context": { "clone-guard": { "policy": "monitor" } } },
        { "id": 4, "subnet": "10.4.0.0/24", "pools": [ { "pool": "10.4.0.10 - 10.4.0.15" } ],
          "authoritative": true, "user-context": { "clone-guard": { "takeover": "never" } } }
    ],
    "shared-networks": [
        { "name": "lab", "subnet4": [
            { "id": 5, "subnet": "10.5.0.0/24", "pools": [ { "pool": "10.5.0.10 - 10.5.0.15" } ] },
            { "id": 6, "subnet": "10.6.0.0/24", "pools": [ { "pool": "10.6.0.10 - 10.6.0.15" } ] } ] },
        { "name": "office", "user-context": { "clone-guard": { "policy": "refuse" } }, "subnet4": [
            { "id": 7, "subnet": "10.7.0.0/24", "pools": [ { "pool": "10.7.0.10 - 10.7.0.15" } ] },
            { "id": 8, "subnet": "10.8.0.0/24", "pools": [ { "pool": "10.8.0.10 - 10.8.0.15" } ] } ] }
    ]
})";

/// Gives access to the parser of the hook tests.
class Parser : public test::KeaTest {
public:
    using test::KeaTest::stage;
    void TestBody() override {}
};

/// Calls a hook point as the server does, with copies of options.
CalloutHandle::CalloutNextStep
call(const char* hook, const Pkt4Ptr& query, CalloutHandle& handle) {
    const ScopedEnableOptionsCopy<Pkt4> copies(query);
    handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    HooksManager::callCallouts(HooksManager::registerHook(hook), handle);
    return (handle.getStatus());
}

/// Reads a packet as the server does. @return null if the server drops it
Pkt4Ptr
read(const Bytes& packet) {
    try {
        const Pkt4Ptr query(new Pkt4(packet.data(), packet.size()));
        query->setIface("ens18");
        query->setIndex(2);
        query->setLocalAddr(IOAddress("10.1.0.2"));
        query->setRemoteAddr(IOAddress("10.1.0.1"));
        query->unpack();
        if (!query->getOption(DHO_DHCP_MESSAGE_TYPE)) {
            // What the library bootp of Kea makes of such a packet.
            query->addClass("BOOTP");
            query->setType(DHCPREQUEST);
        }
        return (query);
    } catch (const isc::Exception&) {
        return {};
    }
}

ClientIdPtr
clientIdOf(const Pkt4& query) {
    const auto option = query.options_.find(DHO_DHCP_CLIENT_IDENTIFIER);
    return (option == query.options_.end() ? ClientIdPtr()
                                           : ClientIdPtr(new ClientId(option->second->getData())));
}

std::optional<IOAddress>
addressIn(const Pkt4Ptr& query, uint16_t code) {
    const auto option = boost::dynamic_pointer_cast<OptionCustom>(query->getOption(code));
    return (option ? std::optional<IOAddress>(option->readAddress()) : std::nullopt);
}

/// Finds the first lease in the network of the subnet.
template <typename Key>
Lease4Ptr
firstInNetwork(const Subnet4Ptr& subnet, const Key& key, const Pkt4& query) {
    const auto leases = leaseDatabase().getLease4(key);
    for (auto one = subnet; one; one = one->getNextSubnet(subnet, query.getClasses())) {
        for (const auto& lease : leases) {
            if (lease->subnet_id_ == one->getID()) {
                return (lease);
            }
        }
    }
    return {};
}

}  // namespace

Server&
Server::instance() {
    static auto& server = *new Server();
    return (server);
}

Server::Server() : engine_(AllocEngine::ALLOC_ITERATIVE, 0, false) {
    setenv("KEA_LOCKFILE_DIR", "none", 1);
    isc::process::Daemon::setProcName("kea-dhcp4");
    isc::log::initLogger("kea-dhcp4", isc::log::INFO, 0);
    log4cplus::Logger::getInstance("kea-dhcp4").removeAllAppenders();
    log_ = std::make_unique<test::CapturedLog>();
    log_->withoutDebug();
    log_->wantAudit();
    CfgMgr::instance().setFamily(AF_INET);
    LeaseMgrFactory::create("type=memfile universe=4 persist=false");
    for (const auto* hook : {"pkt4_receive", "lease4_select", "dhcp4_srv_configured", "cb4_updated"}) {
        HooksManager::registerHook(hook);
    }
    // A library that is never unloaded: the fuzzer reads its counters until the end.
    if (dlopen(CLONE_GUARD_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) == nullptr) {
        throw std::runtime_error(dlerror());
    }
    const auto staged = Parser::stage(CONFIGURATION);
    staged->getHooksConfig().add(CLONE_GUARD_LIBRARY, Element::createMap());
    if (!HooksManager::loadLibraries(staged->getHooksConfig().get())) {
        throw std::runtime_error("the hook library cannot be loaded");
    }
    callConfigured(staged);
    CfgMgr::instance().commit();
}

void
Server::callConfigured(const SrvConfigPtr& config) {
    const auto handle = HooksManager::createCalloutHandle();
    handle->setArgument("server_config", config);
    handle->setArgument("json_config", ConstElementPtr(Element::createMap()));
    HooksManager::callCallouts(HooksManager::registerHook("dhcp4_srv_configured"), *handle);
    if (handle->getStatus() == CalloutHandle::NEXT_STEP_DROP) {
        throw std::runtime_error("the guard rejects the configuration");
    }
}

void
Server::reset() {
    for (const auto& lease : leaseDatabase().getLeases4()) {
        leaseDatabase().deleteLease(lease);
    }
    isc::stats::StatsMgr::instance().removeAll();
    // The guard begins anew with each configuration. It keeps its settings, because this one is in force.
    callConfigured(CfgMgr::instance().getCurrentCfg());
}

Passage
Server::handle(const Bytes& packet) {
    log_->forget();
    Passage passage;
    passage.query = read(packet);
    if (!passage.query) {
        return (passage);
    }
    passage.identifier = test::identifierIn(*passage.query);
    const auto handle = HooksManager::createCalloutHandle();
    handle->setArgument("query4", passage.query);
    passage.dropped = call("pkt4_receive", passage.query, *handle) == CalloutHandle::NEXT_STEP_DROP;
    handle->deleteAllArguments();
    if (passage.dropped) {
        return (passage);
    }
    try {
        switch (passage.query->getType()) {
        case DHCPDISCOVER:
        case DHCPREQUEST:
            passage.reply = allocate(passage.query, handle);
            break;
        case DHCPRELEASE:
            answerRelease(passage);
            break;
        case DHCPDECLINE:
            answerDecline(passage);
            break;
        default:
            break;
        }
    } catch (const isc::Exception&) {
        // The server drops such a query.
        passage.reply = Reply();
    }
    return (passage);
}

void
Server::answerRelease(const Passage& passage) const {
    const auto& query = passage.query;
    const auto lease = leaseDatabase().getLease4(query->getCiaddr());
    if (lease && lease->belongsToClient(query->getHWAddr(), clientIdOf(*query))) {
        leaseDatabase().deleteLease(lease);
    }
}

void
Server::answerDecline(const Passage& passage) const {
    const auto& query = passage.query;
    const auto address = addressIn(query, DHO_DHCP_REQUESTED_ADDRESS);
    const auto lease = address ? leaseDatabase().getLease4(*address) : Lease4Ptr();
    if (lease && lease->belongsToClient(query->getHWAddr(), clientIdOf(*query))) {
        lease->decline(3600);
        leaseDatabase().updateLease4(lease);
    }
}

Reply
Server::allocate(const Pkt4Ptr& query, const CalloutHandlePtr& handle) {
    const auto hwaddr = query->getHWAddr();
    const auto client_id = clientIdOf(*query);
    const auto subnets = CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
    const auto subnet = subnets->selectSubnet(CfgSubnets4::initSelector(query));
    const bool anonymous = (!hwaddr || hwaddr->hwaddr_.empty()) && !client_id;
    if (!subnet || anonymous) {
        return {};
    }
    const bool offers = query->getType() == DHCPDISCOVER;
    const auto requested = addressIn(query, DHO_DHCP_REQUESTED_ADDRESS);
    const auto wanted = requested ? *requested : query->getCiaddr();
    if (!offers && requested && !query->getOption(DHO_DHCP_SERVER_IDENTIFIER)) {
        auto lease = client_id ? firstInNetwork(subnet, *client_id, *query) : Lease4Ptr();
        if (!lease && hwaddr) {
            lease = firstInNetwork(subnet, *hwaddr, *query);
        }
        const bool known = lease && lease->belongsToClient(hwaddr, client_id);
        const bool authoritative = subnet->getAuthoritative();
        if (!known && !authoritative) {
            return {};
        }
        if (!known || lease->addr_ != wanted) {
            return {DHCPNAK, IOAddress(0)};
        }
    }
    AllocEngine::ClientContext4 context(subnet, client_id, hwaddr, wanted, false, false, "", offers);
    context.query_ = query;
    context.callout_handle_ = handle;
    const auto lease = engine_.allocateLease4(context);
    if (!lease) {
        return (offers ? Reply() : Reply{DHCPNAK, IOAddress(0)});
    }
    return {static_cast<uint8_t>(offers ? DHCPOFFER : DHCPACK), lease->addr_};
}

ConstElementPtr
Server::command(const std::string& name, const ConstElementPtr& arguments) {
    const auto request = Element::createMap();
    request->set("command", Element::create(name));
    if (arguments) {
        request->set("arguments", arguments);
    }
    const auto handle = HooksManager::createCalloutHandle();
    handle->setArgument("command", ConstElementPtr(request));
    HooksManager::callCommandHandlers(name, *handle);
    ConstElementPtr response;
    handle->getArgument("response", response);
    return (response);
}

int64_t
Server::degraded() {
    const auto counted = isc::stats::StatsMgr::instance().getObservation("clone-guard-degraded");
    return (counted ? counted->getInteger().first : 0);
}

}  // namespace fuzz
}  // namespace clone_guard
