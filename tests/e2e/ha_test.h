// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_E2E_HA_TEST_H
#define CLONE_GUARD_E2E_HA_TEST_H

#include "e2e_test.h"
#include "ha_pair.h"

#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief A test with two servers in Kea's own high availability; the parameter is the mode.
///
/// Machines talk to both, as through a relay that knows both: the one answers whose turn it is.
class HaTest : public E2eTest, public ::testing::WithParamInterface<std::string> {
protected:
    using Machines = std::vector<SimClient*>;

    /// @brief Starts the pair and waits until both do what they should.
    void serveBoth(const ServerSetup& first, const ServerSetup& second, bool cabled = false);

    /// @brief The same with the same setup for both.
    void serveBoth(const ServerSetup& setup = guarded("mac-fallback"), bool cabled = false) {
        serveBoth(setup, setup, cabled);
    }

    HaPair& pair() {
        return (*pair_);
    }

    /// @brief Has all machines talk to both servers, or to one alone with @ref turnTo.
    void turnToBoth();

    /// @brief The number of the server that answered a machine last.
    unsigned serverOf(const SimClient& machine);

    /// @brief Three clones and a host like others, all with addresses; the first is the holder.
    Machines populate();

    /// @brief How many renew, come back, boot and rebind with the address that they had.
    size_t countKept(const Machines& machines);

    /// @brief Expects that all keep theirs, and says so with the figure.
    void expectAllKept(const Machines& machines, const std::string& when);

    /// @brief The leases of a server in the order of their addresses, with all that it knows.
    Json leasesOf(unsigned number);

    /// @brief Whether both servers have the same leases: with the same times, identifiers, states.
    bool leasesAgree() {
        return (leasesOf(1) == leasesOf(2));
    }

private:
    std::unique_ptr<HaPair> pair_;
};

/// @brief Names a test after its mode.
inline std::string
modeOf(const ::testing::TestParamInfo<std::string>& mode) {
    return (mode.param == "hot-standby" ? "hotStandby" : "loadBalancing");
}

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_E2E_HA_TEST_H
