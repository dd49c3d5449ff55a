// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/postgresql.h>

#include <signal.h>

#include <filesystem>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

/// Returns the path of a program: Debian has a directory for each version, and none of them is in PATH.
std::string
program(const std::string& name) {
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
        const auto found = entry.path() / "bin" / name;
        if (std::filesystem::exists(found)) {
            return (found);
        }
    }
    throw std::runtime_error("no " + name + " in /usr/lib/postgresql: is PostgreSQL installed?");
}

}  // namespace

void
PostgreSql::makeFiles() {
    run({program("initdb"), "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "-D",
         path("data")});
}

std::vector<std::string>
PostgreSql::serverCommand() const {
    return {program("postgres"), "-D", path("data"), "-k", directory(), "-h", "127.0.0.1", "-F", "-c",
            "shared_preload_libraries=pg_stat_statements", "-c", "autovacuum=off", "-c",
            "shared_buffers=16MB",
            // In its own directory: a killed server leaves its shared memory behind.
            "-c", "dynamic_shared_memory_type=mmap"};
}

void
PostgreSql::makeDatabase() {
    query(std::string("CREATE ROLE keatest LOGIN PASSWORD '") + PASSWORD + "'");
    query("CREATE DATABASE keatest OWNER keatest");
}

/// The signal for a fast shutdown, which does not wait for clients.
int
PostgreSql::stopSignal() const {
    return (SIGINT);
}

std::vector<std::string>
PostgreSql::clientCommand() const {
    return {"psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-F",
            "\t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            directory(),
            "-U",
            "postgres",
            hasDatabase() ? "keatest" : "postgres"};
}

std::string
PostgreSql::selectLeases() const {
    return ("SELECT address, encode(hwaddr, 'hex'), encode(client_id, 'hex'), valid_lifetime, "
            "extract(epoch FROM expire)::bigint, subnet_id, state FROM lease4 ORDER BY address");
}

void
PostgreSql::limitConnections(unsigned most) {
    query("ALTER ROLE keatest CONNECTION LIMIT " + std::to_string(most));
}

void
PostgreSql::liftLimit() {
    query("ALTER ROLE keatest CONNECTION LIMIT -1");
}

void
PostgreSql::disconnectAll() {
    query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keatest'");
}

void
PostgreSql::countStatements() {
    query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    query("SELECT pg_stat_statements_reset()");
}

/// The extension counts executions of prepared statements, and not their preparations.
unsigned
PostgreSql::statements() {
    return (unsigned(std::stoul(query("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements "
                                      "WHERE userid = 'keatest'::regrole AND query ~ '\\mlease4\\M'")
                                    .at(0)
                                    .at(0))));
}

}  // namespace e2e
}  // namespace clone_guard
