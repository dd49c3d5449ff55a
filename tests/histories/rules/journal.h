// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H

#include <tests/e2e/harness/net/bytes.h>

#include <cstdint>
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
    std::string hw_address;  ///< in the form of @ref toHex
    std::string client_id;   ///< in the same form
    uint64_t expires = 0;
    uint32_t valid_lifetime = 0;  ///< 0: released or deleted
    uint32_t subnet = 0;
    int state = 0;
    bool released = false;  ///< released by its client and still on record, with a lifetime of 0

    /// @brief Checks whether the server has the lease on record: in use, expired or released.
    bool onRecord() const {
        return (valid_lifetime > 0 || released);
    }

    /// @brief Checks whether the lease is in use at that time.
    bool live(uint64_t now) const {
        return (state == 0 && valid_lifetime > 0 && now < expires);
    }

    /// @brief Checks whether a BOOTP client has the lease: it never expires. The guard leaves such a client alone unless
    /// another machine has a live lease of the identifier (R1).
    bool isBootp() const {
        return (valid_lifetime == UINT32_MAX);
    }

    /// @brief Returns hardware address and identifier.
    std::string owner() const {
        return (hw_address + ", " + client_id);
    }

    std::string toText() const;
};

/// @brief Two rows that the server has written for one address, one after the other.
struct Change {
    Row before;
    Row after;
};

/// @brief The leases, as the server has written them row by row.
class Journal {
public:
    /// @brief Adds rows that the server has written.
    ///
    /// @return The changes that they make, in order.
    std::vector<Change> add(const std::vector<Row>& rows);

    /// @brief Returns the last row of an address, or a row without hardware address if the address is new.
    const Row& at(Address address) const;

    /// @brief Calls a function for each row with an identifier.
    void each(const std::string& client_id, const std::function<void(const Row&)>& function) const;

    const std::map<Address, Row>& rows() const {
        return (rows_);
    }

    /// @brief Compares the rows with the leases that the server has after a start, and forgets the others.
    ///
    /// A server that reads its lease file removes the released leases.
    ///
    /// @return The first difference in words, or an empty string if both agree.
    std::string compare(const std::vector<Row>& leases);

private:
    std::map<Address, Row> rows_;
    Row none_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_JOURNAL_H
