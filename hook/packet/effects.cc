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
derive(Pkt4& query, const QueryContext& claimant) {
    query.delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    query.addOption(OptionPtr(new DerivedOption(
        clone_guard::derive(claimant.address, claimant.identifier), claimant.identifier)));
}

void
drop(isc::hooks::CalloutHandle& handle) {
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    isc::stats::StatsMgr::instance().addValue("pkt4-receive-drop", static_cast<int64_t>(1));
}

void
remember(isc::hooks::CalloutHandle& handle, QueryContextPtr claimant) {
    handle.setContext(CONTEXT, std::move(claimant));
}

QueryContextPtr
recall(const isc::hooks::CalloutHandle& handle, const Pkt4& query) {
    const auto identifier = query::clientIdentifier(query);
    if (!identifier || !looksDerived(*identifier)) {
        return {};
    }
    QueryContextPtr claimant;
    try {
        handle.getContext(CONTEXT, claimant);
    } catch (const isc::hooks::NoSuchCalloutContext&) {
        // The client made it up, and the guard is off in its network.
        return {};
    }
    return (claimant);
}

}  // namespace effects
}  // namespace clone_guard
