// SPDX-License-Identifier: MPL-2.0
//
// The lease database goes away and comes back (R13): in order, suddenly, by standing still, for want of connections.

#include <tests/e2e/harness/fixtures/outage_fixture.h>

namespace clone_guard {
namespace test {

namespace {

INSTANTIATE_TEST_SUITE_P(Engines, OutageTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R13: the database dies under a server that goes on serving, and stands still under one that would stop: the guard
// adds no wrong address, tells of it once, and recovers by itself.
TEST_P(OutageTest, rule13GoesAwayAndComesBack) {
    tell(outage("killed"), setupOf(1, retrying("serve-retry-continue")), "serve-retry-continue");
    tell(outage("paused"), setupOf(1, retrying("stop-retry-exit")), "stop-retry-exit");
}

// R13: so it is in every way in which a database can go away, and stock Kea does no better.
TEST_P(OutageTest, rule13EveryWay) {
    for (const auto& way : outages()) {
        for (const char* on_fail : {"serve-retry-continue", "stop-retry-exit"}) {
            const auto setup = setupOf(1, retrying(on_fail));
            tell(way, setup.withoutGuard(), on_fail);
            tell(way, setup, on_fail);
        }
    }
}

// R13: a server that is told to end without its database ends as stock Kea does, and knows everybody afterwards.
TEST_P(OutageTest, rule13EveryWayToEnd) {
    for (const bool stock : {true, false}) {
        const auto setupWith = [&](const Json& more) {
            return (stock ? setupOf(1, more).withoutGuard() : setupOf(1, more));
        };
        tellOfTheEnd(outage("killed"), setupWith(Json::object()), "default");
        tellOfTheEnd(outage("killed"), setupWith(retrying("serve-retry-exit", 2)), "serve-retry-exit");
    }
}

// R13: with several threads and connections it is the same.
TEST_P(OutageTest, rule13EveryWayWithThreads) {
    for (const auto& way : outages()) {
        for (const char* on_fail : {"serve-retry-continue", "stop-retry-exit"}) {
            auto setup = setupOf(1, retrying(on_fail));
            setup.threads = 4;
            tell(way, setup.withoutGuard(), on_fail);
            tell(way, setup, on_fail);
        }
    }
}

// R13: a paused database, with a limit to the time that a look-up may take, where Kea has one: the server is deaf for
// no longer than stock Kea is.
TEST_P(OutageTest, rule13EveryLookUpHasItsTime) {
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
                    stock ? "stock" : "guard", secondsDeaf());
        outage("paused").end(database());
        expectRecovery();
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
