// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_DECLINED_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_DECLINED_LEASES_H

#include <tool/scan/declined_address.h>
#include <tool/scan/lease_row.h>
#include <tool/scan/lease_store.h>

#include <map>
#include <vector>

namespace clone_guard {

/// @brief Collects from lease files which addresses are declined, and which client declined each.
///
/// The server removes the client from the lease of a declined address, so the client is that of the lease before it.
class DeclinedLeases {
public:
    DeclinedLeases() : recent_(RECENT) {}

    /// @brief Adds the lease of a declined address, or its end: a lifetime of zero.
    ///
    /// @param server number of the server whose file has the row.
    void addDeclined(const LeaseRow& row, uint16_t server);

    /// @brief Adds any other lease: its address is not declined any more.
    ///
    /// @param user the client; null without an identifier. The client has to outlive this object.
    void addLease(const LeaseRow& row, const SoleUser* user, uint16_t server);

    /// @return the time of the last DECLINE of an address, or UtcSeconds() if it was never declined.
    [[nodiscard]] UtcSeconds lastDecline(IpAddress address) const;

    /// @return the addresses that are declined at the end of the files, in their order.
    [[nodiscard]] std::vector<DeclinedAddress> current() const;

private:
    /// The number of recent leases whose client is remembered. A client declines within seconds.
    static constexpr size_t RECENT = size_t{1} << 14U;

    struct Decline {
        UtcSeconds time;
        UtcSeconds until;  ///< equal to @c time for an address that is not declined any more
        const SoleUser* user = nullptr;
        bool is_known = false;  ///< the files have the lease before; its client may have no identifier
        uint32_t subnet = 0;
        uint16_t server = 0;
    };
    struct Recent {
        IpAddress address;
        const SoleUser* user = nullptr;
    };

    [[nodiscard]] static size_t slotOf(IpAddress address) noexcept;

    std::map<IpAddress, Decline> declines_;
    std::vector<Recent> recent_;
};

}  // namespace clone_guard

#endif
