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

namespace clone_guard {
namespace effects {

using namespace isc::dhcp;

void
derive(Pkt4& query, const QueryContextPtr& context) {
    const auto derived = clone_guard::derive(context->query.address, context->query.identifier);
    query.delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    query.addOption(OptionPtr(new DerivedOption(derived, context)));
    if (context->nak) {
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

QueryContextPtr
contextOf(const Pkt4& query) {
    const auto derived =
        boost::dynamic_pointer_cast<const DerivedOption>(query::identifierOption(query));
    return (derived ? derived->context() : QueryContextPtr());
}

}  // namespace effects
}  // namespace clone_guard
