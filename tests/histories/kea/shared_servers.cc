// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/shared_servers.h>

#include <tests/histories/kea/kea_server.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Each server is another user, so that their connections can be told apart.
std::string
userOf(unsigned server) {
    return (server == 1 ? "keatest" : "keatest" + std::to_string(server));
}

/// What an engine is told, each statement by itself.
struct Dialect {
    std::vector<std::string> make_journal;
    std::string take_journal;
    std::string count_connections;  ///< of a user, to be added
};

const char* const COLUMNS = "address, hwaddr, client_id, valid_lifetime, expire, subnet_id, state";

/// A record that is gone has no lifetime, as in a lease file.
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

SharedPair::SharedPair(Link& link, Database& database, const History& history) :
    history_(history), database_(database), wire_(link, history.threads > 0, [this] {
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
SharedPair::makeJournal() {
    for (const auto& statement : dialectOf(history_).make_journal) {
        database_.query(statement);
    }
}

ServerSetup
SharedPair::setupFor(unsigned server, const std::string& policy) const {
    ServerSetup setup = stage(policy, history_.takeover, history_.threads);
    setup.address = serverAddress(server);
    database_.use(setup, {{"user", userOf(server)}});
    return (setup);
}

std::vector<KeaServer*>
SharedPair::meant(unsigned server) {
    if (server != EVERY_SERVER) {
        return {servers_.at(server - 1).get()};
    }
    return {servers_.front().get(), servers_.back().get()};
}

std::vector<KeaServer*>
SharedPair::running() {
    std::vector<KeaServer*> up = meant(EVERY_SERVER);
    up.erase(std::remove_if(up.begin(), up.end(), [](KeaServer* server) { return (server->pid() < 0); }),
             up.end());
    return (up);
}

void
SharedPair::start(unsigned server) {
    for (KeaServer* one : meant(server)) {
        one->start();
    }
}

bool
SharedPair::isConnected(unsigned server) {
    const auto count = dialectOf(history_).count_connections + "'" + userOf(server) + "'";
    return (database_.query(count).at(0).at(0) != "0");
}

/// What it has sent to the database is carried out all the same: waits for that, by its connections.
void
SharedPair::kill(unsigned server) {
    KeaServer& one = *servers_.at(server - 1);
    if (one.pid() < 0) {
        return;
    }
    one.kill();
    wire_.lose(server);
    if (!eventually([&] { return (!isConnected(server)); })) {
        throw std::runtime_error("connections to the database outlive a server");
    }
}

void
SharedPair::restart(unsigned server) {
    for (KeaServer* one : meant(server)) {
        one->restart();
    }
}

void
SharedPair::reload(unsigned server) {
    for (KeaServer* one : meant(server)) {
        succeed(*one, "config-reload");
    }
}

void
SharedPair::setPolicy(const std::string& policy) {
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
SharedPair::now() const {
    return (servers_.front()->frozenTime());
}

bool
SharedPair::advanceClock(unsigned seconds) {
    servers_.front()->advanceClock(seconds);
    return (false);
}

void
SharedPair::reclaim(bool remove) {
    succeed(*running().back(), "leases-reclaim", {{"remove", remove}});
}

void
SharedPair::send(const std::vector<Query>& queries) {
    wire_.send(queries);
}

std::vector<Answer>
SharedPair::collect(const std::function<bool(const Query&)>& owed) {
    try {
        return (wire_.collect(owed));
    } catch (const std::exception& error) {
        for (KeaServer* server : running()) {
            if (!server->isRunning()) {
                throw std::runtime_error("server " + server->address().toText() +
                                         " died: " + error.what());
            }
        }
        throw;
    }
}

std::vector<Answer>
SharedPair::leftovers() {
    auto answers = wire_.drain();
    const auto others = collect([](const Query&) { return (true); });
    answers.insert(answers.end(), others.begin(), others.end());
    return (answers);
}

std::vector<Row>
SharedPair::written() {
    std::vector<LeaseRecord> records;
    for (const auto& row : database_.query(dialectOf(history_).take_journal)) {
        records.push_back(Database::leaseOf(row));
    }
    return (rowsOf(records));
}

std::vector<Row>
SharedPair::leases() {
    return (rowsOf(database_.leases()));
}

std::vector<Json>
SharedPair::conflicts() {
    std::vector<Json> all;
    for (KeaServer* server : running()) {
        const auto some = conflictsOf(*server);
        all.insert(all.end(), some.begin(), some.end());
    }
    return (all);
}

std::vector<Json>
SharedPair::audit() {
    std::vector<Json> all;
    for (const KeaServer* server : meant(EVERY_SERVER)) {
        const auto some = server->audit();
        all.insert(all.end(), some.begin(), some.end());
    }
    return (all);
}

std::vector<std::string>
SharedPair::troubles() {
    std::vector<std::string> all;
    for (const KeaServer* server : meant(EVERY_SERVER)) {
        const auto some = troublesOf(*server);
        all.insert(all.end(), some.begin(), some.end());
    }
    return (all);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
