// SPDX-License-Identifier: MPL-2.0

#include <core/identity/hardware_address.h>

#include <algorithm>

namespace clone_guard {

HardwareAddress::HardwareAddress(uint8_t type, ByteView bytes) noexcept :
    type_(type), size_(static_cast<uint8_t>(std::min(bytes.size(), MAX_SIZE))) {
    std::copy_n(bytes.begin(), size_, bytes_.begin());
}

bool
HardwareAddress::usable() const noexcept {
    const auto view = bytes();
    return (std::any_of(view.begin(), view.end(), [](uint8_t byte) { return (byte != 0); }));
}

std::string
HardwareAddress::toText() const {
    return (size_ == 0 ? "none" : toHex(bytes()));
}

}  // namespace clone_guard
