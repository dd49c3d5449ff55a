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
extern const isc::log::MessageID CLONE_GUARD_CONFIG_KEPT = "CLONE_GUARD_CONFIG_KEPT";
extern const isc::log::MessageID CLONE_GUARD_CONFIG_REJECTED = "CLONE_GUARD_CONFIG_REJECTED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_CONFIRMED = "CLONE_GUARD_CONFLICT_CONFIRMED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_DELETED = "CLONE_GUARD_CONFLICT_DELETED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_ENDED = "CLONE_GUARD_CONFLICT_ENDED";
extern const isc::log::MessageID CLONE_GUARD_CONFLICT_SUSPECTED = "CLONE_GUARD_CONFLICT_SUSPECTED";
extern const isc::log::MessageID CLONE_GUARD_DECLINE_BLOCKED = "CLONE_GUARD_DECLINE_BLOCKED";
extern const isc::log::MessageID CLONE_GUARD_DECLINE_PASSED = "CLONE_GUARD_DECLINE_PASSED";
extern const isc::log::MessageID CLONE_GUARD_DEGRADED = "CLONE_GUARD_DEGRADED";
extern const isc::log::MessageID CLONE_GUARD_IDENTITY_MOVED = "CLONE_GUARD_IDENTITY_MOVED";
extern const isc::log::MessageID CLONE_GUARD_KEY_IGNORED = "CLONE_GUARD_KEY_IGNORED";
extern const isc::log::MessageID CLONE_GUARD_LIBRARY_ORDER = "CLONE_GUARD_LIBRARY_ORDER";
extern const isc::log::MessageID CLONE_GUARD_LOADED = "CLONE_GUARD_LOADED";
extern const isc::log::MessageID CLONE_GUARD_LOAD_FAILED = "CLONE_GUARD_LOAD_FAILED";
extern const isc::log::MessageID CLONE_GUARD_MACHINE_SEALED = "CLONE_GUARD_MACHINE_SEALED";
extern const isc::log::MessageID CLONE_GUARD_MALFORMED = "CLONE_GUARD_MALFORMED";
extern const isc::log::MessageID CLONE_GUARD_ONE_NETWORK = "CLONE_GUARD_ONE_NETWORK";
extern const isc::log::MessageID CLONE_GUARD_RECOVERED = "CLONE_GUARD_RECOVERED";
extern const isc::log::MessageID CLONE_GUARD_REFUSED = "CLONE_GUARD_REFUSED";
extern const isc::log::MessageID CLONE_GUARD_RELEASE_BLOCKED = "CLONE_GUARD_RELEASE_BLOCKED";
extern const isc::log::MessageID CLONE_GUARD_RELEASE_PASSED = "CLONE_GUARD_RELEASE_PASSED";
extern const isc::log::MessageID CLONE_GUARD_STRANGER = "CLONE_GUARD_STRANGER";
extern const isc::log::MessageID CLONE_GUARD_UNLOADED = "CLONE_GUARD_UNLOADED";

} // namespace clone_guard

namespace {

const char* values[] = {
    "CLONE_GUARD_ADDRESS_ASSIGNED", "claimant %1 of client identifier %2 got its own address %3",
    "CLONE_GUARD_AUDIT_UNUSED", "no audit log is configured: 'loggers' has no entry named '%1'",
    "CLONE_GUARD_BACKEND_REJECTED", "settings from the configuration back end are invalid and have no effect: %1",
    "CLONE_GUARD_CALLOUT_FAILED", "%1, the query is passed on unchanged: %2",
    "CLONE_GUARD_CLAIMANT", "claimant %1 presents client identifier %2, which belongs to %3 in %4: %5",
    "CLONE_GUARD_CONFIGURED", "clone guard %1 is ready: policy %2, takeover %3, client-id-types %4, claim-window %5 s",
    "CLONE_GUARD_CONFIG_KEPT", "the server did not accept the new configuration, so the clone guard keeps the settings of the configuration in force",
    "CLONE_GUARD_CONFIG_REJECTED", "the configuration is rejected: %1",
    "CLONE_GUARD_CONFLICT_CONFIRMED", "several machines use client identifier %1 at the same time in %2: held by %3%4, claimed by %5%6; %7. To end the conflict: %8",
    "CLONE_GUARD_CONFLICT_DELETED", "the conflict about client identifier %1 in %2 was deleted by command",
    "CLONE_GUARD_CONFLICT_ENDED", "the conflict about client identifier %1 in %2 is over: %3",
    "CLONE_GUARD_CONFLICT_SUSPECTED", "more than one machine presents client identifier %1 in %2: held by %3%4, claimed by %5%6; %7. If these machines are clones: %8",
    "CLONE_GUARD_DECLINE_BLOCKED", "claimant %1 declined address %2, which is leased to %3 under client identifier %4: %5",
    "CLONE_GUARD_DECLINE_PASSED", "claimant %1 declined address %2, which is leased to %3 under client identifier %4: %5",
    "CLONE_GUARD_DEGRADED", "the clone guard is degraded: %1",
    "CLONE_GUARD_IDENTITY_MOVED", "%4%5 took over client identifier %1 from %3 in %2",
    "CLONE_GUARD_KEY_IGNORED", "the key '%1' in the user-context of %2 has no effect: the key of the clone guard is 'clone-guard'",
    "CLONE_GUARD_LIBRARY_ORDER", "%1 is loaded before the clone guard and may be notified of lease deletions that did not happen; move it after the clone guard in 'hooks-libraries'",
    "CLONE_GUARD_LOADED", "the clone guard %1 for Kea %2 is loaded",
    "CLONE_GUARD_LOAD_FAILED", "the clone guard cannot be loaded: %1",
    "CLONE_GUARD_MACHINE_SEALED", "machine %1%2 of the conflict about client identifier %3 in %4 is sealed: it uses %5 with the address %6",
    "CLONE_GUARD_MALFORMED", "client %1%2 (%3) sent a malformed client identifier of %4 bytes, %5: the query is passed on unchanged, and machines with this client identifier are not kept apart. Correct the DHCP client",
    "CLONE_GUARD_ONE_NETWORK", "the clone guard treats the whole server as one network: %1",
    "CLONE_GUARD_RECOVERED", "the clone guard is no longer degraded: %1; affected queries: %2",
    "CLONE_GUARD_REFUSED", "a query of claimant %1 is dropped under the policy refuse: client identifier %2 belongs to %3",
    "CLONE_GUARD_RELEASE_BLOCKED", "claimant %1 released address %2, which is leased to %3 under client identifier %4: %5",
    "CLONE_GUARD_RELEASE_PASSED", "claimant %1 released address %2, which is leased to %3 under client identifier %4: %5",
    "CLONE_GUARD_STRANGER", "a %1 (%2) presents client identifier %3, which belongs to %4%5 in %6: %7",
    "CLONE_GUARD_UNLOADED", "the clone guard is unloaded",
    NULL
};

const isc::log::MessageInitializer initializer(values);

} // Anonymous namespace

