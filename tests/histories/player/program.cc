// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/program.h>

#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>
#include <tests/histories/player/shrink.h>

#include <boost/program_options.hpp>

#include <fstream>
#include <iostream>
#include <random>

namespace po = boost::program_options;

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

po::options_description
optionsOf(unsigned tries) {
    po::options_description options("Options");
    auto add = options.add_options();
    add("help", "print this text");
    add("seed", po::value<uint64_t>(),
        "seed of the first history; the next history has the next seed (default: random)");
    add("steps", po::value<uint64_t>()->default_value(2000), "events in total");
    add("length", po::value<unsigned>()->default_value(2000),
        "events of one history; the next history begins with a new server");
    add("seconds", po::value<unsigned>()->default_value(0),
        "start no history after this time; 0: no limit");
    add("threads", po::value<unsigned>()->default_value(0), "threads of the server; 0: single-threaded");
    add("policy", po::value<std::string>()->default_value("mac-fallback"),
        "mac-fallback or refuse; monitor, off and stock break the rules");
    add("servers", po::value<std::string>()->default_value(""),
        "how two servers are joined: postgresql, mysql, hot-standby or load-balancing (default: one "
        "server)");
    add("no-strangers", "let no stranger send messages");
    add("delete-released", "let the server delete released leases, as Kea before 2.6 does");
    add("kill-every", po::value<unsigned>()->default_value(1000), "events from one kill -9 to the next");
    add("write", po::value<std::string>(), "write the first history to this file and play no history");
    add("replay", po::value<std::string>(), "play the history in this file");
    add("shrink", "shorten a history that breaks a rule, and print it");
    add("tries", po::value<unsigned>()->default_value(tries), "histories that --shrink plays at most");
    return (options);
}

Plan
planOf(const po::variables_map& values) {
    Plan plan;
    plan.seed = values.count("seed") != 0 ? values["seed"].as<uint64_t>() : std::random_device()();
    plan.steps = values["length"].as<unsigned>();
    plan.threads = values["threads"].as<unsigned>();
    plan.policy = values["policy"].as<std::string>();
    plan.servers = values["servers"].as<std::string>();
    plan.strangers = values.count("no-strangers") == 0;
    plan.keep_released = values.count("delete-released") == 0;
    plan.kill_every = values["kill-every"].as<unsigned>();
    return (plan);
}

Outcome
playOne(const Program& program, const History& history) {
    const auto server = program.newServer(history);
    return (Player(*server, history).play());
}

/// Prints the history up to the violation, shortened.
void
printShrunk(const Program& program, History history, const Outcome& outcome, unsigned tries) {
    history.events.resize(outcome.steps);
    std::vector<std::string> violations = outcome.violations;
    const auto rule = violations.front().substr(0, 3);
    const History shortest = shrink(
        history,
        [&](const History& candidate) {
            // With threads a violation may need more than one attempt.
            for (unsigned attempt = 0; attempt < (history.threads > 0 ? 3U : 1U); ++attempt) {
                const Outcome again = playOne(program, candidate);
                if (!again.violations.empty() && again.violations.front().rfind(rule, 0) == 0) {
                    violations = again.violations;
                    return (true);
                }
            }
            return (false);
        },
        tries);
    std::cout << "# " << violations.front() << '\n' << shortest;
}

Outcome
playAndPrint(const Program& program, const History& history, const po::variables_map& values) {
    const Outcome outcome = playOne(program, history);
    if (!outcome.violations.empty()) {
        std::cout << "seed " << history.seed << ", after " << outcome.steps << " steps:\n";
        for (const auto& violation : outcome.violations) {
            std::cout << violation << '\n';
        }
        for (const auto& line : outcome.trace) {
            std::cout << "    " << line << '\n';
        }
        if (values.count("shrink") != 0) {
            printShrunk(program, history, outcome, values["tries"].as<unsigned>());
        }
    }
    return (outcome);
}

Outcome
playAll(const Program& program, const po::variables_map& values) {
    if (values.count("replay") != 0) {
        std::ifstream stream(values["replay"].as<std::string>());
        return (playAndPrint(program, readHistory(stream), values));
    }
    Outcome all;
    Plan plan = planOf(values);
    const unsigned seconds = values["seconds"].as<unsigned>();
    std::cout << "seed " << plan.seed << std::endl;
    for (; all.steps < values["steps"].as<uint64_t>() && all.violations.empty() &&
           (seconds == 0 || all.seconds < seconds);
         ++plan.seed) {
        all += playAndPrint(program, Generator(plan).generate(), values);
    }
    return (all);
}

int
runWith(const Program& program, int argc, char* argv[]) {
    const auto options = optionsOf(program.tries);
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    po::notify(values);
    if (values.count("help") != 0) {
        std::cout << program.help << "\n\n" << options;
        return (0);
    }
    if (values.count("write") != 0) {
        std::ofstream(values["write"].as<std::string>()) << Generator(planOf(values)).generate();
        return (0);
    }
    if (program.prepare) {
        program.prepare();
    }
    const Outcome all = playAll(program, values);
    std::cout << all.toText() << std::endl;
    return (all.violations.empty() ? 0 : 1);
}

}  // namespace

int
Program::run(int argc, char* argv[]) const {
    try {
        return (runWith(*this, argc, argv));
    } catch (const std::exception& error) {
        std::cerr << name << ": " << error.what() << std::endl;
        return (2);
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
