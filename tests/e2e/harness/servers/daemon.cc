// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/daemon.h>

#include <tests/e2e/harness/servers/eventually.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

std::string
programPath() {
    const char* const path = std::getenv("PATH");
    return (std::string(path != nullptr ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin");
}

Daemon::Daemon(const std::string& name) : name_(name), directory_(name) {}

Daemon::~Daemon() {
    kill();
}

void
Daemon::start(const std::vector<std::string>& command,
              const std::map<std::string, std::string>& environment,
              const std::function<bool()>& ready) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ < 0) {
        throw std::runtime_error("cannot start another process");
    }
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int output = open(path("console").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        setenv("PATH", programPath().c_str(), 1);
        for (const auto& entry : environment) {
            setenv(entry.first.c_str(), entry.second.c_str(), 1);
        }
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    if (!eventually([this, &ready] { return (!isRunning() || ready()); }) || !isRunning()) {
        throw std::runtime_error(name_ + " does not run:\n" + file("console"));
    }
}

bool
Daemon::isRunning() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
    }
    return (pid_ > 0);
}

void
Daemon::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

std::string
Daemon::file(const std::string& name) const {
    std::ifstream stream(path(name), std::ios::binary);
    return (std::string(std::istreambuf_iterator<char>(stream), {}));
}

void
Daemon::write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name)) << content;
}

}  // namespace e2e
}  // namespace clone_guard
