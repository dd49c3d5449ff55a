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

/// @brief A database server for leases: a real one, in a temporary directory of its own, on 127.0.0.1.
///
/// It has Kea's schema, made by kea-admin, and is as fast as a server is that need not survive a power failure. It
/// ends with the object, or with the program. One of each kind can run in a network namespace.
class Database {
public:
    /// @brief What Kea's user "keatest" logs in with. Kea refuses passwords that everybody knows, that name among them.
    static constexpr const char* PASSWORD = "leases-of-clones";

    /// @brief A row of a query's result; null is an empty text.
    using SqlRow = std::vector<std::string>;

    /// @param engine postgresql or mysql, as Kea names them; for the latter the server is MariaDB.
    ///
    /// @throw std::runtime_error if it cannot be made or does not start, with what it said.
    static std::unique_ptr<Database> make(const std::string& engine);

    virtual ~Database();

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// @brief Has a server keep its leases here, by built-in code or by Kea's library where there is one.
    ///
    /// @param more further entries of "lease-database".
    void use(ServerSetup& setup, const Json& more = Json::object()) const;

    /// @brief Starts it, again, and waits until it answers.
    void start();

    /// @brief Ends it in order; who is connected loses the connection at once.
    void stop();

    /// @brief Ends it with kill -9, all of its processes.
    void kill();

    /// @brief Has it stand still: connections stay, nothing is answered.
    void pause();
    void resume();

    /// @brief Lets Kea's user have so many connections at the same time; 0: none. Those that there are stay.
    virtual void limitConnections(unsigned most) = 0;
    virtual void liftLimit() = 0;

    /// @brief Ends the connections of Kea's user.
    virtual void disconnectAll() = 0;

    /// @brief Counts the statements of Kea's user on leases, from now on.
    virtual void countStatements() = 0;

    /// @brief How many statements named the table of leases since @ref countStatements.
    virtual unsigned statements() = 0;

    /// @brief Runs one statement as the administrator of the database, without the semicolon.
    ///
    /// @throw std::runtime_error if it fails, with what the client program said.
    std::vector<SqlRow> query(const std::string& statement);

    /// @brief All leases, by address, as a lease file has them.
    std::vector<LeaseRecord> leases();

    /// @brief A lease of a query's result: address, hardware address and identifier in hexadecimal digits, lifetime,
    /// end in seconds since 1970, subnet, state.
    static LeaseRecord leaseOf(const SqlRow& row);

    /// @brief Removes all leases.
    void clear();

    const std::string& directory() const {
        return (directory_.path());
    }

    /// @brief What the server wrote to its log.
    std::string log() const;

protected:
    explicit Database(const std::string& engine);

    /// @brief Makes its files, starts it, makes database and schema.
    void build();

    /// @brief Runs a program of the database's user to its end.
    ///
    /// @throw std::runtime_error if it fails, with what it said.
    void run(const std::vector<std::string>& command) const;

    /// @brief Whether its database "keatest" is there for the client program.
    bool hasDatabase() const {
        return (has_database_);
    }

    /// @brief A path in its directory.
    std::string path(const std::string& name) const {
        return (directory_.file(name));
    }

private:
    virtual std::string user() const = 0;  ///< whom it runs as
    virtual uint16_t port() const = 0;
    virtual std::string library() const = 0;  ///< Kea's, where the code is not built in
    virtual void makeFiles() = 0;
    virtual void makeDatabase() = 0;
    virtual std::vector<std::string> serverCommand() const = 0;
    virtual int stopSignal() const = 0;  ///< for a stop that does not wait for those connected
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
