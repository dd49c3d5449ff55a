// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>

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

bool
contains(const std::string& text, const std::string& part) {
    return (text.find(part) != std::string::npos);
}

}  // namespace test
}  // namespace clone_guard
