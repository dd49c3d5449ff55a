// SPDX-License-Identifier: MPL-2.0
//
// R14: the number of SQL statements on leases for an exchange, with the guard and with stock Kea.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <cstdio>
#include <tuple>
#include <vector>

namespace clone_guard {
namespace test {

namespace {

/// The largest number of further statements for a message, compared with stock Kea, by its sender.
constexpr unsigned UNGUARDED = 0;  ///< a client without an RFC 4361 identifier
constexpr unsigned RFC_4361 = 1;   ///< a client with one and without a conflict
constexpr unsigned CLAIMANT = 1;
constexpr unsigned HOLDER = 1;
constexpr unsigned PROOF =
    2;  ///< a claimant that renews in a suspected conflict, which this may confirm
constexpr unsigned KNOWN_AGAIN = 2;  ///< a claimant after a restart, whose address is read once

/// The number of statements for one message.
struct Cost {
    std::string kind;
    unsigned statements;
    unsigned limit;  ///< the largest number of statements that the guard may add
};

class StatementsTest : public DatabaseTest {
protected:
    /// Measures a message that is answered. The clock has moved far enough since the last message to expire all claims.
    void measure(const std::string& kind, unsigned limit, const std::function<Reply()>& exchange) {
        server().advanceClock(360);
        measureAtOnce(kind, limit, exchange);
    }

    void measureAtOnce(const std::string& kind, unsigned limit, const std::function<Reply()>& exchange) {
        database().countStatements();
        const Reply reply = exchange();
        EXPECT_TRUE(reply.type() == OFFER || reply.type() == ACK) << kind << ": " << reply;
        costs_.push_back({kind, database().statements(), limit});
    }

    void boot(const std::string& who, unsigned limit, unsigned request_limit, SimClient& machine) {
        Reply offer;
        measure(who + "DISCOVER", limit, [&] { return (offer = machine.discover()); });
        measureAtOnce(who + "REQUEST", request_limit, [&] { return (machine.request(offer)); });
    }

    void renewals(const std::string& who, unsigned limit, SimClient& machine) {
        measure(who + "renewal", limit, [&] { return (machine.renew()); });
        measure(who + "rebinding", limit, [&] { return (machine.rebind()); });
    }

    void extend(const std::string& who, unsigned limit, SimClient& machine) {
        renewals(who, limit, machine);
        measure(who + "init-reboot", limit, [&] { return (machine.initReboot(machine.address())); });
    }

    void live(const std::string& who, unsigned limit, SimClient& machine) {
        boot(who + "new, ", limit, limit, machine);
        extend(who, limit, machine);
        boot(who + "known, ", limit, limit, machine);
    }

    void release(const std::string& who, unsigned limit, SimClient& machine) {
        database().countStatements();
        machine.release();
        costs_.push_back({who + "RELEASE", database().statements(), limit});
    }

    /// Measures all kinds on a new server. Without the guard, the claimants have their own identifiers.
    std::vector<Cost> costsOf(const ServerSetup& setup) {
        costs_.clear();
        database().clear();
        serve(setup, true);
        link().setReplyTimeout(Milliseconds(60000));
        SimClient& bare = machine(11, {});
        SimClient& by_mac = machine(12, macIdentifier(virtualMac(12)));
        SimClient& host = machine(13, cloneIdentifier(13));
        live("no option 61: ", UNGUARDED, bare);
        live("MAC identifier: ", UNGUARDED, by_mac);
        live("RFC 4361: ", RFC_4361, host);

        SimClient& first = holder();
        SimClient& second = setup.guard ? clone(2) : machine(2, cloneIdentifier(2));
        boot("claimant: new, ", CLAIMANT, CLAIMANT, second);
        renewals("claimant, suspected: ", PROOF, second);
        extend("holder: ", HOLDER, first);
        renewals("claimant, suspected: ", PROOF, second);
        renewals("holder: ", HOLDER, first);
        extend("claimant, confirmed: ", CLAIMANT, second);
        boot("claimant: known, ", CLAIMANT, CLAIMANT, second);
        boot("holder: known, ", HOLDER, HOLDER, first);
        server().restart();
        measure("holder: renewal after a restart", HOLDER, [&] { return (first.renew()); });
        measure("claimant: renewal after a restart", KNOWN_AGAIN, [&] { return (second.renew()); });
        server().restart();
        boot("claimant: after a restart, ", CLAIMANT, CLAIMANT, second);
        boot("holder: after a restart, ", HOLDER, HOLDER, first);
        release("no option 61: ", UNGUARDED, bare);
        release("RFC 4361: ", RFC_4361, host);
        release("claimant: ", CLAIMANT, second);
        endServer();
        return (costs_);
    }

private:
    std::vector<Cost> costs_;
};

INSTANTIATE_TEST_SUITE_P(Engines, StatementsTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R14: a message needs at most this number of further statements, and none if no identifier is guarded.
TEST_P(StatementsTest, rule14StatementsOfAnExchange) {
    ServerSetup setup = setupOf(1);
    // Makes the server store each renewal, and reclaim no lease in between.
    setup.more["cache-threshold"] = 0.01;
    setup.more["expired-leases-processing"] = {{"reclaim-timer-wait-time", 0},
                                               {"flush-reclaimed-timer-wait-time", 0}};
    const auto stock = costsOf(setup.withoutGuard());
    const auto with_guard = costsOf(setup);
    ASSERT_EQ(stock.size(), with_guard.size());
    std::printf("%-36s %5s %5s %5s\n", GetParam().c_str(), "stock", "guard", "extra");
    for (size_t i = 0; i < stock.size(); ++i) {
        const int extra = int(with_guard[i].statements) - int(stock[i].statements);
        std::printf("%-36s %5u %5u %5d\n", stock[i].kind.c_str(), stock[i].statements,
                    with_guard[i].statements, extra);
        EXPECT_GT(stock[i].statements, 0U) << stock[i].kind << ": no statement was counted";
        EXPECT_LE(extra, int(stock[i].limit)) << stock[i].kind;
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
