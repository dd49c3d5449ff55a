// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_DNSMASQ_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_DNSMASQ_LEASES_H

#include <tool/scan/lease_reader.h>

namespace clone_guard {

/// @brief Reads a lease file of dnsmasq: a line for each lease, which shows when the lease expires.
class DnsmasqLeases : public LeaseReader {
public:
    DnsmasqLeases(LineReader& lines, OnDamage on_damage, const LeaseAssumptions& assumptions) :
        LeaseReader(lines, std::move(on_damage)), assumptions_(assumptions) {}

    const LeaseRow* next() override;

private:
    const char* readFields(std::string_view line);

    LeaseAssumptions assumptions_;
    Bytes hw_address_;
    Bytes identifier_;
    LeaseRow row_;
    bool at_dhcpv6_ = false;
};

}  // namespace clone_guard

#endif
