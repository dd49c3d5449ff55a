// SPDX-License-Identifier: MPL-2.0

#include <hook/packet/derived_option.h>

#include <core/identity/escape.h>

#include <dhcp/dhcp4.h>

#include <algorithm>
#include <utility>

namespace clone_guard {

namespace {

using isc::dhcp::Option;

/// The maximum length of the data in one option.
constexpr size_t MAX_PART = 255 - Option::OPTION4_HDR_LEN;

}  // namespace

DerivedOption::DerivedOption(const Bytes& derived, QueryContextPtr context) :
    Option(Option::V4, isc::dhcp::DHO_DHCP_CLIENT_IDENTIFIER, derived), context_(std::move(context)) {}

isc::dhcp::OptionPtr
DerivedOption::clone() const {
    return (cloneInternal<DerivedOption>());
}

void
DerivedOption::pack(isc::util::OutputBuffer& buffer, bool) const {
    for (size_t done = 0; done < own().size(); done += MAX_PART) {
        const auto size = std::min(MAX_PART, own().size() - done);
        buffer.writeUint8(static_cast<uint8_t>(getType()));
        buffer.writeUint8(static_cast<uint8_t>(size));
        buffer.writeData(own().data() + done, size);
    }
}

uint16_t
DerivedOption::len() const {
    // The server would split a longer option into parts of the derived identifier. It uses the length for nothing else.
    return (static_cast<uint16_t>(std::min<size_t>(255, own().size() + Option::OPTION4_HDR_LEN)));
}

std::vector<uint8_t>
DerivedOption::toBinary(bool include_header) const {
    return (Option(getUniverse(), getType(), getData()).toBinary(include_header));
}

std::string
DerivedOption::toText(int indent) const {
    return (Option::toText(indent) + ", on the wire " + toHex(own()));
}

}  // namespace clone_guard
