// File created from clone_guard_messages.mes

#include <cstddef>
#include <log/message_types.h>
#include <log/message_initializer.h>

namespace clone_guard {

extern const isc::log::MessageID CLONE_GUARD_ADDRESS_ASSIGNED = "CLONE_GUARD_ADDRESS_ASSIGNED";
extern const isc::log::MessageID CLONE_GUARD_AUDIT_UNUSED = "CLONE_GUARD_AUDIT_UNUSED";
extern const isc::log::MessageID CLONE_GUARD_BACKEND_REJECTED = "CLONE_GUARD_BACKEND_REJECTED";
extern const isc::log::MessageID CLONE_GUARD_CALLOUT_FAILED = "CLONE_GUARD_CALLOUT_FAILED";
extern const isc::log::MessageID CLONE_GUARD_CLAIMANT = "CLONE_GUARD_CLAIMANT";
extern const isc::log::MessageID CLONE_GUARD_CONFIGURED = "CLONE_GUARD_CONFIGURED";
extern const isc::log::MessageID CLONE_GUARD_CONFIG_REJECTED = "CLONE_GUARD_CONFIG_REJECTED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_CONFIRMED = "CLONE_GUARD_CONFLICT_CONFIRMED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_DELETED = "CLONE_GUARD_CONFLICT_DELETED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_ENDED = "CLONE_GUARD_CONFLICT_ENDED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_SUSPECTED = "CLONE_GUARD_CONFLICT_SUSPECTED";
extern const isc::log::MessageID CLONE_GUARD_DECLINE_BLOCKED = "CLONE_GUARD_DECLINE_BLOCKED";
extern const isc::log::MessageID CLONE_GUARD_DEGRADED = "CLONE_GUARD_DEGRADED";
extern const isc::log::MessageID CLONE_GUARD_IDENTITY_MOVED = "CLONE_GUARD_IDENTITY_MOVED";
extern const isc::log::MessageID CLONE_GUARD_LIBRARY_ORDER = "CLONE_GUARD_LIBRARY_ORDER";
extern const isc::log::MessageID CLONE_GUARD_LOADED = "CLONE_GUARD_LOADED";
extern const isc::log::MessageID CLONE_GUARD_LOAD_FAILED = "CLONE_GUARD_LOAD_FAILED";
extern const isc::log::MessageID CLONE_GUARD_MALFORMED = "CLONE_GUARD_MALFORMED";
extern const isc::log::MessageID CLONE_GUARD_ONE_NETWORK = "CLONE_GUARD_ONE_NETWORK";
extern const isc::log::MessageID CLONE_GUARD_RECOVERED = "CLONE_GUARD_RECOVERED";
extern const isc::log::MessageID CLONE_GUARD_REFUSED = "CLONE_GUARD_REFUSED";
extern const isc::log::MessageID CLONE_GUARD_RELEASE_BLOCKED = "CLONE_GUARD_RELEASE_BLOCKED";
extern const isc::log::MessageID CLONE_GUARD_UNLOADED = "CLONE_GUARD_UNLOADED";

} // namespace clone_guard

namespace {

const char* values[] = {
    "CLONE_GUARD_ADDRESS_ASSIGNED", "claimant %1 of client identifier %2 now has the address %3 of its own",
    "CLONE_GUARD_AUDIT_UNUSED", "there is no audit log: no 'loggers' entry is named '%1'",
    "CLONE_GUARD_BACKEND_REJECTED", "the configuration back end brought settings that the clone guard cannot use: %1",
    "CLONE_GUARD_CALLOUT_FAILED", "%1: the query is passed on as it is: %2",
    "CLONE_GUARD_CLAIMANT", "%1 presents client identifier %2, which belongs to %3 in %4: %5",
    "CLONE_GUARD_CONFIGURED", "clone guard %1 is ready: policy %2, takeover %3, client-id-types %4, claim-window %5 s",
    "CLONE_GUARD_CONFIG_REJECTED", "the configuration is rejected: %1",
    "CLONE_GUARD_CONFLICT_CONFIRMED", "client identifier %1 is used by several machines at the same time in %2: %3 holds it%4, %5 presents it too%6; %7. To end it: %8",
    "CLONE_GUARD_CONFLICT_DELETED", "the conflict about client identifier %1 in %2 was deleted by command",
    "CLONE_GUARD_CONFLICT_ENDED", "the conflict about client identifier %1 in %2 is over: only %3 is left",
    "CLONE_GUARD_CONFLICT_SUSPECTED", "client identifier %1 comes from more than one machine in %2: %3 holds it%4, now %5 presents it too%6; %7. If these are clones: %8",
    "CLONE_GUARD_DECLINE_BLOCKED", "%1 declined the address %2, which %3 holds under the same client identifier %4: %5",
    "CLONE_GUARD_DEGRADED", "the clone guard works with less than it needs: %1",
    "CLONE_GUARD_IDENTITY_MOVED", "client identifier %1 moves in %2 from %3 to %4%5",
    "CLONE_GUARD_LIBRARY_ORDER", "%1 stands before the clone guard in 'hooks-libraries' and hears of deleted leases that were not deleted; put it after the clone guard",
    "CLONE_GUARD_LOADED", "the clone guard %1 for Kea %2 is loaded",
    "CLONE_GUARD_LOAD_FAILED", "the clone guard cannot be loaded: %1",
    "CLONE_GUARD_MALFORMED", "%1 sent a malformed client identifier of %2 bytes: %3",
    "CLONE_GUARD_ONE_NETWORK", "networks cannot be told apart: %1; the clone guard takes the whole server as one network",
    "CLONE_GUARD_RECOVERED", "the clone guard works normally again: %1 is over, %2 queries were concerned",
    "CLONE_GUARD_REFUSED", "a message of claimant %1 was not answered: policy refuse, client identifier %2 belongs to %3",
    "CLONE_GUARD_RELEASE_BLOCKED", "%1 released the address %2, which %3 holds under the same client identifier %4: %5",
    "CLONE_GUARD_UNLOADED", "the clone guard is unloaded",
    NULL
};

const isc::log::MessageInitializer initializer(values);

} // Anonymous namespace

