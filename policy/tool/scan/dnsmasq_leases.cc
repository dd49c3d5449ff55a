// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/dnsmasq_leases.h>

#include <tool/cli/text.h>
#include <tool/scan/lease_text.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// The latest time that is taken from a record.
constexpr uint64_t LATEST_EXPIRY = UINT32_MAX;

/// Parses a hardware address. A type other than Ethernet is before it: "20-00:11:22".
bool
readHardware(std::string_view text, Bytes& bytes) {
    const auto dash = text.find('-');
    if (dash != std::string_view::npos) {
        text.remove_prefix(dash + 1);
    }
    return (fromHex(text, bytes) && bytes.size() <= MAX_LEASE_BYTES);
}

}  // namespace

/// Parses a line into the row. Returns null, or the reason if a field is invalid.
const char*
DnsmasqLeases::readFields(std::string_view line) {
    uint64_t expires = 0;
    if (!readNumber(takeWord(line), expires) || expires > LATEST_EXPIRY) {
        return ("invalid time");
    }
    if (!readHardware(takeWord(line), hw_address_)) {
        return ("invalid hardware address");
    }
    const auto address = parseAddress(takeWord(line));
    if (!address) {
        return ("invalid IPv4 address");
    }
    const auto hostname = takeWord(line);
    const auto identifier = takeWord(line);
    if (identifier.empty()) {
        return ("fields are missing");
    }
    identifier_.clear();
    if (identifier != "*" &&
        (!fromHex(identifier, identifier_) || identifier_.size() > MAX_LEASE_BYTES)) {
        return ("invalid client identifier");
    }
    row_.address = *address;
    row_.hw_address = hw_address_;
    row_.identifier = identifier_;
    row_.hostname = hostname == "*" ? std::string_view() : hostname;
    row_.prefix = assumptions_.prefix;
    row_.subnet = prefixOf(*address, row_.prefix);
    // The place of a lease without end shows its time.
    row_.lifetime = expires == 0 ? INFINITE_LIFETIME : assumptions_.lease_time;
    if (expires > 0) {
        row_.time = utcFromSeconds(std::max<int64_t>(
            0, static_cast<int64_t>(expires) - static_cast<int64_t>(assumptions_.lease_time.count())));
    }
    return (nullptr);
}

const LeaseRow*
DnsmasqLeases::next() {
    std::string_view line;
    while (!at_dhcpv6_ && lines().next(line)) {
        line = trimmed(withoutMark(line));
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (startsWith(line, "duid ")) {
            at_dhcpv6_ = true;  // all leases after it are for DHCPv6
            break;
        }
        const char* const reason = lines().cut() ? "too long" : readFields(line);
        if (reason == nullptr) {
            return (&row_);
        }
        skipLine(reason);
    }
    return (nullptr);
}

}  // namespace clone_guard
