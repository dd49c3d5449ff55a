// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/server.h>

#include <tests/hook/kea_test.h>
#include <tests/hook/wire.h>

#include <core/identity/client_identifier.h>

#include <dhcp/option_custom.h>
#include <dhcpsrv/host.h>
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

constexpr const char* OPERATOR_LOG = "kea-dhcp4.clone-guard-hooks";
constexpr const char* AUDIT_LOG = "kea-dhcp4.clone-guard-audit";

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
        if (const auto vendor = query->getOption(DHO_VENDOR_CLASS_IDENTIFIER)) {
            query->addClass("VENDOR_CLASS_" + vendor->toString());
        }
        if (!query->getOption(DHO_DHCP_MESSAGE_TYPE)) {
            // What the library bootp of Kea makes of such a packet.
            query->addClass("BOOTP");
            query->setType(DHCPREQUEST);
        }
        // The server drops a packet whose message type is empty before any hook library sees the packet.
        query->getType();
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

/// Looks up reservations by the identifiers that the server compares by default, and in its order.
void
findReservation(AllocEngine::ClientContext4& context) {
    if (context.hwaddr_ && !context.hwaddr_->hwaddr_.empty()) {
        context.addHostIdentifier(Host::IDENT_HWADDR, context.hwaddr_->hwaddr_);
    }
    if (context.clientid_) {
        const auto& identifier = context.clientid_->getClientId();
        if (const auto parts = parseRfc4361(identifier)) {
            context.addHostIdentifier(Host::IDENT_DUID, parts->duid.copy());
        }
        context.addHostIdentifier(Host::IDENT_CLIENT_ID, identifier);
    }
    AllocEngine::findReservation(context);
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
    log_->wantAudit();
    // What Kea logs itself takes time and is not checked.
    log4cplus::Logger::getInstance("kea-dhcp4").setLogLevel(log4cplus::ERROR_LOG_LEVEL);
    log4cplus::Logger::getInstance(AUDIT_LOG).setLogLevel(log4cplus::INFO_LOG_LEVEL);
    CfgMgr::instance().setFamily(AF_INET);
    LeaseMgrFactory::create("type=memfile universe=4 persist=false");
    for (const auto* hook : {"pkt4_receive", "lease4_select", "dhcp4_srv_configured", "cb4_updated"}) {
        HooksManager::registerHook(hook);
    }
    // A library that is never unloaded: the fuzzer reads its counters until the end.
    if (dlopen(CLONE_GUARD_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) == nullptr) {
        throw std::runtime_error(dlerror());
    }
    configure(site(0));
}

void
Server::configure(const Site& site) {
    HooksManager::prepareUnloadLibraries();
    const auto staged = Parser::stage(site.configuration);
    staged->getHooksConfig().add(CLONE_GUARD_LIBRARY, Element::fromJSON(site.parameters));
    if (!HooksManager::loadLibraries(staged->getHooksConfig().get())) {
        throw std::runtime_error("the hook library cannot be loaded");
    }
    callConfigured(staged);
    CfgMgr::instance().commit();
    log4cplus::Logger::getInstance(OPERATOR_LOG)
        .setLogLevel(site.debug ? log4cplus::ALL_LOG_LEVEL : log4cplus::INFO_LOG_LEVEL);
    site_ = &site;
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
Server::reset(const Site& site) {
    for (const auto& lease : leaseDatabase().getLeases4()) {
        leaseDatabase().deleteLease(lease);
    }
    isc::stats::StatsMgr::instance().removeAll();
    if (site_ != &site) {
        configure(site);
    } else {
        // The guard begins anew with each configuration. It keeps its settings, because this one is in force.
        callConfigured(CfgMgr::instance().getCurrentCfg());
    }
    // The server continues where it allocated the last address.
    for (const auto& subnet : *CfgMgr::instance().getCurrentCfg()->getCfgSubnets4()->getAll()) {
        for (const auto& pool : subnet->getPools(Lease::TYPE_V4)) {
            pool->setLastAllocated(pool->getFirstAddress());
            pool->resetLastAllocated();
        }
        subnet->setLastAllocated(Lease::TYPE_V4, subnet->get().first);
    }
}

void
Server::reclaim(bool remove) {
    engine_.reclaimExpiredLeases4(0, 0, remove);
}

void
Server::update() {
    const auto handle = HooksManager::createCalloutHandle();
    HooksManager::callCallouts(HooksManager::registerHook("cb4_updated"), *handle);
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
    if (subnet->getReservationsInSubnet()) {
        findReservation(context);
    }
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
