// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_CLAIM_H
#define CLONE_GUARD_CORE_DECISION_CLAIM_H

#include <core/decision/place.h>
#include <core/identity/hardware_address.h>

#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief The right of one hardware address to pass with an identifier, for some seconds.
struct Claim {
    HardwareAddress address;
    Place place;

    friend bool operator==(const Claim& left, const Claim& right) {
        return (left.address == right.address && left.place == right.place);
    }
};

/// @brief The network of a claim: a hash of the network's key, or UNKNOWN as long as its place is not resolved.
enum class ClaimNetwork : uint64_t { UNKNOWN = 0 };

/// @return the network with a key.
ClaimNetwork claimNetwork(const std::string& key) noexcept;

}  // namespace clone_guard

#endif
