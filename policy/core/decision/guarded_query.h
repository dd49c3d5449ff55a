// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_GUARDED_QUERY_H
#define CLONE_GUARD_CORE_DECISION_GUARDED_QUERY_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

namespace clone_guard {

/// @brief The state of the client that sends a DISCOVER or REQUEST (RFC 2131 section 4.3.2, table 4).
enum class Stage {
    DISCOVERING,
    SELECTING,  ///< REQUEST of the address that a server offered
    REBOOTING,  ///< REQUEST of an address that the client remembers (INIT-REBOOT)
    RENEWING,   ///< REQUEST from the client's address: RENEWING or REBINDING
};

/// @brief A query that carries a guarded client identifier.
struct GuardedQuery {
    ByteView identifier;
    HardwareAddress address;
    Instant now;
    Stage stage = Stage::DISCOVERING;
    bool forged = false;  ///< the identifier begins like a derived one
};

}  // namespace clone_guard

#endif
