// File created from clone_guard_messages.mes

#ifndef CLONE_GUARD_MESSAGES_H
#define CLONE_GUARD_MESSAGES_H

#include <log/message_types.h>

namespace clone_guard {

extern const isc::log::MessageID CLONE_GUARD_ADDRESS_ASSIGNED;
extern const isc::log::MessageID CLONE_GUARD_AUDIT_UNUSED;
extern const isc::log::MessageID CLONE_GUARD_BACKEND_REJECTED;
extern const isc::log::MessageID CLONE_GUARD_CALLOUT_FAILED;
extern const isc::log::MessageID CLONE_GUARD_CLAIMANT;
extern const isc::log::MessageID CLONE_GUARD_CONFIGURED;
extern const isc::log::MessageID CLONE_GUARD_CONFIG_KEPT;
extern const isc::log::MessageID CLONE_GUARD_CONFIG_REJECTED;
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_CONFIRMED;
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_DELETED;
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_ENDED;
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_SUSPECTED;
extern const isc::log::MessageID CLONE_GUARD_DECLINE_BLOCKED;
extern const isc::log::MessageID CLONE_GUARD_DECLINE_PASSED;
extern const isc::log::MessageID CLONE_GUARD_DEGRADED;
extern const isc::log::MessageID CLONE_GUARD_IDENTITY_MOVED;
extern const isc::log::MessageID CLONE_GUARD_KEY_IGNORED;
extern const isc::log::MessageID CLONE_GUARD_LIBRARY_ORDER;
extern const isc::log::MessageID CLONE_GUARD_LOADED;
extern const isc::log::MessageID CLONE_GUARD_LOAD_FAILED;
extern const isc::log::MessageID CLONE_GUARD_MACHINE_SEALED;
extern const isc::log::MessageID CLONE_GUARD_MALFORMED;
extern const isc::log::MessageID CLONE_GUARD_ONE_NETWORK;
extern const isc::log::MessageID CLONE_GUARD_RECOVERED;
extern const isc::log::MessageID CLONE_GUARD_REFUSED;
extern const isc::log::MessageID CLONE_GUARD_RELEASE_BLOCKED;
extern const isc::log::MessageID CLONE_GUARD_RELEASE_PASSED;
extern const isc::log::MessageID CLONE_GUARD_STRANGER;
extern const isc::log::MessageID CLONE_GUARD_UNLOADED;

} // namespace clone_guard

#endif // CLONE_GUARD_MESSAGES_H
