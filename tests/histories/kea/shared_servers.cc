// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/shared_servers.h>

#include <tests/histories/kea/single_server.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Each server has a user of its own, so that the connections of each can be counted.
std::string
userOf(unsigned server) {
    return (server == 1 ? "keatest" : "keatest" + std::to_string(server));
}

/// The statements for an engine.
struct Dialect {
    std::vector<std::string> make_journal;
    std::string take_journal;
    std::string count_connections;  ///< the name of the user follows
};

const char* const COLUMNS = "address, hwaddr, client_id, valid_lifetime, expire, subnet_id, state";

/// A deleted lease has lifetime 0, as in a lease file.
std::string
values(const std::string& record, const std::string& epoch, bool gone) {
    return ("INSERT INTO history_journal (" + std::string(COLUMNS) + ") VALUES (" + record +
            ".address, " + record + ".hwaddr, " + record + ".client_id, " +
            (gone ? "0" : record + ".valid_lifetime") + ", " + epoch + ", " + record + ".subnet_id, " +
            record + ".state)");
}

Dialect
postgresql() {
    const std::string note = "CREATE OR REPLACE FUNCTION history_note() RETURNS trigger AS $$ BEGIN IF "
                             "TG_OP = 'DELETE' THEN " +
                             values("OLD", "extract(epoch FROM OLD.expire)::bigint", true) + "; ELSE " +
                             values("NEW", "extract(epoch FROM NEW.expire)::bigint", false) +
                             "; END IF; RETURN NULL; END $$ LANGUAGE plpgsql SECURITY DEFINER";
    return {
        {"CREATE TABLE IF NOT EXISTS history_journal (seq bigserial PRIMARY KEY, address bigint, hwaddr "
         "bytea, client_id bytea, valid_lifetime bigint, expire bigint, subnet_id bigint, state bigint)",
         note,
         "CREATE OR REPLACE TRIGGER history_note AFTER INSERT OR UPDATE OR DELETE ON lease4 FOR EACH "
         "ROW "
         "EXECUTE FUNCTION history_note()",
         "TRUNCATE history_journal",
         "DO $$ BEGIN CREATE ROLE " + userOf(2) + " LOGIN PASSWORD '" + Database::PASSWORD +
             "' IN ROLE " + userOf(1) + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$"},
        "WITH news AS (DELETE FROM history_journal RETURNING *) SELECT address, encode(hwaddr, 'hex'), "
        "encode(client_id, 'hex'), valid_lifetime, expire, subnet_id, state FROM news ORDER BY seq",
        "SELECT count(*) FROM pg_stat_activity WHERE usename = "};
}

Dialect
mariadb() {
    const auto trigger = [](const std::string& name, const std::string& what) {
        return ("CREATE OR REPLACE TRIGGER history_" + name + " AFTER " + name +
                " ON lease4 FOR EACH ROW " + what);
    };
    return {
        {"CREATE TABLE IF NOT EXISTS history_journal (seq BIGINT AUTO_INCREMENT PRIMARY KEY, address "
         "INT "
         "UNSIGNED, hwaddr VARBINARY(20), client_id VARBINARY(255), valid_lifetime INT UNSIGNED, expire "
         "BIGINT, subnet_id INT UNSIGNED, state INT)",
         trigger("insert", values("NEW", "UNIX_TIMESTAMP(NEW.expire)", false)),
         trigger("update", values("NEW", "UNIX_TIMESTAMP(NEW.expire)", false)),
         trigger("delete", values("OLD", "UNIX_TIMESTAMP(OLD.expire)", true)),
         "TRUNCATE history_journal",
         "GRANT ALL ON keatest.* TO " + userOf(2) + "@'127.0.0.1' IDENTIFIED BY '" + Database::PASSWORD +
             "'"},
        "DELETE FROM history_journal ORDER BY seq RETURNING address, LOWER(HEX(hwaddr)), "
        "LOWER(HEX(client_id)), valid_lifetime, expire, subnet_id, state",
        "SELECT count(*) FROM information_schema.processlist WHERE user = "};
}

Dialect
dialectOf(const History& history) {
    return (history.servers == "mysql" ? mariadb() : postgresql());
}

Row
rowOf(const LeaseRecord& record) {
    Row row;
    row.address = record.address;
    row.hw_address = record.hw_address;
    row.client_id = record.client_id;
    row.expires = record.expires;
    row.valid_lifetime = record.valid_lifetime;
    row.subnet = record.subnet_id;
    row.state = record.state;
    return (row);
}

std::vector<Row>
rowsOf(const std::vector<LeaseRecord>& records) {
    std::vector<Row> rows;
    std::transform(records.begin(), records.end(), std::back_inserter(rows),
                   [](const LeaseRecord& record) { return (rowOf(record)); });
    return (rows);
}

}  // namespace

SharedServers::SharedServers(Link& link, Database& database, const History& history) :
    history_(history), database_(database), transport_(link, history.threads > 0, [this] {
        for (KeaServer* server : running()) {
            server->awaitThreads();
        }
    }) {
    database_.clear();
    makeJournal();
    for (const unsigned number : {1U, 2U}) {
        servers_.push_back(std::make_unique<KeaServer>(setupFor(number, history.policy), true));
    }
    servers_.front()->freezeClock();
    servers_.back()->shareClock(*servers_.front());
}

void
SharedServers::makeJournal() {
    for (const auto& statement : dialectOf(history_).make_journal) {
        database_.query(statement);
    }
}

ServerSetup
SharedServers::setupFor(unsigned server, const std::string& policy) const {
    ServerSetup setup = serverSetup(policy, history_.takeover, history_.threads);
    setup.address = serverAddress(server);
    database_.use(setup, {{"user", userOf(server)}});
    return (setup);
}

std::vector<KeaServer*>
SharedServers::serversOf(unsigned server) {
    if (server != EVERY_SERVER) {
        return {servers_.at(server - 1).get()};
    }
    return {servers_.front().get(), servers_.back().get()};
}

std::vector<KeaServer*>
SharedServers::running() {
    std::vector<KeaServer*> up = serversOf(EVERY_SERVER);
    up.erase(std::remove_if(up.begin(), up.end(), [](KeaServer* server) { return (server->pid() < 0); }),
             up.end());
    return (up);
}

void
SharedServers::start(unsigned server) {
    for (KeaServer* one : serversOf(server)) {
        one->start();
    }
}

bool
SharedServers::isConnected(unsigned server) {
    const auto count = dialectOf(history_).count_connections + "'" + userOf(server) + "'";
    return (database_.query(count).at(0).at(0) != "0");
}

/// Kills a server. The database completes the statements that it has received: waits until the connections are closed.
void
SharedServers::kill(unsigned server) {
    KeaServer& one = *servers_.at(server - 1);
    if (one.pid() < 0) {
        return;
    }
    one.kill();
    transport_.forgetServer(server);
    if (!eventually([&] { return (!isConnected(server)); })) {
        throw std::runtime_error("the database keeps connections of a killed server");
    }
}

void
SharedServers::restart(unsigned server) {
    for (KeaServer* one : serversOf(server)) {
        one->restart();
    }
}

void
SharedServers::reload(unsigned server) {
    for (KeaServer* one : serversOf(server)) {
        succeed(*one, "config-reload");
    }
}

void
SharedServers::setPolicy(const std::string& policy) {
    for (const unsigned number : {1U, 2U}) {
        const auto setup = setupFor(number, policy);
        KeaServer& server = *servers_.at(number - 1);
        server.configure(setup);
        if (server.pid() > 0) {
            expectSuccess(server.configSet(setup), "config-set");
        }
    }
}

uint64_t
SharedServers::now() const {
    return (servers_.front()->frozenTime());
}

bool
SharedServers::advanceClock(unsigned seconds) {
    servers_.front()->advanceClock(seconds);
    return (false);
}

void
SharedServers::reclaim(bool remove) {
    succeed(*running().back(), "leases-reclaim", {{"remove", remove}});
}

void
SharedServers::send(const std::vector<Query>& queries) {
    transport_.send(queries);
}

std::vector<Answer>
SharedServers::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (transport_.collect(owed));
    } catch (const std::exception& error) {
        for (KeaServer* server : running()) {
            if (!server->isRunning()) {
                throw std::runtime_error("server " + server->address().toText() +
                                         " has ended: " + error.what());
            }
        }
        throw;
    }
}

std::vector<Answer>
SharedServers::leftovers() {
    auto answers = transport_.drain();
    const auto others = collect([](const Query&) { return (true); });
    answers.insert(answers.end(), others.begin(), others.end());
    return (answers);
}

std::vector<Row>
SharedServers::written() {
    std::vector<LeaseRecord> records;
    for (const auto& row : database_.query(dialectOf(history_).take_journal)) {
        records.push_back(Database::leaseOf(row));
    }
    return (rowsOf(records));
}

std::vector<Row>
SharedServers::leases() {
    return (rowsOf(database_.leases()));
}

std::vector<Json>
SharedServers::conflicts() {
    std::vector<Json> all;
    for (KeaServer* server : running()) {
        const auto some = conflictsOf(*server);
        all.insert(all.end(), some.begin(), some.end());
    }
    return (all);
}

std::vector<Json>
SharedServers::audit(unsigned server) {
    return (servers_.at(server - 1)->audit());
}

std::vector<std::string>
SharedServers::failures() {
    std::vector<std::string> all;
    for (const KeaServer* server : serversOf(EVERY_SERVER)) {
        const auto some = failuresOf(*server);
        all.insert(all.end(), some.begin(), some.end());
    }
    return (all);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
