// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_BENCH_NETWORKS_H
#define CLONE_GUARD_TESTS_BENCH_NETWORKS_H

#include <tests/e2e/harness/clients/load.h>
#include <tests/e2e/harness/servers/server_setup.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace bench {

/// @brief The subnets of a server, and a relay in each of them.
struct Networks {
    std::vector<e2e::Json> subnets;
    std::vector<e2e::Json> shared_networks;
    std::vector<e2e::Address> relays;

    void applyTo(e2e::ServerSetup& setup) const;
};

/// @brief Returns the networks of a name: "1" for one subnet, "1000" for a thousand subnets, "250x4" for shared networks
/// of four subnets each, "1x1000" for one shared network.
///
/// @throw std::runtime_error if the name is unknown.
Networks networksOf(const std::string& name);

}  // namespace bench
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_BENCH_NETWORKS_H
