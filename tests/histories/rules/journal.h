// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H

#include <tests/e2e/harness/net/bytes.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A row of the lease file.
struct Row {
    Address address;
    std::string hw_address;  ///< as @ref toHex writes it
    std::string client_id;   ///< likewise
    uint64_t expires = 0;
    uint32_t valid_lifetime = 0;  ///< 0: released or deleted
    uint32_t subnet = 0;
    int state = 0;

    /// @brief Whether the lease is somebody's at that time.
    bool live(uint64_t now) const {
        return (state == 0 && valid_lifetime > 0 && now < expires);
    }

    std::string toText() const;
};

/// @brief What the server wrote about one address, after what it had written before.
struct Change {
    Row before;
    Row after;
};

/// @brief What is on record, and was on record: what the server writes, row by row.
class Journal {
public:
    /// @brief Takes what the server has written.
    ///
    /// @return what it changes, in order.
    std::vector<Change> add(const std::vector<Row>& rows);

    /// @brief The row of an address; one without hardware address if there was none yet.
    const Row& at(Address address) const;

    /// @brief Calls a function for every row with this identifier.
    void each(const std::string& client_id, const std::function<void(const Row&)>& function) const;

    const std::map<Address, Row>& rows() const {
        return (rows_);
    }

    /// @brief What the server has in memory after a start: the rows that were not there before go.
    ///
    /// @return how it differs from what it wrote; empty if it does not.
    std::string compare(const std::vector<Row>& leases);

private:
    std::map<Address, Row> rows_;
    Row none_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H
