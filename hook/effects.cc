// SPDX-License-Identifier: MPL-2.0

#include <effects.h>

#include <core/derived_identifier.h>
#include <query.h>

#include <dhcp/dhcp4.h>
#include <stats/stats_mgr.h>

namespace clone_guard {
namespace effects {

using namespace isc::dhcp;

namespace {

constexpr const char* CONTEXT = "claimant";

void
setIdentifier(Pkt4& packet, const Bytes& identifier) {
    packet.delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    packet.addOption(
        isc::dhcp::OptionPtr(new Option(Option::V4, DHO_DHCP_CLIENT_IDENTIFIER, identifier)));
}

}  // namespace

void
derive(Pkt4& query, const Claimant& claimant) {
    setIdentifier(query, clone_guard::derive(claimant.address, claimant.identifier));
}

void
restoreEcho(Pkt4& response, const Claimant& claimant) {
    if (query::clientIdentifier(response)) {
        setIdentifier(response, claimant.identifier);
    }
}

void
drop(isc::hooks::CalloutHandle& handle) {
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    isc::stats::StatsMgr::instance().addValue("pkt4-receive-drop", static_cast<int64_t>(1));
}

void
remember(isc::hooks::CalloutHandle& handle, ClaimantPtr claimant) {
    handle.setContext(CONTEXT, std::move(claimant));
}

ClaimantPtr
recall(const isc::hooks::CalloutHandle& handle, const Pkt4& query) {
    const auto identifier = query::clientIdentifier(query);
    if (!identifier || !looksDerived(*identifier)) {
        return {};
    }
    ClaimantPtr claimant;
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
