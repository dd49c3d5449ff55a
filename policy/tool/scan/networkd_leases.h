// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_NETWORKD_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_NETWORKD_LEASES_H

#include <tool/scan/lease_reader.h>

#include <vector>

namespace clone_guard {

/// @brief Reads the leases that the DHCP server of systemd-networkd keeps since release 256: one JSON document.
class NetworkdLeases : public LeaseReader {
public:
    /// @brief The longest document in bytes. The largest pool, 65,536 leases, needs a third.
    static constexpr size_t LONGEST = size_t{1} << 26U;

    /// @param path names the file in errors.
    /// @throw Failure if the file is not such a document.
    NetworkdLeases(const std::string& path, LineReader& lines, OnDamage on_damage,
                   const LeaseAssumptions& assumptions);

    const LeaseRow* next() override;

private:
    struct Lease {
        IpAddress address;
        Bytes hw_address;
        Bytes identifier;
        std::string hostname;
        UtcSeconds time;
    };
    class Document;

    LeaseAssumptions assumptions_;
    std::vector<Lease> leases_;
    size_t at_ = 0;
    LeaseRow row_;
};

}  // namespace clone_guard

#endif
