// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/database.h>

#include <tests/e2e/harness/servers/mariadb.h>
#include <tests/e2e/harness/servers/postgresql.h>

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace clone_guard {
namespace e2e {

namespace {

/// Bounds the wait for a database; it is long enough for a machine that is many times slower.
const std::chrono::minutes LIMIT(10);

std::vector<char*>
argumentsOf(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    return (arguments);
}

/// Adds all descendants of a process.
void
addDescendants(pid_t parent, std::vector<pid_t>& all) {
    const std::string own = std::to_string(parent);
    std::ifstream stream("/proc/" + own + "/task/" + own + "/children");
    pid_t child = 0;
    while (stream >> child) {
        all.push_back(child);
        addDescendants(child, all);
    }
}

std::string
contentOf(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return (std::string(std::istreambuf_iterator<char>(stream), {}));
}

std::vector<std::string>
fieldsOf(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line + "\t");
    for (std::string field; std::getline(stream, field, '\t');) {
        fields.push_back(field == "NULL" ? "" : field);
    }
    return (fields);
}

}  // namespace

std::unique_ptr<Database>
Database::make(const std::string& engine) {
    std::unique_ptr<Database> database;
    if (engine == "postgresql") {
        database = std::make_unique<PostgreSql>();
    } else if (engine == "mysql") {
        database = std::make_unique<MariaDb>();
    } else {
        throw std::invalid_argument("no database " + engine);
    }
    database->build();
    return (database);
}

Database::Database(const std::string& engine) : engine_(engine), directory_("database") {}

Database::~Database() {
    closeClient();
    try {
        kill();
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
    }
}

void
Database::build() {
    const passwd* const owner = getpwnam(user().c_str());
    if (owner == nullptr || chown(directory_.path().c_str(), owner->pw_uid, owner->pw_gid) != 0) {
        throw std::runtime_error("the database's user " + user() +
                                 " is absent: is its package installed?");
    }
    // kea-admin and the clients run as root and read it.
    chmod(directory_.path().c_str(), 0755);
    makeFiles();
    start();
    makeDatabase();
    has_database_ = true;
    closeClient();
    run({"kea-admin", "db-init", engine_ == "postgresql" ? "pgsql" : engine_, "-h", "127.0.0.1", "-P",
         std::to_string(port()), "-u", "keatest", "-p", PASSWORD, "-n", "keatest"});
}

void
Database::use(ServerSetup& setup, const Json& more) {
    setup.lease_database = {{"type", engine_},      {"name", "keatest"},   {"user", "keatest"},
                            {"password", PASSWORD}, {"host", "127.0.0.1"}, {"port", port()}};
    setup.lease_database.update(more);
    setup.read_leases = [this] {
        auto all = leases();
        const auto released = [](const LeaseRecord& lease) { return (lease.valid_lifetime == 0); };
        all.erase(std::remove_if(all.begin(), all.end(), released), all.end());
        return (all);
    };
    if (KeaServer::ships(library())) {
        setup.hooks_before[library()] = Json();
    }
}

pid_t
Database::spawn(const std::vector<std::string>& command, const std::string& user, int input,
                int output) const {
    const auto arguments = argumentsOf(command);
    const passwd* const owner = getpwnam(user.c_str());
    const pid_t pid = fork();
    if (pid < 0) {
        throw std::runtime_error("cannot start another process");
    }
    if (pid == 0) {
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        const int log = open(path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        dup2(log, STDERR_FILENO);
        if (setgid(owner->pw_gid) != 0 || setuid(owner->pw_uid) != 0) {
            _exit(126);
        }
        // The database ends with its test. A change of user clears this setting, so it comes after that.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("LC_ALL", "C", 1);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    return (pid);
}

void
Database::run(const std::vector<std::string>& command) const {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int log = open(path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const bool ours = command.front() == "kea-admin";
    int status = 0;
    waitpid(spawn(command, ours ? "root" : user(), nothing, log), &status, 0);
    close(nothing);
    close(log);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error(command.front() + " failed:\n" + this->log());
    }
}

void
Database::start() {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_ = spawn(serverCommand(), user(), nothing, nothing);
    close(nothing);
    const bool ready = eventually(
        [this] {
            if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
                pid_ = -1;
                throw std::runtime_error(engine_ + " ended at start:\n" + log());
            }
            try {
                return (!ask("SELECT 1").empty());
            } catch (const std::exception&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                return (false);
            }
        },
        LIMIT);
    if (!ready) {
        throw std::runtime_error(engine_ + " does not answer:\n" + log());
    }
}

void
Database::signalAll(int signal) const {
    if (pid_ <= 0) {
        return;
    }
    std::vector<pid_t> all{pid_};
    addDescendants(pid_, all);
    for (const pid_t process : all) {
        ::kill(process, signal);
    }
}

void
Database::stop() {
    if (pid_ <= 0) {
        return;
    }
    closeClient();
    ::kill(pid_, stopSignal());
    if (!eventually([this] { return (waitpid(pid_, nullptr, WNOHANG) == pid_); }, LIMIT)) {
        throw std::runtime_error(engine_ + " did not stop");
    }
    pid_ = -1;
}

void
Database::kill() {
    if (pid_ > 0) {
        closeClient();
        signalAll(SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

void
Database::pause() {
    signalAll(SIGSTOP);
}

void
Database::resume() {
    signalAll(SIGCONT);
}

void
Database::openClient() {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        throw std::runtime_error("cannot make a pipe");
    }
    client_ = spawn(clientCommand(), "root", in[0], out[1]);
    close(in[0]);
    close(out[1]);
    to_client_ = fdopen(in[1], "w");
    from_client_ = fdopen(out[0], "r");
}

void
Database::closeClient() {
    if (client_ > 0) {
        fclose(to_client_);
        fclose(from_client_);
        ::kill(client_, SIGKILL);
        waitpid(client_, nullptr, 0);
        client_ = -1;
    }
}

/// One client program runs all statements, since it takes longer to start than most of them. It ends at the first
/// error.
std::vector<Database::SqlRow>
Database::ask(const std::string& statement) {
    if (client_ < 0) {
        // Makes writing to a client that has ended an ordinary error.
        signal(SIGPIPE, SIG_IGN);
        openClient();
    }
    const std::string mark = "end of statement " + std::to_string(++last_mark_);
    const std::string text = statement + ";\nSELECT '" + mark + "';\n";
    std::vector<SqlRow> rows;
    if (fputs(text.c_str(), to_client_) >= 0 && fflush(to_client_) == 0) {
        char* line = nullptr;
        size_t room = 0;
        bool complete = false;
        for (ssize_t size = 0; !complete && (size = getline(&line, &room, from_client_)) > 0;) {
            const std::string found(line, size_t(size) - (line[size - 1] == '\n' ? 1 : 0));
            complete = found == mark;
            if (!complete) {
                rows.push_back(fieldsOf(found));
            }
        }
        free(line);
        if (complete) {
            return (rows);
        }
    }
    closeClient();
    throw std::runtime_error(engine_ + " refused: " + statement);
}

std::vector<Database::SqlRow>
Database::query(const std::string& statement) {
    try {
        return (ask(statement));
    } catch (const std::exception& error) {
        const std::string all = log();
        throw std::runtime_error(std::string(error.what()) + "\n" +
                                 all.substr(all.size() - std::min<size_t>(all.size(), 1000)));
    }
}

LeaseRecord
Database::leaseOf(const SqlRow& row) {
    const auto text = [](const std::string& hex) {
        std::string colons;
        for (size_t i = 0; i < hex.size(); i += 2) {
            colons += (i == 0 ? "" : ":") + hex.substr(i, 2);
        }
        return (colons);
    };
    LeaseRecord record;
    record.address = Address(uint32_t(std::stoul(row.at(0))));
    record.hw_address = text(row.at(1));
    record.client_id = text(row.at(2));
    record.valid_lifetime = uint32_t(std::stoul(row.at(3)));
    record.expires = std::stoull(row.at(4));
    record.subnet_id = uint32_t(std::stoul(row.at(5)));
    record.state = std::stoi(row.at(6));
    return (record);
}

std::vector<LeaseRecord>
Database::leases() {
    std::vector<LeaseRecord> records;
    for (const auto& row : query(selectLeases())) {
        records.push_back(leaseOf(row));
    }
    return (records);
}

void
Database::clear() {
    query("DELETE FROM lease4");
}

std::string
Database::log() const {
    return (contentOf(path("log")));
}

}  // namespace e2e
}  // namespace clone_guard
