// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_LEASES_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_LEASES_H

#include <tests/histories/kea/lease_file.h>

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The leases of each server of a pair in high availability, and their differences.
class PairLeases {
public:
    /// @brief Returns the server, 1 or 2, whose lease of an address counts.
    using Authority = std::function<unsigned(Address)>;

    PairLeases(const std::string& first_file, const std::string& second_file, Authority authority);

    /// @brief Reads the leases that both servers have written for clients and for their partner.
    void read();

    /// @brief Reads the leases that both servers have exchanged after a reunion; no client has caused them. Kea does
    /// not resolve the differences that are left.
    void reunite();

    /// @brief Checks whether both servers have the same leases, except for differences since the last reunion.
    bool agree();

    /// @brief Accepts the present differences, after both servers have failed to agree.
    ///
    /// @return The differences that are faults, in words.
    std::vector<std::string> reportDifferences();

    /// @brief Separates past changes from those to come: they are not concurrent.
    void forgetRecent();

    /// @brief Returns the rows since the last call, in order, of the server whose lease counts.
    std::vector<Row> written();

    /// @brief Returns the leases that differ from those returned before: another server's lease counts now, or the two
    /// servers were reunited.
    std::vector<Row> authorityChanges();

    /// @brief Returns the leases that a server has kept through the last reunion, and that do not count: the other server
    /// has deleted them.
    std::vector<Row> staleCopies() const;

    /// @brief Returns the addresses that concurrent changes gave to several clients, or gave and released.
    const std::set<Address>& contested() const {
        return (contested_);
    }

private:
    using Rows = std::map<Address, Row>;

    struct Peer {
        LeaseFile file;
        Rows rows;  ///< the last row of each address
        /// @brief The rows since both servers agreed, as owner and text.
        std::map<Address, std::multiset<std::pair<std::string, std::string>>> recent;
    };

    std::vector<Row> readFiles();
    std::set<Address> differences() const;
    size_t ownersOf(Address address) const;
    bool isExcused(Address address);
    std::array<Peer, 2> peers_;
    Authority authority_;
    Rows reported_;                        ///< the leases returned so far
    std::vector<Row> unread_;              ///< rows that written() has not returned yet
    std::set<Address> known_differences_;  ///< differences since the last reunion
    std::set<Address> contested_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_LEASES_H
