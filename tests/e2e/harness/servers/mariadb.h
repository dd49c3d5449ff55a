// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_MARIADB_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_MARIADB_H

#include <tests/e2e/harness/servers/database.h>

namespace clone_guard {
namespace e2e {

/// @brief MariaDB, which Kea calls mysql.
class MariaDb : public Database {
public:
    MariaDb() : Database("mysql") {}

    void limitConnections(unsigned most) override;
    void liftLimit() override;
    void disconnectAll() override;
    void countStatements() override;
    unsigned statements() override;

private:
    std::string user() const override {
        return ("mysql");
    }
    uint16_t port() const override {
        return (3306);
    }
    std::string library() const override {
        return ("libdhcp_mysql.so");
    }
    void makeFiles() override;
    void makeDatabase() override;
    std::vector<std::string> serverCommand() const override;
    int stopSignal() const override;
    std::vector<std::string> clientCommand() const override;
    std::string selectLeases() const override;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_MARIADB_H
