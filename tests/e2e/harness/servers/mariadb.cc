// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/mariadb.h>

#include <signal.h>

namespace clone_guard {
namespace e2e {

void
MariaDb::makeFiles() {
    // A starting MariaDB removes everything that looks like its own temporary table from the directory of temporary
    // files, also what another server has just made there.
    run({"mariadb-install-db", "--no-defaults", "--user=mysql", "--datadir=" + path("data"),
         "--tmpdir=" + directory(), "--skip-test-db", "--auth-root-authentication-method=normal"});
}

std::vector<std::string>
MariaDb::serverCommand() const {
    return {"/usr/sbin/mariadbd",         "--no-defaults",
            "--datadir=" + path("data"),  "--tmpdir=" + directory(),
            "--socket=" + path("socket"), "--pid-file=" + path("pid"),
            "--bind-address=127.0.0.1",   "--port=3306",
            "--skip-name-resolve",        "--innodb-flush-log-at-trx-commit=2",
            "--innodb-fast-shutdown=2",   "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=8M",  "--skip-log-bin"};
}

void
MariaDb::makeDatabase() {
    query("CREATE DATABASE keatest");
    query(std::string("GRANT ALL ON keatest.* TO keatest@'127.0.0.1' IDENTIFIED BY '") + PASSWORD + "'");
}

int
MariaDb::stopSignal() const {
    return (SIGTERM);
}

std::vector<std::string>
MariaDb::clientCommand() const {
    return {"mariadb",      "--no-defaults",
            "--batch",      "--skip-column-names",
            "--unbuffered", "--socket=" + path("socket"),
            "--user=root",  hasDatabase() ? "keatest" : "mysql"};
}

std::string
MariaDb::selectLeases() const {
    return ("SELECT address, LOWER(HEX(hwaddr)), LOWER(HEX(client_id)), valid_lifetime, "
            "UNIX_TIMESTAMP(expire), subnet_id, state FROM lease4 ORDER BY address");
}

void
MariaDb::limitConnections(unsigned most) {
    // MariaDB takes 0 for no limit, so the account is locked instead.
    query(most == 0 ? "ALTER USER keatest@'127.0.0.1' ACCOUNT LOCK"
                    : "GRANT USAGE ON *.* TO keatest@'127.0.0.1' WITH MAX_USER_CONNECTIONS " +
                          std::to_string(most));
}

void
MariaDb::liftLimit() {
    query("ALTER USER keatest@'127.0.0.1' ACCOUNT UNLOCK");
    query("GRANT USAGE ON *.* TO keatest@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
}

void
MariaDb::disconnectAll() {
    query("KILL USER keatest@'127.0.0.1'");
}

void
MariaDb::countStatements() {
    query("SET GLOBAL log_output = 'TABLE'");
    query("SET GLOBAL general_log = ON");
    query("TRUNCATE mysql.general_log");
}

/// The log has a prepared statement twice, at its preparation and at its execution, and any other once, as a query.
unsigned
MariaDb::statements() {
    return (unsigned(
        std::stoul(query("SELECT COUNT(*) FROM mysql.general_log WHERE user_host LIKE 'keatest%' AND "
                         "command_type IN ('Execute', 'Query') AND argument REGEXP '\\\\blease4\\\\b'")
                       .at(0)
                       .at(0))));
}

}  // namespace e2e
}  // namespace clone_guard
