// SPDX-License-Identifier: MPL-2.0
//
// Commands and statistics in states that are hard to reach with a whole server: the lease database is unavailable,
// subnets come from a configuration back end.

#include <tests/hook/library_test.h>

#include <cc/command_interpreter.h>
#include <stats/stats_mgr.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::hooks::HooksManager;

namespace {

class CommandsTest : public LibraryTest {
protected:
    /// @brief Sends a command as the server does.
    static ConstElementPtr ask(const std::string& name, const std::string& arguments = "{}") {
        const auto handle = HooksManager::createCalloutHandle();
        handle->setArgument("command", isc::config::createCommand(name, Element::fromJSON(arguments)));
        HooksManager::callCommandHandlers(name, *handle);
        ConstElementPtr response;
        handle->getArgument("response", response);
        return (response);
    }

    static std::string textOf(const ConstElementPtr& answer) {
        return (answer->get("text")->stringValue());
    }

    static bool exists(const std::string& statistic) {
        return (isc::stats::StatsMgr::instance().getObservation(statistic) != nullptr);
    }
};

const char* const ABOUT =
    R"({ "client-id": "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d" })";

}  // namespace

// R13: if the lease database does not answer, the commands that need it report that; the status does not need it.
TEST_F(CommandsTest, rule13LeaseDatabaseDown) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    seenAs(clone(2));
    LeaseMgrFactory::destroy();
    for (const auto& [name, arguments] :
         std::map<std::string, std::string>{{"clone-guard-conflict-get-all", "{}"},
                                            {"clone-guard-conflict-get", ABOUT},
                                            {"clone-guard-conflict-del", ABOUT},
                                            {"clone-guard-scan", "{}"}}) {
        const auto answer = ask(name, arguments);
        EXPECT_EQ(answer->get("result")->intValue(), 1) << name;
        EXPECT_EQ(textOf(answer).rfind("the lease database does not answer: ", 0), 0U) << textOf(answer);
    }
    EXPECT_EQ(ask("clone-guard-status-get")->get("result")->intValue(), 0);
    seenAs(clone(3));
    EXPECT_NE(textOf(ask("clone-guard-status-get")).find("degraded: lease-database"), std::string::npos);
}

// R13: the commands skip leases without hardware address or identifier.
TEST_F(CommandsTest, rule13OddLeases) {
    load();
    const ClientIdPtr identifier(new ClientId(cloneIdentifier()));
    const Lease4Ptr bare(new Lease4(isc::asiolink::IOAddress("192.0.2.110"), HWAddrPtr(), identifier,
                                    3600, std::time(nullptr), 1));
    ASSERT_TRUE(LeaseMgrFactory::instance().addLease(bare));
    const HWAddrPtr hwaddr(new HWAddr(mac(1).bytes().copy(), 1));
    const Lease4Ptr nameless(new Lease4(isc::asiolink::IOAddress("192.0.2.111"), hwaddr, ClientIdPtr(),
                                        3600, std::time(nullptr), 1));
    ASSERT_TRUE(LeaseMgrFactory::instance().addLease(nameless));
    addLease("192.0.2.112", cloneIdentifier(), mac(1), 99);
    const auto answer = ask("clone-guard-scan");
    EXPECT_EQ(answer->get("result")->intValue(), 3) << answer->str();
    EXPECT_EQ(answer->get("arguments")->get("leases")->intValue(), 3);
    EXPECT_EQ(ask("clone-guard-conflict-get-all")->get("result")->intValue(), 3);
    EXPECT_EQ(ask("clone-guard-conflict-get", ABOUT)->get("result")->intValue(), 3);
}

// A page has the requested number of leases, although the guard reads the lease database in smaller pages.
TEST_F(CommandsTest, pages) {
    load();
    for (uint32_t i = 0; i < 250; ++i) {
        addLease("192.0." + std::to_string(2 + i / 200) + "." + std::to_string(i % 200),
                 identifierNumber(i), mac(i));
    }
    const auto pageOf = [](const std::string& limit) {
        return (ask("clone-guard-scan", R"({ "limit": )" + limit + " }")->get("arguments"));
    };
    for (const auto* limit : {"1", "99", "100", "101", "249", "250"}) {
        const auto page = pageOf(limit);
        EXPECT_EQ(page->get("leases")->intValue(), std::stoi(limit));
        EXPECT_TRUE(page->contains("next")) << limit;
    }
    EXPECT_EQ(pageOf("250")->get("next")->stringValue(), "192.0.3.49");
    EXPECT_EQ(pageOf("251")->get("leases")->intValue(), 250);
    EXPECT_FALSE(pageOf("251")->contains("next"));
}

// R14: a finding has the leases of its page and at most a hundred others, one of which proves it.
TEST_F(CommandsTest, rule14FindingIsBounded) {
    load();
    for (uint32_t i = 0; i < 150; ++i) {
        // The machine of the first hundred leases is the same.
        addLease("192.0.2." + std::to_string(i), cloneIdentifier(), mac(i < 100 ? 1 : i));
    }
    const auto leasesFrom = [](const std::string& from, size_t limit) {
        const auto page = ask("clone-guard-scan", R"({ "limit": )" + std::to_string(limit) +
                                                      R"(, "from": ")" + from + R"(" })");
        return (page->get("arguments")->get("client-ids")->get(0)->get("leases"));
    };
    const auto leases = leasesFrom("start", 1);
    ASSERT_EQ(leases->size(), 101);
    EXPECT_EQ(leases->get(0)->get("hw-address")->stringValue(), mac(1).toText());
    EXPECT_EQ(leases->get(100)->get("hw-address")->stringValue(), mac(149).toText());
    EXPECT_EQ(leasesFrom("start", 150)->size(), 150);
    EXPECT_EQ(leasesFrom("start", 120)->size(), 150);
}

// A subnet has a statistic from its first event on, until a configuration back end removes the subnet.
TEST_F(CommandsTest, statisticsFollowTheBackEnd) {
    load();
    EXPECT_FALSE(exists("subnet[1].clone-guard-suspected"));
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    seenAs(clone(2));
    EXPECT_EQ(statistic("subnet[1].clone-guard-suspected"), 1);
    isc::stats::StatsMgr::instance().setValue("subnet[2].clone-guard-suspected",
                                              static_cast<int64_t>(1));
    const auto subnets = CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
    subnets->del(subnets->getSubnet(2));
    subnets->add(Subnet4Ptr(
        new Subnet4(isc::asiolink::IOAddress("203.0.113.0"), 24, 900, 1800, 3600, SubnetID(3))));
    isc::stats::StatsMgr::instance().setValue("subnet[2].another", static_cast<int64_t>(1));
    isc::stats::StatsMgr::instance().setValue("clone-guard-else", static_cast<int64_t>(1));
    const auto handle = HooksManager::createCalloutHandle();
    HooksManager::callCallouts(HooksManager::registerHook("cb4_updated"), *handle);
    EXPECT_FALSE(exists("subnet[2].clone-guard-suspected"));
    EXPECT_EQ(statistic("subnet[1].clone-guard-suspected"), 1);
    EXPECT_TRUE(exists("subnet[2].another")) << "it is not the guard's";
    EXPECT_TRUE(exists("clone-guard-else"));
}

}  // namespace test
}  // namespace clone_guard
