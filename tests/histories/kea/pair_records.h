// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_RECORDS_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_RECORDS_H

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

/// @brief What each server of a pair in high availability has on record, and where the two differ.
class PairRecords {
public:
    /// @brief Whose record of an address counts: 1 or 2.
    using Authority = std::function<unsigned(Address)>;

    PairRecords(const std::string& first_file, const std::string& second_file, Authority authority);

    /// @brief Takes in what they have written for their clients, and for each other.
    void read();

    /// @brief Takes in what they have written until they were of one mind again; it is no client's doing. Where they
    /// differ now, nobody will see to it.
    void reunite();

    /// @brief Whether they have come to have the same, but for where they differed when they were reunited.
    bool agree();

    /// @brief They have not come to have the same for too long.
    ///
    /// @return where that is a fault, in words.
    std::vector<std::string> differ();

    /// @brief From now on what was written before is not of the same instant.
    void forgetRecent();

    /// @brief What was written since the last call, in order, by whose record counts.
    std::vector<Row> written();

    /// @brief What is on record in another way than was said, because another's record counts or the two were reunited.
    std::vector<Row> resettled();

    /// @brief Addresses that several were given in the same instant, or one was given while another gave it up.
    const std::set<Address>& contested() const {
        return (contested_);
    }

private:
    using Rows = std::map<Address, Row>;

    struct Side {
        LeaseFile file;
        Rows rows;  ///< what it has written, last of all
        /// @brief What it has written since the two agreed: whose it is, and in words.
        std::map<Address, std::multiset<std::pair<std::string, std::string>>> recent;
    };

    std::vector<Row> takeIn();
    std::set<Address> differences() const;
    size_t ownersOf(Address address) const;
    bool isExcused(Address address);
    std::array<Side, 2> sides_;
    Authority authority_;
    Rows told_;                 ///< what was said to be on record
    std::vector<Row> fresh_;    ///< of that, what was not yet fetched
    std::set<Address> unlike_;  ///< where the two have not been of one mind since they were reunited
    std::set<Address> contested_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_RECORDS_H
