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

/// @brief A server's configuration: two lone subnets, and a shared network of two.
extern const char* const CONFIGURATION;

/// @brief The inside of a DHCPv4 server without the server: configuration, lease database, statistics, logs.
class KeaTest : public ::testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// @brief Reads a configuration as the server does, up to the point where libraries are loaded.
    static isc::dhcp::SrvConfigPtr stage(const std::string& json = CONFIGURATION);

    /// @brief Makes it the server's.
    static void commit(const std::string& json = CONFIGURATION);

    /// @brief Writes a lease.
    /// @param age seconds since the client was heard.
    static isc::dhcp::Lease4Ptr addLease(const std::string& address, const Bytes& identifier,
                                         const HardwareAddress& hardware_address, uint32_t subnet_id = 1,
                                         int64_t age = 10, uint32_t valid = 3600);

    /// @return a statistic's value; 0 where there is none.
    static int64_t statistic(const std::string& name);

    CapturedLog log_;
};

}  // namespace test
}  // namespace clone_guard

#endif
