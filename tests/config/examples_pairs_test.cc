// SPDX-License-Identifier: MPL-2.0
//
// The examples of kea-config/ that need two servers.

#include <tests/config/example.h>
#include <tests/e2e/harness/servers/ha_pair.h>

namespace clone_guard {
namespace test {

namespace {

class PairExample : public Example {};

// R6: ha-1.json and ha-2.json differ in the name only, and clones keep their addresses when the first server fails.
TEST_F(PairExample, haKeepsClonesApartOnTheOtherServer) {
    EXPECT_EQ(replaceAll(read("ha-2"),
                         {{"this is the second", "this is the first"},
                          {"ha-1.json", "ha-2.json"},
                          {"\"this-server-name\": \"server2\"", "\"this-server-name\": \"server1\""}}),
              read("ha-1"));
    const Replacements impatient{{"\"heartbeat-delay\": 10000", "\"heartbeat-delay\": 25"},
                                 {"\"max-response-delay\": 60000", "\"max-response-delay\": 10000"},
                                 {"\"max-unacked-clients\": 5", "\"max-unacked-clients\": 0"}};
    HaPlan plan;
    for (const unsigned number : {1U, 2U}) {
        ServerSetup setup = ServerSetup().withoutGuard();
        setup.address = serverAddress(number);
        (number == 1 ? serve(setup, true) : serveBeside(setup, true)).stop();
        const std::string text = adapted("ha-" + std::to_string(number), server(number));
        write(server(number), replaceAll(replaceAll(text, impatient),
                                         {{"lo/127.0.0.1", "lo/" + serverAddress(number).toText()}}));
        server(number).start();
    }
    HaPair pair(plan, server(1), server(2));
    pair.awaitNormal();
    link().setReplyTimeout(Milliseconds(20000));
    SimClient& first = behind("10.1.0.1", 1, cloneIdentifier());
    SimClient& second = behind("10.1.0.1", 2, cloneIdentifier());
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_FALSE(second.acquire().isZero());
    pair.kill(1);
    turnTo(2);
    expectKept(first);
    expectKept(second);
    EXPECT_NE(first.address(), second.address());
}

// R3, R6: with shared-postgresql.json and shared-mysql.json, two servers with the same file keep clones apart, and all
// keep their addresses when one server fails.
TEST_F(PairExample, sharedKeepsClonesApartOnBothServers) {
    for (const char* example : {"shared-postgresql", "shared-mysql"}) {
        serveExampleTwice(example);
        SimClient& first = behind("10.1.0.1", 1, cloneIdentifier());
        SimClient& second = behind("10.1.0.1", 2, cloneIdentifier());
        EXPECT_FALSE(first.acquire().isZero());
        turnTo(2);
        EXPECT_FALSE(second.acquire().isZero());
        EXPECT_NE(first.address(), second.address());
        server(1).kill();
        expectKept(first);
        expectKept(second);
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
