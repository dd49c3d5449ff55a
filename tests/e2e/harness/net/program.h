// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_PROGRAM_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_PROGRAM_H

#include <boost/program_options.hpp>

#include <functional>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A program of the harness: its options and what it does with them.
struct Program {
    std::string name;
    std::string description;  ///< printed with the options by --help
    boost::program_options::options_description options;
    std::function<int(const boost::program_options::variables_map&)> run;
    bool isolated = true;  ///< whether it runs in its own network namespace
};

/// @brief Parses the arguments and runs a program; --help prints its description.
///
/// @return the exit status: that of the program, or 2 after an error, which is printed.
int runProgram(int argc, char* argv[], const Program& program);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_PROGRAM_H
