// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-history: plays random histories, or a history from a file, against real servers.

#include <tests/e2e/harness/net/isolation.h>
#include <tests/histories/kea/ha_servers.h>
#include <tests/histories/kea/shared_servers.h>
#include <tests/histories/kea/single_server.h>
#include <tests/histories/player/program.h>

#include <map>
#include <stdexcept>

using namespace clone_guard::e2e;
using namespace clone_guard::e2e::history;

int
main(int argc, char* argv[]) {
    std::unique_ptr<Link> link;
    std::map<std::string, std::unique_ptr<Database>> databases;
    Program program;
    program.name = "clone-guard-history";
    program.help =
        "Plays random histories of hosts and real servers, and checks the rules at every step. Exit\n"
        "status: 0, 1 if a rule was broken, 2 after an error. CLONE_GUARD_LIBRARY names another\n"
        "library to test.";
    program.prepare = [&link] {
        const auto problem = isolate();
        if (!problem.empty()) {
            throw std::runtime_error(problem);
        }
        link = std::make_unique<Link>(serverAddress());
    };
    program.newServer = [&](const History& history) -> std::unique_ptr<Server> {
        if (history.servers.empty()) {
            return (std::make_unique<SingleServer>(*link, history));
        }
        if (HaServers::knows(history.servers)) {
            return (std::make_unique<HaServers>(*link, history));
        }
        auto& database = databases[history.servers];
        if (!database) {
            database = Database::make(history.servers);
        }
        return (std::make_unique<SharedServers>(*link, *database, history));
    };
    return (program.run(argc, argv));
}
