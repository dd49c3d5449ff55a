// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_E2E_DATABASE_TEST_H
#define CLONE_GUARD_E2E_DATABASE_TEST_H

#include "database.h"
#include "e2e_test.h"

#include <map>
#include <memory>
#include <string>

namespace clone_guard {
namespace test {

/// @brief A test with servers that keep their leases in a database server; the parameter is its kind.
class DatabaseTest : public E2eTest, public ::testing::WithParamInterface<std::string> {
protected:
    static void TearDownTestSuite() {
        databases().clear();
    }

    void SetUp() override {
        E2eTest::SetUp();
        if (IsSkipped()) {
            return;
        }
        // One for all tests: it takes seconds to make one.
        auto& mine = databases()[GetParam()];
        if (!mine) {
            mine = Database::make(GetParam());
        }
        database_ = mine.get();
        database_->clear();
    }

    Database& database() {
        return (*database_);
    }

    /// @brief A setup of one of the servers, from 1 to 4.
    ServerSetup setupOf(unsigned number, const Json& lease_database = Json::object()) {
        ServerSetup setup = guarded("mac-fallback");
        setup.address = serverAddress(number);
        database().use(setup, lease_database);
        return (setup);
    }

    /// @brief Starts two servers on the database.
    void serveBoth() {
        serve(setupOf(1));
        serveBeside(setupOf(2));
    }

    /// @brief The identifier under which a machine is on record for its address.
    std::string identifierOnRecord(const SimClient& machine) {
        for (const auto& lease : database().leases()) {
            if (lease.address == machine.address() && lease.hw_address == machine.hwText()) {
                return (lease.client_id);
            }
        }
        return ("none");
    }

private:
    static std::map<std::string, std::unique_ptr<Database>>& databases() {
        static std::map<std::string, std::unique_ptr<Database>> all;
        return (all);
    }

    Database* database_ = nullptr;
};

/// @brief Names a test after its database.
inline std::string
nameOf(const ::testing::TestParamInfo<std::string>& database) {
    return (database.param);
}

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_E2E_DATABASE_TEST_H
