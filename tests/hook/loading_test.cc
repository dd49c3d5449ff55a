// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

#include <process/daemon.h>
#include <stats/stats_mgr.h>
#include <util/multi_threading_mgr.h>

#include <dlfcn.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::hooks::HooksManager;

namespace {

class LoadingTest : public LibraryTest {
protected:
    static bool loads() {
        const isc::hooks::HookLibsCollection libraries{{library(), isc::data::ConstElementPtr()}};
        unload();
        return (HooksManager::loadLibraries(libraries));
    }

    /// @brief Returns a function that the server calls by its name.
    template <typename Function>
    static Function* symbol(const char* name) {
        void* loaded = dlopen(library(), RTLD_NOW | RTLD_LOCAL);
        EXPECT_NE(loaded, nullptr) << dlerror();
        return (loaded ? reinterpret_cast<Function*>(dlsym(loaded, name)) : nullptr);
    }
};

}  // namespace

// The library reports the release that it was built for and that it supports threads.
TEST_F(LoadingTest, versionAndThreads) {
    auto* version = symbol<int()>("version");
    ASSERT_NE(version, nullptr);
    EXPECT_EQ(version(), KEA_HOOKS_VERSION);
    auto* compatible = symbol<int()>("multi_threading_compatible");
    ASSERT_NE(compatible, nullptr);
    EXPECT_EQ(compatible(), 1);
}

// The library exports the callouts that the guard needs, and no others.
TEST_F(LoadingTest, hooksThatAreThere) {
    for (const auto* name : {"load", "unload", "pkt4_receive", "dhcp4_srv_configured", "cb4_updated"}) {
        EXPECT_NE(symbol<int()>(name), nullptr) << name;
    }
    // R14: these hook points would cost a running server time without need.
    for (const auto* name : {"buffer4_receive", "subnet4_select", "lease4_select", "lease4_renew",
                             "leases4_committed", "pkt4_send", "buffer4_send"}) {
        EXPECT_EQ(symbol<int()>(name), nullptr) << name;
    }
}

// R14: a server with one thread calls nothing at lease4_select before the first query of a claimant, and again after each
// configuration. A server with several threads has the callout from the beginning.
TEST_F(LoadingTest, rule14SelectOnlyWhereNeeded) {
    const auto selects = [] {
        return (HooksManager::calloutsPresent(HooksManager::registerHook("lease4_select")));
    };
    // Releases since 2.4 have several threads by default.
    const std::string one_thread = R"({ "multi-threading": { "enable-multi-threading": false },
        "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ] })";
    commit(one_thread);
    isc::util::MultiThreadingMgr::instance().setMode(false);
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    for (int round = 0; round < 2; ++round) {
        load("{}", one_thread);
        EXPECT_EQ(seenAs(clone(1)), cloneIdentifier());
        EXPECT_FALSE(selects());
        EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
        EXPECT_TRUE(selects());
    }
    isc::util::MultiThreadingMgr::instance().setMode(true);
    load();
    EXPECT_TRUE(selects());
    isc::util::MultiThreadingMgr::instance().setMode(false);
}

// The library logs when it is loaded and unloaded, and can be loaded again.
TEST_F(LoadingTest, loadAndUnload) {
    for (size_t i = 1; i <= 3; ++i) {
        EXPECT_TRUE(loads());
        EXPECT_EQ(log_.with("CLONE_GUARD_LOADED").size(), i);
        EXPECT_EQ(HooksManager::getLibraryNames().size(), 1U);
        unload();
        EXPECT_EQ(log_.with("CLONE_GUARD_UNLOADED").size(), i);
    }
}

// The library refuses to load into a program other than the DHCPv4 server, and logs the reason.
TEST_F(LoadingTest, wrongProcess) {
    isc::process::Daemon::setProcName("kea-dhcp6");
    CfgMgr::instance().setFamily(AF_INET6);
    EXPECT_FALSE(loads());
    isc::process::Daemon::setProcName("kea-dhcp-ddns");
    CfgMgr::instance().setFamily(AF_INET);
    EXPECT_FALSE(loads());
    const auto said = log_.with("CLONE_GUARD_LOAD_FAILED");
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].level, "ERROR");
    EXPECT_NE(said[0].text.find("kea-dhcp6"), std::string::npos) << said[0].text;
    EXPECT_NE(said[1].text.find("kea-dhcp-ddns"), std::string::npos) << said[1].text;
    EXPECT_TRUE(log_.with("CLONE_GUARD_LOADED").empty());
}

// Statistics exist from the beginning, at zero, and keep their values over a new configuration.
TEST_F(LoadingTest, statisticsAreDeclared) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    seenAs(clone(2));
    for (const auto* name : {"suspected", "mac-fallback", "refused", "release-blocked",
                             "decline-blocked", "degraded", "malformed"}) {
        EXPECT_TRUE(isc::stats::StatsMgr::instance().getObservation(std::string("clone-guard-") + name))
            << name;
    }
    EXPECT_EQ(statistic("clone-guard-suspected"), 1);
    load();
    EXPECT_EQ(statistic("clone-guard-suspected"), 1);
}

}  // namespace test
}  // namespace clone_guard
