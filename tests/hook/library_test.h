// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_LIBRARY_TEST_H
#define CLONE_GUARD_TESTS_HOOK_LIBRARY_TEST_H

#include <tests/hook/kea_test.h>
#include <tests/hook/wire.h>

#include <hooks/callout_handle.h>

namespace clone_guard {
namespace test {

using Status = isc::hooks::CalloutHandle::CalloutNextStep;
constexpr auto CONTINUE = isc::hooks::CalloutHandle::NEXT_STEP_CONTINUE;
constexpr auto SKIP = isc::hooks::CalloutHandle::NEXT_STEP_SKIP;
constexpr auto DROP = isc::hooks::CalloutHandle::NEXT_STEP_DROP;

/// @brief Takes one query through the hook points, in the order of the server.
class Exchange {
public:
    explicit Exchange(const Wire& wire);
    explicit Exchange(isc::dhcp::Pkt4Ptr query);

    /// @brief Calls pkt4_receive.
    ///
    /// @return what the server does next
    Status receive();

    /// @brief Calls lease4_select with the lease that the server is about to make.
    ///
    /// @param offer_lifetime the lifetime in seconds of a lease that is made with an offer; 0: none
    Status select(const isc::dhcp::Lease4Ptr& lease, bool fake = false, uint32_t offer_lifetime = 0);

    [[nodiscard]] const isc::dhcp::Pkt4Ptr& query() const {
        return (query_);
    }
    [[nodiscard]] std::optional<Bytes> identifier() const {
        return (identifierIn(*query_));
    }
    [[nodiscard]] bool isIn(const std::string& client_class) const;

private:
    isc::dhcp::Pkt4Ptr query_;
    isc::hooks::CalloutHandlePtr handle_;
};

/// @brief Loads the real library as the server does.
class LibraryTest : public KeaTest {
protected:
    void SetUp() override;
    void TearDown() override;

    /// @return the path of the library: the environment's CLONE_GUARD_LIBRARY, or that of this build if it is not set
    static const char* library();

    /// @brief Applies a configuration as the server does: unloads and loads the library, calls dhcp4_srv_configured,
    /// then commits the configuration or rolls it back.
    ///
    /// @param parameters the parameters of the library, as JSON
    /// @return the error text, or empty if the configuration was accepted
    static std::string configure(const std::string& parameters = "{}",
                                 const std::string& json = CONFIGURATION);

    /// @brief Applies a configuration and expects the library to accept it.
    static void load(const std::string& parameters = "{}", const std::string& json = CONFIGURATION);

    static void unload();

    /// @brief Returns the derived identifier of a claimant.
    static Bytes derivedOf(uint32_t machine);

    /// @brief Returns the lease that the server makes for a claimant, or extends.
    static isc::dhcp::Lease4Ptr leaseOf(uint32_t machine, const std::string& address);

    /// @brief Takes a query through pkt4_receive.
    ///
    /// @return its option 61 afterwards, or std::nullopt if the query was dropped
    static std::optional<Bytes> seenAs(const Wire& wire);
};

}  // namespace test
}  // namespace clone_guard

#endif
