// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_file.h>

#include <tool/scan/dhcpd_leases.h>
#include <tool/scan/dnsmasq_leases.h>
#include <tool/scan/kea_leases.h>
#include <tool/scan/networkd_leases.h>
#include <tool/scan/routeros_leases.h>

namespace clone_guard {

namespace {

/// A server writes less than this before its first record.
constexpr size_t HEAD = 4096;

std::unique_ptr<LeaseReader>
makeReader(LeaseFormat format, const std::string& path, LineReader& lines,
           LeaseReader::OnDamage on_damage, const LeaseAssumptions& assumptions) {
    switch (format) {
    case LeaseFormat::DNSMASQ:
        return (std::make_unique<DnsmasqLeases>(lines, std::move(on_damage), assumptions));
    case LeaseFormat::DHCPD:
        return (std::make_unique<DhcpdLeases>(path, lines, std::move(on_damage), assumptions));
    case LeaseFormat::NETWORKD:
        return (std::make_unique<NetworkdLeases>(path, lines, std::move(on_damage), assumptions));
    case LeaseFormat::ROUTEROS:
        return (std::make_unique<RouterosLeases>(lines, std::move(on_damage), assumptions));
    case LeaseFormat::SERVER:
    case LeaseFormat::KEA:
        break;
    }
    return (std::make_unique<KeaLeases>(path, lines, std::move(on_damage)));
}

}  // namespace

LeaseFile::LeaseFile(const std::string& path, OnDamage on_damage, const LeaseAssumptions& assumptions) :
    lines_(path), format_(recogniseFormat(lines_.peek(HEAD))),
    reader_(makeReader(format_, path, lines_, std::move(on_damage), assumptions)) {}

const LeaseRow*
LeaseFile::next() {
    const auto* const row = reader_->next();
    rows_ += row == nullptr ? 0 : 1;
    return (row);
}

}  // namespace clone_guard
