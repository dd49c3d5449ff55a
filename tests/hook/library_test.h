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

/// @brief One query on its way through the hook points, in the order of the server.
class Exchange {
public:
    explicit Exchange(const Wire& wire);
    explicit Exchange(isc::dhcp::Pkt4Ptr query);

    /// @brief pkt4_receive. @return what the server does next.
    Status receive();

    /// @brief lease4_select with the lease that the server is about to make.
    Status select(const isc::dhcp::Lease4Ptr& lease, bool fake = false);

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

/// @brief The real library, loaded as the server loads it.
class LibraryTest : public KeaTest {
protected:
    void SetUp() override;
    void TearDown() override;

    /// @brief Its path: the environment's CLONE_GUARD_LIBRARY, else that of this build.
    static const char* library();

    /// @brief What a new configuration comes to: libraries unloaded and loaded, dhcp4_srv_configured called,
    /// committed or rolled back.
    /// @param parameters of the library, as JSON.
    /// @return the error that the configuration was rejected with; empty if it was accepted.
    static std::string configure(const std::string& parameters = "{}",
                                 const std::string& json = CONFIGURATION);

    /// @brief The same for a configuration that has to be accepted.
    static void load(const std::string& parameters = "{}", const std::string& json = CONFIGURATION);

    static void unload();

    /// @brief How a claimant is known.
    static Bytes derivedOf(uint32_t machine);

    /// @brief The lease that the server makes out to a claimant, or extends.
    static isc::dhcp::Lease4Ptr leaseOf(uint32_t machine, const std::string& address);

    /// @brief Has a query received. @return its option 61 after that; nothing where it was dropped.
    static std::optional<Bytes> seenAs(const Wire& wire);
};

}  // namespace test
}  // namespace clone_guard

#endif
