// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/isolation.h>
#include <tests/e2e/harness/net/program.h>

#include <iostream>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace po = boost::program_options;

namespace {

int
run(int argc, char* argv[], const Program& program) {
    po::options_description options("Options");
    options.add_options()("help", "print this text");
    options.add(program.options);
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    po::notify(values);
    if (values.count("help") != 0) {
        std::cout << program.name << ": " << program.description << "\n";
        if (program.isolated) {
            std::cout << "Needs root, for a network namespace of its own.\n";
        }
        std::cout << "\n" << options;
        return (0);
    }
    if (program.isolated) {
        const auto problem = isolate();
        if (!problem.empty()) {
            throw std::runtime_error(problem);
        }
    }
    raiseFileLimit();
    return (program.run(values));
}

}  // namespace

int
runProgram(int argc, char* argv[], const Program& program) {
    try {
        return (run(argc, argv, program));
    } catch (const std::exception& error) {
        std::cerr << program.name << ": " << error.what() << std::endl;
        return (2);
    }
}

}  // namespace e2e
}  // namespace clone_guard
