// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DATABASE_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DATABASE_H

#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/e2e/harness/servers/scratch_directory.h>

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A real database server for leases, in its own temporary directory, on 127.0.0.1.
///
/// It has Kea's schema, made by kea-admin, and does not sync to disk. It ends with the object, or with the test
/// program. A network namespace can hold one of each engine.
class Database {
public:
    /// @brief The password of Kea's user "keatest". Kea refuses well-known passwords, that name among them.
    static constexpr const char* PASSWORD = "leases-of-clones";

    /// @brief A row of a query's result; NULL is an empty text.
    using SqlRow = std::vector<std::string>;

    /// @param engine postgresql or mysql, as Kea names them; the latter is MariaDB.
    ///
    /// @throw std::runtime_error with its output if it cannot be made or does not start.
    static std::unique_ptr<Database> make(const std::string& engine);

    virtual ~Database();

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// @brief Makes a server keep its leases here, by built-in code or by Kea's library if the release has one. The
    /// database has to outlive the server.
    ///
    /// @param more further entries of "lease-database".
    void use(ServerSetup& setup, const Json& more = Json::object());

    /// @brief Starts it, for the first time or again, and waits until it answers.
    void start();

    /// @brief Stops it in order; its clients lose their connections at once.
    void stop();

    /// @brief Kills all of its processes.
    void kill();

    /// @brief Suspends it: connections stay, and no query is answered.
    void pause();
    void resume();

    /// @brief Limits the connections of Kea's user, 0 for none. Open connections stay.
    virtual void limitConnections(unsigned most) = 0;
    virtual void liftLimit() = 0;

    /// @brief Closes the connections of Kea's user.
    virtual void disconnectAll() = 0;

    /// @brief Starts to count the statements of Kea's user on leases.
    virtual void countStatements() = 0;

    /// @brief Returns the number of statements on the table of leases since @ref countStatements.
    virtual unsigned statements() = 0;

    /// @brief Runs one statement, given without semicolon, as the administrator of the database.
    ///
    /// @throw std::runtime_error with the client program's output if it fails.
    std::vector<SqlRow> query(const std::string& statement);

    /// @brief Returns all leases, in the order of their addresses.
    std::vector<LeaseRecord> leases();

    /// @brief Converts a row to a lease: address, hardware address and identifier in hexadecimal digits, lifetime,
    /// expiry in seconds since 1970, subnet, state.
    static LeaseRecord leaseOf(const SqlRow& row);

    /// @brief Removes all leases.
    void clear();

    const std::string& directory() const {
        return (directory_.path());
    }

    /// @brief Returns the server's log.
    std::string log() const;

protected:
    explicit Database(const std::string& engine);

    /// @brief Makes its files, starts it, makes database and schema.
    void build();

    /// @brief Runs a program as the database's user, and waits for its end.
    ///
    /// @throw std::runtime_error with its output if it fails.
    void run(const std::vector<std::string>& command) const;

    /// @brief True if the database "keatest" exists.
    bool hasDatabase() const {
        return (has_database_);
    }

    /// @brief Returns the path of a file in its directory.
    std::string path(const std::string& name) const {
        return (directory_.file(name));
    }

private:
    virtual std::string user() const = 0;  ///< the user that runs the server
    virtual uint16_t port() const = 0;
    virtual std::string library() const = 0;  ///< Kea's library, if the code is not built in
    virtual void makeFiles() = 0;
    virtual void makeDatabase() = 0;
    virtual std::vector<std::string> serverCommand() const = 0;
    virtual int stopSignal() const = 0;  ///< for a stop that does not wait for clients
    virtual std::vector<std::string> clientCommand() const = 0;
    virtual std::string selectLeases() const = 0;

    pid_t spawn(const std::vector<std::string>& command, const std::string& user, int input,
                int output) const;
    void signalAll(int signal) const;
    void openClient();
    void closeClient();
    std::vector<SqlRow> ask(const std::string& statement);

    std::string engine_;
    ScratchDirectory directory_;
    bool has_database_ = false;
    pid_t pid_ = -1;
    pid_t client_ = -1;
    FILE* to_client_ = nullptr;
    FILE* from_client_ = nullptr;
    unsigned last_mark_ = 0;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DATABASE_H
