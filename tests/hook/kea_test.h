// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_KEA_TEST_H
#define CLONE_GUARD_TESTS_HOOK_KEA_TEST_H

#include <hook/kea_compat.h>

#include <tests/hook/captured_log.h>

#include <tests/policy/support.h>

#include <dhcpsrv/lease.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

/// @brief A configuration of the server: two subnets, and a shared network of two subnets.
extern const char* const CONFIGURATION;

/// @brief Provides configuration, lease database, statistics and logs of a DHCPv4 server without the server.
class KeaTest : public ::testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// @brief Parses a configuration as the server does before it loads libraries.
    static isc::dhcp::SrvConfigPtr stage(const std::string& json = CONFIGURATION);

    /// @brief Parses a configuration and puts it in force.
    static void commit(const std::string& json = CONFIGURATION);

    /// @brief Adds a lease to the lease database.
    ///
    /// @param age seconds since the last message of the client
    static isc::dhcp::Lease4Ptr addLease(const std::string& address, const Bytes& identifier,
                                         const HardwareAddress& hardware_address, uint32_t subnet_id = 1,
                                         int64_t age = 10, uint32_t valid = 3600);

    /// @return the value of a statistic, or 0 if it does not exist
    static int64_t statistic(const std::string& name);

    CapturedLog log_;
};

}  // namespace test
}  // namespace clone_guard

#endif
