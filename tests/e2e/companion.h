// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_E2E_COMPANION_H
#define CLONE_GUARD_E2E_COMPANION_H

#include "e2e_test.h"

#include <ostream>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief Where another library stands in the list, and how many threads the server has.
struct Company {
    std::string library;  ///< name of its file
    bool before = true;   ///< the other one first, then the guard
    unsigned threads = 0;
};

std::ostream& operator<<(std::ostream& stream, const Company& company);

/// @brief Both orders, where the release ships the library; nothing where it does not.
std::vector<Company> bothOrders(const std::string& library);

/// @brief The same with one thread and with several.
std::vector<Company> bothOrdersThreaded(const std::string& library);

/// @brief Only the other library first, only the guard first.
std::vector<Company> onlyBefore(const std::string& library);
std::vector<Company> onlyAfter(const std::string& library);

/// @brief Clones in the company of another library.
class CompanionTest : public E2eTest, public ::testing::WithParamInterface<Company> {
protected:
    /// @brief The policy mac-fallback, two networks, and the other library where the parameter says.
    static ServerSetup inCompany(const std::string& library, const Json& parameters = Json::object());

    /// @brief Two clones in one network and a third in another boot.
    ///
    /// The first two get addresses of their own, of which one is the claimant's.
    void meet();

    /// @brief All three keep what they have: from now on, and when the server has been started again.
    void expectApart();

    SimClient& first() {
        return (*clones_.at(0));
    }

    SimClient& second() {
        return (*clones_.at(1));
    }

    /// @brief The clone in the other network.
    SimClient& elsewhere() {
        return (*clones_.at(2));
    }

    /// @brief Waits until the server does as the other library wants it to.
    virtual void awaitService() {}

    /// @brief Has a machine boot.
    virtual Address boot(SimClient& machine) {
        return (machine.acquire());
    }

private:
    std::vector<SimClient*> clones_;
};

/// @brief A reply's option as text; empty if it is not there.
std::string textOption(const Reply& reply, uint8_t code);

}  // namespace test
}  // namespace clone_guard

/// Runs the tests of a suite in these orders, and none where the release does not ship the library.
#define CLONE_GUARD_IN_COMPANY(suite, orders)                                                           \
    GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(suite);                                               \
    INSTANTIATE_TEST_SUITE_P(Kea, suite, ::testing::ValuesIn(orders),                                   \
                             ::testing::PrintToStringParamName())

#endif  // CLONE_GUARD_E2E_COMPANION_H
