// SPDX-License-Identifier: MPL-2.0
//
// R12: the output of `clone-guard status` and `clone-guard conflicts` for a running server, and without a server.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <tests/policy/tool/command_runner.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <regex>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

class Rule12LiveCommands : public E2eTest {
protected:
    std::string socket() {
        return (" --socket '" + server().directory() + "/control'");
    }

    void serveTemplate() {
        ServerSetup setup = guarded("mac-fallback");
        (*setup.guard)["templates"] = Json::parse(
            R"([ { "name": "debian-12-base", "machine-id": "d31ba602070b463aac004744a10d3e28" } ])");
        setup.subnets = {subnet(1), subnet(2, withPolicy("refuse"))};
        serve(setup);
    }
};

/// @brief A socket with a listener that is not a Kea server: it answers the first client with a fixed text.
class Impostor {
public:
    Impostor(const std::string& path, std::string answer) : answer_(std::move(answer)) {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        std::strncpy(name.sun_path, path.c_str(), sizeof(name.sun_path) - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
        EXPECT_EQ(listen(listener_, 1), 0);
        thread_ = std::thread([this] {
            const int connection = accept(listener_, nullptr, nullptr);
            char request[4096];
            EXPECT_GT(recv(connection, request, sizeof(request), 0), 0);
            send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
            close(connection);
        });
    }

    ~Impostor() {
        thread_.join();
        close(listener_);
    }

    Impostor(const Impostor&) = delete;
    Impostor& operator=(const Impostor&) = delete;

private:
    std::string answer_;
    int listener_ = -1;
    std::thread thread_;
};

// R12: without conflicts the output says so, and the status is 0 for scripts.
TEST_F(Rule12LiveCommands, rule12NoConflicts) {
    serveTemplate();
    holder();
    const auto outcome = run("conflicts" + socket());
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "0 conflicts found.\n");
    EXPECT_EQ(run("conflicts --json" + socket()).out, "[]\n");
}

// R12: a conflict is shown with its template, its machines and the remedy; the status is 1.
TEST_F(Rule12LiveCommands, rule12ConflictsAreExplained) {
    serveTemplate();
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto outcome = run("conflicts" + socket());
    EXPECT_EQ(outcome.status, 1);
    for (const auto& part :
         {cloneIdentifierText(), std::string("debian-12-base"), std::string("ens18"), first.hwText(),
          first.address().toText(), second.hwText(), second.address().toText(), std::string("Proxmox"),
          std::string("truncate -s 0 /etc/machine-id"), std::string("1 conflict.")}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    const auto json = Json::parse(run("conflicts --json" + socket()).out);
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0]["client-id"], cloneIdentifierText());
    EXPECT_EQ(json[0]["template"], "debian-12-base");
    const auto one = run("conflicts --client-id " + cloneIdentifierText() + socket());
    EXPECT_EQ(one.status, 1);
    EXPECT_EQ(one.out, outcome.out);
    EXPECT_EQ(run("conflicts --client-id ff:00:00:00:01:00:02:aa" + socket()).status, 0);
}

// R12: status shows the settings in force, including those of single subnets, and the fill level of the tables.
TEST_F(Rule12LiveCommands, rule12Status) {
    serveTemplate();
    holder();
    clone(2).acquire();
    const auto outcome = run("status" + socket());
    EXPECT_EQ(outcome.status, 0);
    // The width of the columns depends on their content.
    const std::string text = std::regex_replace(outcome.out, std::regex(" +"), " ");
    for (const auto* part :
         {"mac-fallback", "1 of 10000, 0 confirmed", "of 262144", "written", "as configured",
          "degraded no", "exempt none", "templates 1 entry", "subnet 2", "policy refuse"}) {
        EXPECT_TRUE(contains(text, part)) << part << " is missing in\n" << outcome.out;
    }
    EXPECT_EQ(Json::parse(run("status --json" + socket()).out)["parameters"]["policy"], "mac-fallback");
}

// R9: an operator ends a conflict by its identifier; an unknown conflict cannot be ended.
TEST_F(Rule12LiveCommands, rule09ForgetAConflict) {
    serveTemplate();
    holder();
    clone(2).acquire();
    const auto forget = "conflicts --forget --client-id " + cloneIdentifierText();
    EXPECT_EQ(run(forget + " --subnet-id 2" + socket()).status, 2);
    const auto outcome = run(forget + socket());
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "1 conflict closed")) << outcome.out;
    EXPECT_EQ(run("conflicts" + socket()).status, 0);
    EXPECT_TRUE(contains(complaint(forget + socket()).out,
                         "clone-guard: there is no conflict about " + cloneIdentifierText()));
    EXPECT_TRUE(contains(complaint(forget + " --subnet-id 77" + socket()).out, "there is no subnet 77"));
}

// R12: the server has no guard, is stopped, has no socket, or is another program. The output is one line with the
// action, and the status is 2.
TEST_F(Rule12LiveCommands, rule12NoServerToAsk) {
    serve(ServerSetup().withoutGuard());
    EXPECT_TRUE(contains(complaint("status" + socket()).out, "has not loaded the clone guard"));
    EXPECT_EQ(run("status" + socket()).status, 2);
    EXPECT_TRUE(contains(complaint("conflicts" + socket()).out, "has not loaded the clone guard"));
    const auto impostor = server().directory() + "/impostor";
    for (const auto* answer :
         {"", "220 mail ready\r\n", "[]", "{}", "{\"result\":\"0\"}", "{\"result\":0,"}) {
        Impostor program(impostor, answer);
        const auto said = complaint("status --socket '" + impostor + "'").out;
        EXPECT_EQ(said, "clone-guard: the answer at '" + impostor + "' is not that of a Kea server\n");
        unlink(impostor.c_str());
    }
    {
        Impostor forged(impostor, "{\"result\":1,\"text\":\"\\u001b[2Jgone\"}");
        const auto said = complaint("status --socket '" + impostor + "'").out;
        EXPECT_TRUE(contains(said, "\\x1b[2Jgone")) << said;
    }
    // Its listener is closed, but the socket's file exists.
    EXPECT_TRUE(contains(complaint("status --socket '" + impostor + "'").out, "no server listens"));
    EXPECT_TRUE(
        contains(complaint("status --socket /nonexistent/socket").out, "there is no control socket"));
    EXPECT_TRUE(contains(complaint("status --socket /" + std::string(200, 'x')).out, "too long"));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
