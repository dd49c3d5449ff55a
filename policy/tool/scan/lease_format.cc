// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_format.h>

#include <tool/cli/text.h>
#include <tool/scan/lease_text.h>

#include <cstdint>

namespace clone_guard {

namespace {

bool
isDhcpd(std::string_view line) noexcept {
    return (startsWith(line, "# The format of this file is documented in the dhcpd.leases") ||
            startsWith(line, "# This lease file was written by isc-dhcp") ||
            startsWith(line, "authoring-byte-order ") || startsWith(line, "server-duid ") ||
            startsWith(line, "lease ") || startsWith(line, "failover peer ") ||
            startsWith(line, "ia-na "));
}

bool
isRouteros(std::string_view line) noexcept {
    return ((line.front() == '#' && line.find(" by RouterOS") != std::string_view::npos) ||
            (line.front() == '[' && line.find('@') != std::string_view::npos &&
             line.find("lease") != std::string_view::npos) ||
            line.front() == '/' || startsWith(line, "Flags: X ") || startsWith(line, "add address="));
}

/// Checks for a line "1795786957 bc:24:11:5e:00:01 192.0.2.149 web-1 *".
bool
isDnsmasq(std::string_view line) noexcept {
    uint64_t expires = 0;
    if (startsWith(line, "duid ")) {
        return (true);  // leases for DHCPv6 only
    }
    const bool has_time = readNumber(takeWord(line), expires);
    const auto hw_address = takeWord(line);
    return (has_time &&
            hw_address.find_first_not_of("0123456789abcdefABCDEF:-") == std::string_view::npos &&
            parseAddress(takeWord(line)).has_value());
}

}  // namespace

LeaseFormat
recogniseFormat(std::string_view head) noexcept {
    head = withoutMark(head);
    while (!head.empty()) {
        const auto end = head.find('\n');
        const auto line = trimmed(head.substr(0, end));
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
        if (line.empty()) {
            continue;
        }
        if (isDhcpd(line)) {
            return (LeaseFormat::DHCPD);
        }
        if (isRouteros(line)) {
            return (LeaseFormat::ROUTEROS);
        }
        if (line.front() == '{' || line.front() == '[') {
            return (LeaseFormat::NETWORKD);
        }
        if (isDnsmasq(line)) {
            return (LeaseFormat::DNSMASQ);
        }
        if (line.front() != '#') {
            break;
        }
    }
    return (LeaseFormat::KEA);
}

const char*
formatName(LeaseFormat format) noexcept {
    switch (format) {
    case LeaseFormat::DNSMASQ:
        return ("dnsmasq");
    case LeaseFormat::DHCPD:
        return ("dhcpd");
    case LeaseFormat::NETWORKD:
        return ("networkd");
    case LeaseFormat::ROUTEROS:
        return ("routeros");
    case LeaseFormat::SERVER:
        return ("server");
    case LeaseFormat::KEA:
        break;
    }
    return ("kea");
}

const char*
formatLimit(LeaseFormat format) noexcept {
    switch (format) {
    case LeaseFormat::DNSMASQ:
        return (
            "dnsmasq keeps one lease for each client identifier, no history, and no time of the last "
            "message. Compare copies of the file with --copies.");
    case LeaseFormat::DHCPD:
        return (
            "ISC dhcpd writes no subnets: addresses with the prefix of --prefix count as one network.");
    case LeaseFormat::NETWORKD:
        return ("systemd-networkd keeps one lease for each client identifier, with the first hardware "
                "address. The file does not show clones.");
    case LeaseFormat::ROUTEROS:
        return ("An export of RouterOS has static leases only; the output of 'print detail' has all "
                "leases.");
    case LeaseFormat::SERVER:
        return (
            "The server has its current leases and no history. It does not show clones that took turns "
            "with one lease, nor which machines are sealed: 'clone-guard conflicts' lists those that "
            "the "
            "guard has seen.");
    case LeaseFormat::KEA:
        break;
    }
    return ("");
}

bool
needsCopies(LeaseFormat format) noexcept {
    return (format == LeaseFormat::DNSMASQ || format == LeaseFormat::NETWORKD);
}

}  // namespace clone_guard
