// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_KEA_ADDRESS_H
#define CLONE_GUARD_HOOK_KEA_ADDRESS_H

#include <core/identity/ip_address.h>

#include <asiolink/io_address.h>

namespace clone_guard {

/// @return the address in the server's type.
inline isc::asiolink::IOAddress
toKea(IpAddress address) {
    return (isc::asiolink::IOAddress(address.toUint32()));
}

/// @return the address in the guard's type; unspecified if it is not an IPv4 address.
inline IpAddress
fromKea(const isc::asiolink::IOAddress& address) {
    return (address.isV4() ? IpAddress(address.toUint32()) : IpAddress());
}

}  // namespace clone_guard

#endif
