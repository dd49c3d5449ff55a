// SPDX-License-Identifier: MPL-2.0

#include <hook/packet/derived_option.h>

#include <core/audit/escape.h>

#include <dhcp/dhcp4.h>

#include <algorithm>

namespace clone_guard {

namespace {

using isc::dhcp::Option;

/// What the server itself puts into one option at most.
constexpr size_t MOST_AT_ONCE = 255 - Option::OPTION4_HDR_LEN;

}  // namespace

DerivedOption::DerivedOption(const Bytes& derived, const Bytes& own) :
    Option(Option::V4, isc::dhcp::DHO_DHCP_CLIENT_IDENTIFIER, derived), own_(own) {}

isc::dhcp::OptionPtr
DerivedOption::clone() const {
    return (cloneInternal<DerivedOption>());
}

void
DerivedOption::pack(isc::util::OutputBuffer& buffer, bool) const {
    for (size_t done = 0; done < own_.size(); done += MOST_AT_ONCE) {
        const auto size = std::min(MOST_AT_ONCE, own_.size() - done);
        buffer.writeUint8(static_cast<uint8_t>(getType()));
        buffer.writeUint8(static_cast<uint8_t>(size));
        buffer.writeData(own_.data() + done, size);
    }
}

uint16_t
DerivedOption::len() const {
    // Never more than fits into one option: the server would take it apart, into pieces of what it sees. It uses
    // the length for nothing else here.
    return (static_cast<uint16_t>(std::min<size_t>(255, own_.size() + Option::OPTION4_HDR_LEN)));
}

std::vector<uint8_t>
DerivedOption::toBinary(bool include_header) const {
    return (Option(getUniverse(), getType(), getData()).toBinary(include_header));
}

std::string
DerivedOption::toText(int indent) const {
    return (Option::toText(indent) + ", on the wire " + toHex(own_));
}

}  // namespace clone_guard
