// SPDX-License-Identifier: MPL-2.0

#include <hook/packet/effects.h>

#include <core/identity/derived_identifier.h>
#include <hook/packet/derived_option.h>
#include <hook/packet/query.h>

#include <dhcp/dhcp4.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option_custom.h>
#include <dhcp/std_option_defs.h>
#include <dhcpsrv/lease.h>
#include <stats/stats_mgr.h>

#include <utility>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONE_GUARD_THREAD_SANITIZER
#endif
#elif defined(__SANITIZE_THREAD__)
#define CLONE_GUARD_THREAD_SANITIZER
#endif

#ifdef CLONE_GUARD_THREAD_SANITIZER
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace clone_guard {
namespace effects {

using namespace isc::dhcp;

namespace {

constexpr const char* CONTEXT = "claimant";

/// The context as it is attached to a query. The thread that lets the query go last destroys it. Only a reference count
/// inside Kea orders that after the last use, so both are announced to ThreadSanitizer.
class Attached {
public:
    explicit Attached(QueryContextPtr held = {}) : context(std::move(held)) {}
    Attached(const Attached& other) : context(other.context) {
        used();
        other.used();
    }
    Attached& operator=(const Attached&) = default;
    ~Attached() {
#ifdef CLONE_GUARD_THREAD_SANITIZER
        __tsan_acquire(this);
#endif
    }

    QueryContextPtr context;

private:
    void used() const {
#ifdef CLONE_GUARD_THREAD_SANITIZER
        __tsan_release(const_cast<Attached*>(this));
#endif
    }
};

}  // namespace

void
derive(Pkt4& query, const QueryContext& context) {
    const auto& identifier = context.query.identifier;
    query.delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    query.addOption(OptionPtr(
        new DerivedOption(clone_guard::derive(context.query.address, identifier), identifier.copy())));
    if (context.nak) {
        const auto definition = LibDHCP::getOptionDef(DHCP4_OPTION_SPACE, DHO_DHCP_SERVER_IDENTIFIER);
        // The server looks for an option of this class.
        query.addOption(
            OptionPtr(new OptionCustom(*definition, Option::V4, query.getLocalAddr().toBytes())));
    }
}

void
removeServerIdentifier(Pkt4& query, const QueryContext& context) {
    if (context.nak) {
        query.delOption(DHO_DHCP_SERVER_IDENTIFIER);
    }
}

void
withholdRefusedLease(isc::hooks::CalloutHandle& handle, const Pkt4& query) {
    Lease4CollectionPtr leases;
    Lease4CollectionPtr deleted;
    handle.getArgument("leases4", leases);
    handle.getArgument("deleted_leases4", deleted);
    // If the server answers a REQUEST or DISCOVER without a lease, it has deleted no lease.
    if ((query.getType() == DHCPREQUEST || query.getType() == DHCPDISCOVER) && leases &&
        leases->empty() && deleted) {
        deleted->clear();
    }
}

void
drop(isc::hooks::CalloutHandle& handle) {
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    isc::stats::StatsMgr::instance().addValue("pkt4-receive-drop", static_cast<int64_t>(1));
}

void
store(isc::hooks::CalloutHandle& handle, QueryContextPtr context) {
    handle.setContext(CONTEXT, Attached(std::move(context)));
}

QueryContextPtr
load(const isc::hooks::CalloutHandle& handle, const Pkt4& query) {
    const auto identifier = query::clientIdentifier(query);
    if (!identifier || !looksDerived(*identifier)) {
        return {};
    }
    Attached attached;
    try {
        handle.getContext(CONTEXT, attached);
    } catch (const isc::hooks::NoSuchCalloutContext&) {
        // The client forged the identifier, and the policy of its network is off.
        return {};
    }
    return (attached.context);
}

}  // namespace effects
}  // namespace clone_guard
