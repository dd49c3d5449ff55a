// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

namespace clone_guard {
namespace test {

Outcome
runShell(const std::string& line) {
    Outcome outcome;
    FILE* pipe = popen(line.c_str(), "r");
    if (!pipe) {
        return (outcome);
    }
    std::array<char, 4096> buffer{};
    size_t got = 0;
    while ((got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0) {
        outcome.out.append(buffer.data(), got);
    }
    const int status = pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return (outcome);
}

Outcome
run(const std::string& arguments) {
    return (runShell("'" CLONE_GUARD_COMMAND "' " + arguments + " 2>/dev/null"));
}

Outcome
complaint(const std::string& arguments) {
    return (runShell("'" CLONE_GUARD_COMMAND "' " + arguments + " 2>&1 >/dev/null"));
}

Outcome
runOnTerminal(size_t columns, const std::string& arguments, const std::string& environment) {
    auto outcome =
        runShell("script -qec \"stty cols " + std::to_string(columns) + "; env -u NO_COLOR TERM=xterm " +
                 environment + " '" CLONE_GUARD_COMMAND "' " + arguments + "\" /dev/null </dev/null");
    outcome.out.erase(std::remove(outcome.out.begin(), outcome.out.end(), '\r'), outcome.out.end());
    return (outcome);
}

bool
contains(const std::string& text, const std::string& part) {
    return (text.find(part) != std::string::npos);
}

size_t
longestLine(const std::string& text) {
    std::istringstream lines(text);
    size_t longest = 0;
    for (std::string line; std::getline(lines, line);) {
        longest = std::max(longest, line.size());
    }
    return (longest);
}

}  // namespace test
}  // namespace clone_guard
