// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

#include <core/identity/derived_identifier.h>

#include <cc/data.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::data::Element;
using isc::hooks::HooksManager;

namespace {

/// @brief Calls a hook point.
Status
call(isc::hooks::CalloutHandle& handle, const char* hook) {
    handle.setStatus(CONTINUE);
    HooksManager::callCallouts(HooksManager::registerHook(hook), handle);
    return (handle.getStatus());
}

}  // namespace

Exchange::Exchange(const Wire& wire) : Exchange(wire.received()) {}

Exchange::Exchange(Pkt4Ptr query) :
    query_(std::move(query)), handle_(HooksManager::createCalloutHandle()) {}

Status
Exchange::receive() {
    handle_->deleteAllArguments();
    handle_->setArgument("query4", query_);
    return (call(*handle_, "pkt4_receive"));
}

Status
Exchange::select(const Lease4Ptr& lease, bool fake, uint32_t offer_lifetime) {
    handle_->deleteAllArguments();
    handle_->setArgument("query4", query_);
    handle_->setArgument("subnet4", Subnet4Ptr());
    handle_->setArgument("fake_allocation", fake);
    handle_->setArgument("offer_lft", offer_lifetime);
    handle_->setArgument("lease4", lease);
    return (call(*handle_, "lease4_select"));
}

bool
Exchange::isIn(const std::string& client_class) const {
    return (query_->getClasses().contains(client_class));
}

void
LibraryTest::SetUp() {
    KeaTest::SetUp();
    for (const auto* hook : {"pkt4_receive", "subnet4_select", "lease4_select", "lease4_renew",
                             "dhcp4_srv_configured", "cb4_updated"}) {
        HooksManager::registerHook(hook);
    }
}

void
LibraryTest::TearDown() {
    unload();
    KeaTest::TearDown();
}

const char*
LibraryTest::library() {
    const char* const other = std::getenv("CLONE_GUARD_LIBRARY");
    return (other != nullptr ? other : CLONE_GUARD_LIBRARY);
}

void
LibraryTest::unload() {
    HooksManager::prepareUnloadLibraries();
    ASSERT_TRUE(HooksManager::unloadLibraries());
}

std::string
LibraryTest::configure(const std::string& parameters, const std::string& json) {
    const auto staged = stage(json);
    staged->getHooksConfig().add(library(), Element::fromJSON(parameters));
    unload();
    EXPECT_TRUE(HooksManager::loadLibraries(staged->getHooksConfig().get()));
    const auto handle = HooksManager::createCalloutHandle();
    handle->setArgument("server_config", staged);
    handle->setArgument("json_config", isc::data::ConstElementPtr(Element::fromJSON(json)));
    std::string error;
    if (call(*handle, "dhcp4_srv_configured") == DROP) {
        handle->getArgument("error", error);
        discardStaged(CfgMgr::instance());
    } else {
        CfgMgr::instance().commit();
    }
    return (error);
}

void
LibraryTest::load(const std::string& parameters, const std::string& json) {
    ASSERT_EQ(configure(parameters, json), "");
}

Bytes
LibraryTest::derivedOf(uint32_t machine) {
    return (derive(mac(machine), cloneIdentifier()));
}

Lease4Ptr
LibraryTest::leaseOf(uint32_t machine, const std::string& address) {
    const HWAddrPtr hwaddr(new HWAddr(mac(machine).bytes().copy(), 1));
    return (Lease4Ptr(new Lease4(isc::asiolink::IOAddress(address), hwaddr,
                                 ClientIdPtr(new ClientId(derivedOf(machine))), 3600, 0, 1)));
}

std::optional<Bytes>
LibraryTest::seenAs(const Wire& wire) {
    Exchange exchange(wire);
    if (exchange.receive() == DROP) {
        return (std::nullopt);
    }
    return (exchange.identifier());
}

}  // namespace test
}  // namespace clone_guard
