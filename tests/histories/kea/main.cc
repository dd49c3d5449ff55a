// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-history: plays random histories against a real server, or one that was written down.

#include <tests/e2e/harness/net/isolation.h>
#include <tests/histories/kea/ha_servers.h>
#include <tests/histories/kea/kea_server.h>
#include <tests/histories/kea/shared_servers.h>
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
    program.help = "clone-guard-history: random histories of machines and a server, and whether rules "
                   "were broken.\nEnds with 1 if so. CLONE_GUARD_LIBRARY names another library to test.";
    program.prepare = [&link] {
        const auto problem = isolate();
        if (!problem.empty()) {
            throw std::runtime_error(problem);
        }
        link = std::make_unique<Link>(serverAddress());
    };
    program.newServer = [&](const History& history) -> std::unique_ptr<Server> {
        if (history.servers.empty()) {
            return (std::make_unique<Kea>(*link, history));
        }
        if (HighAvailability::knows(history.servers)) {
            return (std::make_unique<HighAvailability>(*link, history));
        }
        auto& database = databases[history.servers];
        if (!database) {
            database = Database::make(history.servers);
        }
        return (std::make_unique<SharedPair>(*link, *database, history));
    };
    return (program.run(argc, argv));
}
