// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-model: plays random histories against a simulated server with the guard's policy in it.

#include <tests/histories/model/server.h>

#include <tests/histories/player/program.h>

int
main(int argc, char* argv[]) {
    using namespace clone_guard;
    e2e::history::Program program;
    program.name = "clone-guard-model";
    program.help =
        "clone-guard-model: random histories of machines and the guard's policy in a simulated server, "
        "and whether\nrules were broken. Ends with 1 if so.";
    program.tries = 5000;
    program.newServer = [](const e2e::history::History& history) {
        return (std::make_unique<model::SimulatedServer>(history));
    };
    return (program.run(argc, argv));
}
