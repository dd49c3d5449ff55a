// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SHARED_IDENTIFIER_H
#define CLONE_GUARD_TOOL_SCAN_SHARED_IDENTIFIER_H

#include <tool/cli/utc_time.h>
#include <tool/scan/seen_address.h>

#include <core/decision/machine_state.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <string>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief What lease files prove about several hardware addresses with one identifier.
struct SharingEvidence {
    uint64_t changes = 0;       ///< changes from one hardware address to another
    uint64_t returns = 0;       ///< changes to a hardware address that had used the identifier before
    uint64_t live_changes = 0;  ///< changes while the previous machine's lease was live
    uint64_t deletions = 0;     ///< leases deleted while another machine used the identifier
    bool simultaneous = false;  ///< two machines have leases at the same time, for different addresses
    bool undecided =
        false;  ///< the files end before a machine whose live lease was taken over would renew
    bool set_aside = false;  ///< a lease has a derived identifier: a clone guard found a claimant
};

/// @brief The reason for which several hardware addresses have one identifier.
enum class Sharing {
    CLONES,  ///< several machines, by the evidence
    SEALED,  ///< former clones: all but one use other identifiers now
    MOVED,   ///< one machine after the other without a return: a replaced network card or machine
    SEPARATE_SUBNETS,  ///< in different subnets or servers' files, which may be different networks
};

/// @brief A hardware address that used an identifier.
struct SeenMachine {
    HardwareAddress address;
    std::string hostname;                ///< the last one, as the client sent it
    std::vector<SeenAddress> addresses;  ///< at most LeaseHistory::MAX_ADDRESSES
    uint32_t subnet = 0;
    uint8_t prefix = 0;                ///< as LeaseRow::prefix
    UtcSeconds first;                  ///< the client's first message
    UtcSeconds last;                   ///< the client's last message
    uint64_t leases = 0;               ///< lines of the lease files
    bool set_aside = false;            ///< the identifier is a derived identifier
    bool released = false;             ///< the last lease was given back
    std::chrono::seconds lifetime{0};  ///< of the last lease that was not given back
    uint16_t server = 0;               ///< number of the server whose file had the last lease
    MachineState state = MachineState::EXPIRED;
};

/// @brief An identifier of several hardware addresses.
struct SharedIdentifier {
    Bytes identifier;
    Sharing sharing = Sharing::SEPARATE_SUBNETS;
    SharingEvidence evidence;
    std::vector<SeenMachine> machines;  ///< in the order of their first message
    std::string template_name{};        ///< by the server that reported it; empty if unknown
    uint64_t omitted = 0;               ///< leases of machines beyond LeaseHistory::MAX_MACHINES
};

/// @brief A DUID in different identifiers of different hardware addresses. They do not collide.
struct SharedDuid {
    Bytes duid;
    std::vector<std::pair<Bytes, SeenMachine>> machines;  ///< with the identifier of each
    std::string template_name{};  ///< by the server that reported it; empty if unknown
};

}  // namespace clone_guard

#endif
