// SPDX-License-Identifier: MPL-2.0
//
// The lease database goes away and comes back (R13): in order, suddenly, by standing still, for want of connections.

#include "outage_test.h"

namespace clone_guard {
namespace test {

namespace {

INSTANTIATE_TEST_SUITE_P(Engines, OutageTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R13: a server that goes on serving without its database gives no wrong address, and recovers by itself.
TEST_P(OutageTest, rule13ServesOn) {
    for (const auto& outage : outages()) {
        const auto setup = setupOf(1, retrying("serve-retry-continue"));
        tell(outage, setup.withoutGuard(), "serve-retry-continue");
        tell(outage, setup, "serve-retry-continue");
    }
}

// R13: neither does one that serves nobody meanwhile.
TEST_P(OutageTest, rule13StopsServing) {
    for (const auto& outage : outages()) {
        const auto setup = setupOf(1, retrying("stop-retry-exit"));
        tell(outage, setup.withoutGuard(), "stop-retry-exit");
        tell(outage, setup, "stop-retry-exit");
    }
}

// R13: a server that is told to end without its database ends as stock Kea does, and knows everybody afterwards.
TEST_P(OutageTest, rule13Ends) {
    const auto& killed = outages().at(1);
    for (const bool stock : {true, false}) {
        const auto setupWith = [&](const Json& more) {
            return (stock ? setupOf(1, more).withoutGuard() : setupOf(1, more));
        };
        tellOfTheEnd(killed, setupWith(Json::object()), "default");
        tellOfTheEnd(killed, setupWith(retrying("serve-retry-exit", 2)), "serve-retry-exit");
    }
}

// R13: with several threads and connections it is the same.
TEST_P(OutageTest, rule13SeveralThreads) {
    for (const auto& outage : outages()) {
        for (const char* on_fail : {"serve-retry-continue", "stop-retry-exit"}) {
            auto setup = setupOf(1, retrying(on_fail));
            setup.threads = 4;
            tell(outage, setup.withoutGuard(), on_fail);
            tell(outage, setup, on_fail);
        }
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
