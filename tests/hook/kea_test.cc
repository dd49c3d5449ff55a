// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/kea_test.h>

#include <cc/data.h>
#include <dhcpsrv/client_class_def.h>
#include <dhcpsrv/parsers/dhcp_parsers.h>
#include <dhcpsrv/parsers/shared_networks_list_parser.h>
#include <dhcpsrv/parsers/simple_parser4.h>
#include <process/daemon.h>
#include <stats/stats_mgr.h>

#include <ctime>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::data::Element;

const char* const CONFIGURATION = R"({
    "subnet4": [
        { "id": 1, "subnet": "192.0.2.0/24", "pools": [ { "pool": "192.0.2.100 - 192.0.2.199" } ] },
        { "id": 2, "subnet": "198.51.100.0/24", "pools": [ { "pool": "198.51.100.100 - 198.51.100.199" } ] }
    ],
    "shared-networks": [ {
        "name": "lab",
        "subnet4": [
            { "id": 11, "subnet": "10.1.0.0/24", "pools": [ { "pool": "10.1.0.100 - 10.1.0.199" } ] },
            { "id": 12, "subnet": "10.2.0.0/24", "pools": [ { "pool": "10.2.0.100 - 10.2.0.199" } ] }
        ]
    } ]
})";

namespace {

/// @brief Parses the names of client classes and whether they have a test.
///
/// The text of a test matters to the server only, and Kea does not install all headers of its parser.
ClientClassDictionaryPtr
classesOf(const isc::data::ConstElementPtr& list) {
    const ClientClassDictionaryPtr dictionary(new ClientClassDictionary());
    for (const auto& entry : list->listValue()) {
        const ExpressionPtr expression(entry->contains("test") ? new Expression() : nullptr);
        ClientClassDefPtr definition(
            new ClientClassDef(entry->get("name")->stringValue(), expression, CfgOptionPtr()));
        dictionary->addClass(definition);
    }
    return (dictionary);
}

}  // namespace

void
KeaTest::SetUp() {
    isc::process::Daemon::setProcName("kea-dhcp4");
    CfgMgr::instance().setFamily(AF_INET);
    CfgMgr::instance().clear();
    isc::stats::StatsMgr::instance().removeAll();
    LeaseMgrFactory::create("type=memfile universe=4 persist=false");
}

void
KeaTest::TearDown() {
    LeaseMgrFactory::destroy();
    CfgMgr::instance().clear();
    isc::stats::StatsMgr::instance().removeAll();
}

SrvConfigPtr
KeaTest::stage(const std::string& json) {
    discardStaged(CfgMgr::instance());
    const auto map = Element::fromJSON(json);
    const auto staged = CfgMgr::instance().getStagingCfg();
    SimpleParser4::setAllDefaults(map);
    SimpleParser4::deriveParameters(map);
    staged->applyDefaultsConfiguredGlobals(SimpleParser4::GLOBAL4_DEFAULTS);
    for (const auto& [name, value] : map->mapValue()) {
        if (value->getType() != Element::list && value->getType() != Element::map) {
            staged->addConfiguredGlobal(name, value);
        }
    }
    if (const auto threads = map->get("multi-threading")) {
        staged->setDHCPMultiThreading(threads);
    }
    if (const auto classes = map->get("client-classes")) {
        staged->setClientClassDictionary(classesOf(classes));
    }
    if (const auto networks = map->get("shared-networks")) {
        auto list = staged->getCfgSharedNetworks4();
        SharedNetworks4ListParser().parse(list, networks);
        for (const auto& network : *list->getAll()) {
            for (const auto& subnet : *network->getAllSubnets()) {
                staged->getCfgSubnets4()->add(subnet);
            }
        }
    }
    if (const auto subnets = map->get("subnet4")) {
        Subnets4ListConfigParser(false).parse(staged, subnets);
    }
    return (staged);
}

void
KeaTest::commit(const std::string& json) {
    stage(json);
    CfgMgr::instance().commit();
}

Lease4Ptr
KeaTest::addLease(const std::string& address, const Bytes& identifier,
                  const HardwareAddress& hardware_address, uint32_t subnet_id, int64_t age,
                  uint32_t valid) {
    HWAddrPtr hwaddr;
    if (!hardware_address.bytes().empty()) {
        hwaddr.reset(new HWAddr(hardware_address.bytes().copy(), hardware_address.type()));
    }
    const Lease4Ptr lease(
        new Lease4(isc::asiolink::IOAddress(address), hwaddr,
                   identifier.empty() ? ClientIdPtr() : ClientIdPtr(new ClientId(identifier)), valid,
                   std::time(nullptr) - age, subnet_id));
    EXPECT_TRUE(LeaseMgrFactory::instance().addLease(lease)) << address;
    return (lease);
}

int64_t
KeaTest::statistic(const std::string& name) {
    const auto observation = isc::stats::StatsMgr::instance().getObservation(name);
    return (observation ? observation->getInteger().first : 0);
}

}  // namespace test
}  // namespace clone_guard
