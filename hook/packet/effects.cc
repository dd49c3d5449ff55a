// SPDX-License-Identifier: MPL-2.0

#include <hook/packet/effects.h>

#include <core/identity/derived_identifier.h>
#include <hook/packet/derived_option.h>
#include <hook/packet/query.h>

#include <dhcp/dhcp4.h>
#include <stats/stats_mgr.h>

namespace clone_guard {
namespace effects {

using namespace isc::dhcp;

namespace {

constexpr const char* CONTEXT = "claimant";

}  // namespace

void
derive(Pkt4& query, const QueryContext& context) {
    const auto& identifier = context.query.identifier;
    query.delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    query.addOption(OptionPtr(
        new DerivedOption(clone_guard::derive(context.query.address, identifier), identifier.copy())));
}

void
drop(isc::hooks::CalloutHandle& handle) {
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    isc::stats::StatsMgr::instance().addValue("pkt4-receive-drop", static_cast<int64_t>(1));
}

void
store(isc::hooks::CalloutHandle& handle, QueryContextPtr context) {
    handle.setContext(CONTEXT, std::move(context));
}

QueryContextPtr
load(const isc::hooks::CalloutHandle& handle, const Pkt4& query) {
    const auto identifier = query::clientIdentifier(query);
    if (!identifier || !looksDerived(*identifier)) {
        return {};
    }
    QueryContextPtr context;
    try {
        handle.getContext(CONTEXT, context);
    } catch (const isc::hooks::NoSuchCalloutContext&) {
        // The client forged the identifier, and the policy of its network is off.
        return {};
    }
    return (context);
}

}  // namespace effects
}  // namespace clone_guard
