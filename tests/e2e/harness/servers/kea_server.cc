// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/kea_server.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/e2e/harness/servers/control.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace clone_guard {
namespace e2e {

namespace {

/// Bounds the wait for a server; it is long enough for a machine that is many times slower.
const std::chrono::minutes SERVER_LIMIT(5);

/// The number of times a server is started that ends before its first line.
constexpr unsigned MAX_ATTEMPTS = 3;

std::vector<std::string>
split(const std::string& line, char separator) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    std::string field;
    while (std::getline(stream, field, separator)) {
        fields.push_back(field);
    }
    return (fields);
}

bool
portIsFree(Address address) {
    const int attempt = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto name = endpoint(address, 67);
    const bool free = bind(attempt, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
    close(attempt);
    return (free);
}

std::vector<std::string>
linesWith(const std::string& content, const std::string& text) {
    std::vector<std::string> found;
    for (const auto& line : split(content, '\n')) {
        if (line.find(text) != std::string::npos) {
            found.push_back(line);
        }
    }
    return (found);
}

std::string
requestFor(const std::string& name, const Json& arguments) {
    Json request = {{"command", name}};
    if (!arguments.empty()) {
        request["arguments"] = arguments;
    }
    return (request.dump());
}

}  // namespace

KeaServer::KeaServer(const ServerSetup& setup, bool steppable_clock) : directory_("e2e") {
    for (const char* name : {"KEA_PIDFILE_DIR", "KEA_LOCKFILE_DIR", "KEA_CONTROL_SOCKET_DIR",
                             "KEA_DHCP_DATA_DIR", "KEA_LOG_FILE_DIR", "KEA_LEGAL_LOG_DIR"}) {
        environment(name, directory_.path());
    }
    // Some releases load libraries from one directory only.
    environment("KEA_HOOKS_PATH", directory_.file(LIBRARIES));
    linkLibraries();
    if (steppable_clock) {
        clock_ = std::make_shared<ServerClock>();
        clock_->file = directory_.file("clock");
        environment("LD_PRELOAD", CLONE_GUARD_FAKETIME);
        environment("FAKETIME_TIMESTAMP_FILE", clock_->file);
        environment("FAKETIME_NO_CACHE", "1");
        clock_->write();
    }
    configure(setup);
}

KeaServer::~KeaServer() {
    if (pid_ > 0) {
        kill();
    }
}

void
KeaServer::environment(const std::string& name, const std::string& value) {
    const std::string variable = name + "=";
    environment_.erase(std::remove_if(environment_.begin(), environment_.end(),
                                      [&variable](const std::string& entry) {
                                          return (entry.compare(0, variable.size(), variable) == 0);
                                      }),
                       environment_.end());
    environment_.push_back(variable + value);
}

bool
KeaServer::ships(const std::string& library) {
    return (std::filesystem::exists(std::filesystem::path(CLONE_GUARD_KEA_HOOKS_DIR) / library));
}

void
KeaServer::linkLibraries() const {
    const std::filesystem::path libraries(directory_.file(LIBRARIES));
    std::filesystem::create_directory(libraries);
    // CLONE_GUARD_LIBRARY names the library of another build, so that the tests need not be built again.
    const char* const other = std::getenv("CLONE_GUARD_LIBRARY");
    std::filesystem::create_symlink(other != nullptr ? other : CLONE_GUARD_LIBRARY, libraries / GUARD);
    std::filesystem::create_symlink(CLONE_GUARD_REJECTER, libraries / REJECTER);
    for (const auto& entry : std::filesystem::directory_iterator(CLONE_GUARD_KEA_HOOKS_DIR)) {
        if (entry.path().extension() == ".so" && entry.path().filename() != GUARD) {
            std::filesystem::create_symlink(entry.path(), libraries / entry.path().filename());
        }
    }
}

void
KeaServer::configure(const ServerSetup& setup) {
    address_ = setup.address;
    threads_ = setup.threads;
    read_leases_ = setup.read_leases;
    std::ofstream stream(directory_.file("kea-dhcp4.conf"));
    stream << setup.configuration(directory_.path()).dump(2) << std::endl;
}

std::vector<char*>
KeaServer::variables() {
    std::vector<char*> all;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        all.push_back(*variable);
    }
    for (auto& variable : environment_) {
        all.push_back(variable.data());
    }
    all.push_back(nullptr);
    return (all);
}

void
KeaServer::spawn(const char* option) {
    if (pid_ > 0) {
        throw std::logic_error("the server runs already");
    }
    // A killed server may take some time to end, and a server whose port is in use never receives a query.
    if (std::string(option) == "-c" &&
        !eventually([this] { return (portIsFree(address_)); }, SERVER_LIMIT)) {
        throw std::runtime_error("port 67 of " + address_.toText() + " is in use");
    }
    const std::string config = directory_.file("kea-dhcp4.conf");
    const std::string console = directory_.file("console.log");
    const char* const other = std::getenv("KEA_DHCP4");
    const char* const program = other != nullptr ? other : CLONE_GUARD_KEA_DHCP4;
    const char* const arguments[] = {program, option, config.c_str(), nullptr};
    auto variables = this->variables();
    pid_ = fork();
    if (pid_ < 0) {
        throw std::runtime_error("cannot start another process");
    }
    if (pid_ == 0) {
        // The server ends with its test, however that ends.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        ServerClock::removeObjects(getpid());
        const int output = open(console.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        execve(program, const_cast<char* const*>(arguments), variables.data());
        _exit(126);  // as a shell does: no status of the server is like it
    }
}

void
KeaServer::start() {
    std::filesystem::remove(directory_.file("control"));
    spawn();
    unsigned attempts = 1;
    const bool ready = eventually(
        [this, &attempts] {
            if (exited()) {
                // A process that ends before its first line has read neither its configuration nor a library.
                if (file("console.log").empty() && attempts < MAX_ATTEMPTS) {
                    std::cerr << "kea-dhcp4 ended before its first line (" << endText()
                              << "), started again\n";
                    // Whatever ended it may last a moment.
                    std::this_thread::sleep_for(attempts * std::chrono::milliseconds(200));
                    ++attempts;
                    spawn();
                    return (false);
                }
                throw std::runtime_error("kea-dhcp4 ended at start (" + endText() + "):\n" +
                                         file("console.log") + file("server.log"));
            }
            try {
                return (command("version-get").value("result", 1) == 0);
            } catch (const std::exception&) {
                return (false);  // not listening yet
            }
        },
        SERVER_LIMIT);
    if (!ready) {
        throw std::runtime_error("kea-dhcp4 does not answer:\n" + file("server.log"));
    }
}

std::string
KeaServer::endText() const {
    return (WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                                 : "status " + std::to_string(WEXITSTATUS(status_)));
}

std::string
KeaServer::startAndFail() {
    spawn();
    if (!eventually([this] { return (exited()); }, SERVER_LIMIT)) {
        kill();
        throw std::runtime_error("kea-dhcp4 was expected to end, but it runs:\n" + file("server.log"));
    }
    return (file("console.log") + file("server.log") + file("operator.log"));
}

bool
KeaServer::check(const char* option) {
    spawn(option);
    if (!eventually([this] { return (exited()); }, SERVER_LIMIT)) {
        kill();
        throw std::runtime_error(std::string("kea-dhcp4 does not end its check ") + option);
    }
    return (WIFEXITED(status_) && WEXITSTATUS(status_) == 0);
}

bool
KeaServer::exited() {
    if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) {
        pid_ = -1;
    }
    return (pid_ < 0);
}

bool
KeaServer::isRunning() {
    return (!exited());
}

void
KeaServer::stop() {
    if (pid_ <= 0) {
        return;
    }
    ::kill(pid_, SIGTERM);
    if (!eventually([this] { return (exited()); }, SERVER_LIMIT)) {
        kill();
        throw std::runtime_error("kea-dhcp4 did not stop");
    }
}

void
KeaServer::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        ServerClock::removeObjects(pid_);
        pid_ = -1;
        std::filesystem::remove(directory_.file("kea-dhcp4.kea-dhcp4.pid"));
    }
}

void
KeaServer::restart() {
    stop();
    start();
}

Json
KeaServer::command(const std::string& name, const Json& arguments) {
    return (Json::parse(
        exchangeOnSocket(directory_.file("control"), requestFor(name, arguments), SERVER_LIMIT)));
}

Json
KeaServer::commandByHttp(uint16_t port, const std::string& name, const Json& arguments) {
    const auto answer = Json::parse(exchangeByHttp(port, requestFor(name, arguments), SERVER_LIMIT));
    // The answer is a list, as from an agent that asks several servers.
    return (answer.is_array() ? answer.at(0) : answer);
}

bool
KeaServer::takesHttp() {
    static const bool takes = [] {
        ServerSetup setup;
        setup.guard.reset();
        setup.http_port = 8004;
        return (KeaServer(setup).check("-t"));
    }();
    return (takes);
}

void
KeaServer::awaitThreads() {
    const Json answer = command("config-backend-pull");
    if (answer.value("result", 1) != 0) {
        throw std::runtime_error("config-backend-pull: " + answer.dump());
    }
}

Json
KeaServer::configSet(const ServerSetup& setup) {
    return (command("config-set", setup.configuration(directory_.path())));
}

int64_t
KeaServer::statistic(const std::string& name) {
    const Json answer = command("statistic-get", {{"name", name}});
    const Json arguments = answer.value("arguments", Json::object());
    return (arguments.contains(name) ? arguments[name][0][0].get<int64_t>() : 0);
}

void
KeaServer::advanceClock(unsigned seconds) {
    if (!clock_) {
        throw std::logic_error("this server was made without a steppable clock");
    }
    clock_->offset += seconds;
    clock_->write();
}

void
KeaServer::freezeClock() {
    clock_->frozen = true;
    // In the file an offset makes the clock run; any other value is the time at which it stops.
    environment("FAKETIME_FMT", "%s");
    clock_->write();
}

uint64_t
KeaServer::frozenTime() const {
    return (clock_->frozenTime());
}

void
KeaServer::shareClock(const KeaServer& other) {
    clock_ = other.clock_;
    environment("FAKETIME_TIMESTAMP_FILE", clock_->file);
    if (clock_->frozen) {
        environment("FAKETIME_FMT", "%s");
    }
}

std::string
KeaServer::file(const std::string& name) const {
    std::ifstream stream(directory_.file("") + name, std::ios::binary);
    return (std::string(std::istreambuf_iterator<char>(stream), {}));
}

std::vector<LeaseRecord>
KeaServer::leases() const {
    if (read_leases_) {
        return (read_leases_());
    }
    std::map<Address, LeaseRecord> last;
    for (const auto& line : linesWith(file("leases.csv"), ".")) {
        const auto fields = split(line, ',');
        if (fields.size() < 10) {
            continue;
        }
        LeaseRecord record;
        record.address = Address(fields[0]);
        record.hw_address = fields[1];
        record.client_id = fields[2];
        record.valid_lifetime = uint32_t(std::stoul(fields[3]));
        record.expires = std::stoull(fields[4]);
        record.subnet_id = uint32_t(std::stoul(fields[5]));
        record.state = std::stoi(fields[9]);
        if (record.valid_lifetime == 0) {
            last.erase(record.address);  // memfile writes lifetime 0 for a removed lease
        } else {
            last[record.address] = record;
        }
    }
    std::vector<LeaseRecord> records;
    for (const auto& entry : last) {
        records.push_back(entry.second);
    }
    return (records);
}

std::optional<LeaseRecord>
KeaServer::lease(Address address) const {
    for (const auto& record : leases()) {
        if (record.address == address) {
            return (record);
        }
    }
    return (std::nullopt);
}

std::vector<Json>
KeaServer::audit() const {
    std::vector<Json> records;
    for (const auto& line : split(file("audit.log"), '\n')) {
        records.push_back(Json::parse(line));
    }
    return (records);
}

std::vector<Json>
KeaServer::audit(const std::string& event) const {
    std::vector<Json> found;
    for (const auto& record : audit()) {
        if (record.value("event", "") == event) {
            found.push_back(record);
        }
    }
    return (found);
}

std::vector<std::string>
KeaServer::operatorLog(const std::string& text) const {
    return (linesWith(file("operator.log"), text));
}

std::vector<std::string>
KeaServer::serverLog(const std::string& text) const {
    return (linesWith(file("server.log"), text));
}

std::vector<std::string>
KeaServer::debugLog(const std::string& logger, const std::string& text) const {
    return (linesWith(file(logger + ".log"), text));
}

}  // namespace e2e
}  // namespace clone_guard
