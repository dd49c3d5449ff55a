// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_SERVER_H
#define CLONE_GUARD_TESTS_FUZZ_SERVER_H

#include <hook/kea_compat.h>

#include <tests/fuzz/sites.h>
#include <tests/hook/captured_log.h>

#include <core/identity/bytes.h>

#include <dhcp/dhcp4.h>
#include <dhcp/pkt4.h>
#include <dhcpsrv/alloc_engine.h>

#include <memory>
#include <optional>
#include <string>

namespace clone_guard {
namespace fuzz {

/// @brief A reply of the server.
struct Reply {
    uint8_t type = 0;  ///< DHCPOFFER, DHCPACK, DHCPNAK, or 0 for silence
    isc::asiolink::IOAddress address{0};
};

/// @brief A query on its way through the server.
struct Passage {
    isc::dhcp::Pkt4Ptr query;         ///< null if the server cannot read the packet
    std::optional<Bytes> identifier;  ///< option 61 as it was received
    bool dropped = false;             ///< by the guard
    Reply reply;
};

/// @brief The parts of a DHCPv4 server that handle queries, in this process: Kea's own packets, subnet selection,
/// allocation and memfile, and the hook library as the server loads it.
///
/// The class `Dhcpv4Srv` is not in a library of Kea, so its steps between these parts are repeated here.
class Server {
public:
    /// @return the only server. It loads the library and configures it.
    static Server& instance();

    /// @brief Removes all leases, and all that the guard and the server remember, so that no input depends on an earlier
    /// one.
    ///
    /// @param site the configuration from now on
    void reset(const Site& site);

    /// @brief Ends leases that have expired, as the server does from time to time.
    ///
    /// @param remove whether to remove them from the database
    void reclaim(bool remove);

    /// @brief Informs the guard of an update of the configuration from a back end.
    static void update();

    /// @brief Handles a packet.
    Passage handle(const Bytes& packet);

    /// @brief Sends a command to the guard.
    ///
    /// @return the answer, or null if the guard did not answer
    isc::data::ConstElementPtr command(const std::string& name,
                                       const isc::data::ConstElementPtr& arguments);

    /// @return what the guard has logged since the last packet
    [[nodiscard]] const test::CapturedLog& log() const {
        return (*log_);
    }

    /// @return how many exceptions of callouts the guard has caught, and how often it was degraded
    static int64_t degraded();

private:
    Server();
    void configure(const Site& site);
    static void callConfigured(const isc::dhcp::SrvConfigPtr& config);
    void answerRelease(const Passage& passage) const;
    void answerDecline(const Passage& passage) const;
    Reply allocate(const isc::dhcp::Pkt4Ptr& query, const isc::hooks::CalloutHandlePtr& handle);

    isc::dhcp::AllocEngine engine_;
    const Site* site_ = nullptr;
    std::unique_ptr<test::CapturedLog> log_;
};

}  // namespace fuzz
}  // namespace clone_guard

#endif
