// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_LEASE_FILE_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_LEASE_FILE_H

#include <tests/e2e/harness/servers/server_setup.h>
#include <tests/histories/rules/journal.h>

#include <fstream>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Reads a lease file while the server writes it.
class LeaseFile {
public:
    explicit LeaseFile(const std::string& file) : file_(file) {}

    /// @brief Reads the rows written since the last call.
    ///
    /// @return The rows, in order.
    std::vector<Row> read();

private:
    std::string file_;
    std::ifstream stream_;
    std::string rest_;
};

/// @brief Converts the leases in an answer to lease4-get-all.
std::vector<Row> rowsOf(const Json& leases);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_LEASE_FILE_H
