// SPDX-License-Identifier: MPL-2.0
//
// R13: the lease database becomes unavailable and recovers: after a stop, a crash, a suspension, or without
// connections.

#include <tests/e2e/harness/fixtures/outage_fixture.h>

namespace clone_guard {
namespace test {

namespace {

INSTANTIATE_TEST_SUITE_P(Engines, OutageTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R13: the database crashes under a server that continues to serve, and is suspended under one that would stop. The
// guard causes no wrong address, reports the outage once, and recovers by itself.
TEST_P(OutageTest, rule13UnavailableAndRecovered) {
    play(outage("killed"), setupOf(1, retrying("serve-retry-continue")), "serve-retry-continue");
    play(outage("paused"), setupOf(1, retrying("stop-retry-exit")), "stop-retry-exit");
}

// R13: the same holds for every kind of outage, compared with stock Kea.
TEST_P(OutageTest, rule13EveryWay) {
    for (const auto& way : outages()) {
        for (const char* on_fail : {"serve-retry-continue", "stop-retry-exit"}) {
            const auto setup = setupOf(1, retrying(on_fail));
            play(way, setup.withoutGuard(), on_fail);
            play(way, setup, on_fail);
        }
    }
}

// R13: a server that ends without its database ends as stock Kea does, and knows all leases after its restart.
TEST_P(OutageTest, rule13EveryWayToEnd) {
    for (const bool stock : {true, false}) {
        const auto setupWith = [&](const Json& more) {
            return (stock ? setupOf(1, more).withoutGuard() : setupOf(1, more));
        };
        playUntilServerEnds(outage("killed"), setupWith(Json::object()), "default");
        playUntilServerEnds(outage("killed"), setupWith(retrying("serve-retry-exit", 2)),
                            "serve-retry-exit");
    }
}

// R13: the same holds with several threads and connections.
TEST_P(OutageTest, rule13EveryWayWithThreads) {
    for (const auto& way : outages()) {
        for (const char* on_fail : {"serve-retry-continue", "stop-retry-exit"}) {
            auto setup = setupOf(1, retrying(on_fail));
            setup.threads = 4;
            play(way, setup.withoutGuard(), on_fail);
            play(way, setup, on_fail);
        }
    }
}

// R13: the database is suspended, and Kea limits the time of a look-up where the release can. The guard does not make
// the server unresponsive for longer than stock Kea is.
TEST_P(OutageTest, rule13EveryLookUpIsLimited) {
    Json limits = retrying("serve-retry-continue");
    limits.update({{"read-timeout", 1}, {"connect-timeout", 1}});
    const auto setup = setupOf(1, limits);
    if (!KeaServer(setup).check("-t")) {
        GTEST_SKIP() << "this release has no read-timeout for this database";
    }
    for (const bool stock : {true, false}) {
        begin(stock ? setup.withoutGuard() : setup);
        outage("paused").begin(database());
        std::printf("| %s | read-timeout 1 s | %s | deaf for %.1f s\n", GetParam().c_str(),
                    stock ? "stock" : "guard", secondsUnresponsive());
        outage("paused").end(database());
        expectRecovery();
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
