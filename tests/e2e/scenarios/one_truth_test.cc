// SPDX-License-Identifier: MPL-2.0
//
// R10, R12: `clone-guard conflicts`, `report`, `scan`, `status` and `conflicts --forget` agree about one network at each
// step of a conflict, from the first suspicion to its end.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <tests/policy/tool/command_runner.h>

#include <algorithm>
#include <map>

namespace clone_guard {
namespace test {

namespace {

/// @brief What one command shows: machines by hardware address, with state or role, and address.
struct View {
    std::string level;  ///< empty without an open conflict
    std::string holder;
    std::map<std::string, std::string> states;
    std::map<std::string, std::string> addresses;  ///< only of machines with one
};

/// @brief Runs the commands of an operator, and reads their output.
class Operator {
public:
    explicit Operator(const KeaServer& server) :
        socket_(" --socket '" + server.directory() + "/control'"),
        audit_(" '" + server.directory() + "/audit.log'"),
        leases_(" '" + server.directory() + "/leases.csv'") {}

    View conflicts(const std::string& more = "") const {
        View view;
        const Json all = Json::parse(run("conflicts --json" + more + socket_).out);
        EXPECT_LE(all.size(), 1U) << all;
        for (const Json& conflict : all) {
            view.level = conflict["level"];
            view.holder = conflict.value("holder", Json::object()).value("hw-address", "");
            auto machines = conflict["claimants"];
            if (conflict.contains("holder")) {
                machines.push_back(conflict["holder"]);
            }
            for (const Json& machine : machines) {
                const std::string hw_address = machine["hw-address"];
                view.states[hw_address] = machine["state"];
                if (machine.contains("ip-address")) {
                    view.addresses[hw_address] = machine["ip-address"];
                }
                EXPECT_GT(machine.value("last-seen", 0), 0) << machine;
            }
        }
        return (view);
    }

    View report() const {
        View view;
        const Json all = Json::parse(run("report --json" + audit_).out)["conflicts"];
        EXPECT_LE(all.size(), 1U) << all;
        for (const Json& conflict : all) {
            view.level = conflict["open"].get<bool>() ? conflict["standing"] : Json("");
            view.holder = conflict.value("holder", "");
            read(conflict, "role", view);
        }
        return (view);
    }

    View scan() const {
        View view;
        const auto outcome = run("scan --json" + leases_);
        const Json all = Json::parse(outcome.out);
        EXPECT_EQ(all["clones"].size() + all["sealed"].size(), 1U) << all;
        EXPECT_EQ(outcome.status, all["clones"].empty() ? 0 : 1);
        for (const char* kind : {"clones", "sealed"}) {
            for (const Json& shared : all[kind]) {
                view.level = std::string(kind) == "clones" ? "clones" : "";
                read(shared, "state", view);
            }
        }
        return (view);
    }

    /// @brief Returns the numbers of open conflicts and of confirmed ones.
    std::pair<int, int> status() const {
        const Json conflicts = Json::parse(run("status --json" + socket_).out)["conflicts"];
        return {conflicts["count"], conflicts["confirmed"]};
    }

    Outcome forget() const {
        return (run(forgetting()));
    }

    /// @brief Returns the error message of --forget.
    Outcome complaintOfForget() const {
        return (complaint(forgetting()));
    }

    std::string text(const std::string& command) const {
        return (run(command + (command == "report" ? audit_
                               : command == "scan" ? leases_
                                                   : socket_))
                    .out);
    }

private:
    std::string forgetting() const {
        return ("conflicts --forget --client-id " + cloneIdentifierText() + socket_);
    }

    static void read(const Json& found, const char* state, View& view) {
        for (const Json& machine : found["machines"]) {
            const std::string hw_address = machine["hw_address"];
            view.states[hw_address] = machine[state];
            if (!machine["addresses"].empty()) {
                view.addresses[hw_address] = machine["addresses"].back();
            }
        }
    }

    std::string socket_;
    std::string audit_;
    std::string leases_;
};

/// @brief Makes a server with short leases.
ServerSetup
withShortLeases(unsigned threads = 0) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = threads;
    setup.more["valid-lifetime"] = SHORT_LIFETIME;
    setup.more["renew-timer"] = SHORT_LIFETIME / 4;
    setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
    return (setup);
}

/// @brief Expects that the commands of one server agree about an open conflict, which has all these states.
void
expectAgree(const Operator& commands, const std::string& level,
            const std::map<std::string, std::string>& states) {
    const View listed = commands.conflicts();
    const View reported = commands.report();
    const View scanned = commands.scan();
    EXPECT_EQ(listed.level, level);
    EXPECT_EQ(listed.states, states);
    EXPECT_EQ(commands.conflicts(" --client-id " + cloneIdentifierText()).states, states);
    EXPECT_EQ(reported.level, level);
    EXPECT_EQ(reported.holder, listed.holder);
    EXPECT_EQ(commands.status(), std::make_pair(1, level == "confirmed" ? 1 : 0));
    EXPECT_EQ(scanned.level, "clones");
    EXPECT_EQ(scanned.states, states) << commands.text("scan") << commands.text("conflicts");
    EXPECT_EQ(reported.states.size(), states.size());
    for (const auto& [machine, state] : states) {
        // The audit log has no record of a RELEASE, nor of a lease that runs out.
        EXPECT_EQ(reported.states.at(machine), state == "sealed"          ? "sealed"
                                               : machine == listed.holder ? "holder"
                                                                          : "claimant");
        const bool has_address = state == "active" || state == "sealed";
        EXPECT_TRUE(!has_address || listed.addresses.count(machine) == 1) << machine << ' ' << state;
        if (has_address && listed.addresses.count(machine) == 1) {
            EXPECT_EQ(reported.addresses.at(machine), listed.addresses.at(machine)) << machine;
        }
        if (state == "active") {
            EXPECT_EQ(scanned.addresses.at(machine), listed.addresses.at(machine)) << machine;
        }
    }
}

/// @brief Expects that the commands agree that there is no conflict.
void
expectNone(const Operator& commands) {
    EXPECT_EQ(commands.conflicts().level, "");
    EXPECT_EQ(commands.report().level, "");
    EXPECT_EQ(commands.status(), std::make_pair(0, 0));
    const auto forgotten = commands.complaintOfForget();
    EXPECT_EQ(forgotten.status, 2);
    EXPECT_TRUE(contains(forgotten.out, "there is no conflict")) << forgotten.out;
}

/// @brief The parameter is the number of the server's threads.
class OneTruth : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    void serveClones(unsigned clones) {
        serve(withShortLeases(GetParam()), true);
        machines_ = {&holder()};
        for (unsigned number = 2; number <= clones; ++number) {
            machines_.push_back(&clone(number));
            machines_.back()->acquire();
        }
    }

    void renewAll(int rounds = 1) {
        for (int round = 0; round < rounds; ++round) {
            for (SimClient* client : machines_) {
                EXPECT_EQ(client->renew().type(), ACK) << client->hwText();
            }
        }
    }

    /// @brief Lets time pass in which these machines renew.
    void passTime(unsigned seconds, const std::vector<SimClient*>& renewing) {
        for (unsigned passed = 0; passed < seconds; passed += SHORT_LIFETIME / 4) {
            server().advanceClock(SHORT_LIFETIME / 4);
            for (SimClient* client : renewing) {
                EXPECT_EQ(client->renew().type(), ACK) << client->hwText();
            }
        }
    }

    void seal(unsigned number) {
        machines_[number]->release();
        machines_[number]->setIdentifier(cloneIdentifier(number + 10));
        EXPECT_FALSE(machines_[number]->acquire().isZero());
    }

    std::map<std::string, std::string> states(const std::vector<std::string>& all) {
        std::map<std::string, std::string> found;
        for (size_t at = 0; at < all.size(); ++at) {
            found[machines_[at]->hwText()] = all[at];
        }
        return (found);
    }

    std::vector<SimClient*> machines_;
};

INSTANTIATE_TEST_SUITE_P(Threads, OneTruth, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R10, R12: suspected, confirmed, one machine off, expired, sealed, all but one sealed.
TEST_P(OneTruth, rule10FromSuspicionToSealing) {
    serveClones(4);
    const Operator commands(server());
    expectAgree(commands, "suspected", states({"active", "active", "active", "active"}));
    renewAll(2);
    expectAgree(commands, "confirmed", states({"active", "active", "active", "active"}));
    machines_[1]->release();
    machines_[1]->settle();
    expectAgree(commands, "confirmed", states({"active", "off", "active", "active"}));
    passTime(SHORT_LIFETIME + SHORT_LIFETIME / 4, {machines_[0], machines_[3]});
    expectAgree(commands, "confirmed", states({"active", "off", "expired", "active"}));
    seal(1);
    EXPECT_FALSE(machines_[2]->acquire().isZero());
    passTime(2 * SHORT_LIFETIME, machines_);
    expectAgree(commands, "confirmed", states({"active", "sealed", "active", "active"}));
    seal(2);
    seal(3);
    passTime(2 * SHORT_LIFETIME, machines_);
    expectNone(commands);
    EXPECT_EQ(commands.scan().level, "");
    EXPECT_EQ(commands.scan().states, states({"active", "sealed", "sealed", "sealed"}));
    EXPECT_TRUE(contains(commands.text("report"), "all other machines are sealed"));
    for (SimClient* client : machines_) {
        expectKept(*client);
    }
}

// R9, R10: after --forget, a machine that still sends the identifier opens the conflict again, for all commands.
TEST_P(OneTruth, rule09Forgotten) {
    serveClones(2);
    renewAll(2);
    const Operator commands(server());
    expectAgree(commands, "confirmed", states({"active", "active"}));
    EXPECT_EQ(commands.forget().status, 0);
    expectNone(commands);
    EXPECT_TRUE(contains(commands.text("report"), "an operator deleted the conflict"));
    machines_[1]->renew();
    expectAgree(commands, "suspected", states({"active", "active"}));
    renewAll(2);
    expectAgree(commands, "confirmed", states({"active", "active"}));
}

// R10: after a restart the commands that ask the server and the lease file agree. The audit log goes on as it was.
TEST_P(OneTruth, rule10AfterARestart) {
    serveClones(3);
    renewAll(2);
    machines_[2]->release();
    machines_[2]->settle();
    server().restart();
    const Operator commands(server());
    const View listed = commands.conflicts();
    const View scanned = commands.scan();
    EXPECT_EQ(listed.level, "suspected");
    EXPECT_EQ(commands.report().holder, listed.holder);
    for (size_t at = 0; at < 2; ++at) {
        const auto machine = machines_[at]->hwText();
        EXPECT_EQ(listed.states.at(machine), "active");
        EXPECT_EQ(scanned.states.at(machine), "active");
        EXPECT_EQ(scanned.addresses.at(machine), listed.addresses.at(machine));
    }
    // Kea 2.2.0 deletes the record of a released lease.
    const auto released = listed.states.find(machines_[2]->hwText());
    EXPECT_TRUE(released == listed.states.end() || released->second == "off");
    EXPECT_EQ(scanned.states.at(machines_[2]->hwText()), "off");
}

/// @brief The parameter is the mode of a pair.
class OneTruthOfAPair : public HaTest {};

INSTANTIATE_TEST_SUITE_P(Modes, OneTruthOfAPair, ::testing::Values("hot-standby", "load-balancing"),
                         modeOf);

// R10: both servers of a pair list the same machines with the same holder, states and addresses. Only the server that
// answered the machines has proof that they are active at the same time.
TEST_P(OneTruthOfAPair, rule10SameMachines) {
    serveBoth();
    const auto machines = populate();
    ASSERT_TRUE(eventually([this] { return (leasesAgree()); }));
    const View one = Operator(server(1)).conflicts();
    const View two = Operator(server(2)).conflicts();
    EXPECT_FALSE(one.level.empty());
    EXPECT_EQ(one.holder, two.holder);
    EXPECT_EQ(one.holder, machines[0]->hwText());
    EXPECT_EQ(one.states, two.states);
    EXPECT_EQ(one.addresses, two.addresses);
    EXPECT_EQ(Operator(server(1)).scan().states, one.states);
    EXPECT_EQ(Operator(server(2)).scan().states, one.states);
    EXPECT_EQ(Operator(server(1)).scan().addresses, Operator(server(2)).scan().addresses);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
