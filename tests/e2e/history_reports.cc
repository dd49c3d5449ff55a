// SPDX-License-Identifier: MPL-2.0
#include "history_rules.h"

namespace clone_guard {
namespace e2e {
namespace history {

void
ReportRule::asking(const Query& query) {
    const Host& host = scene_.hostOf(query);
    if (!host.identifier) {
        return;
    }
    presented_[{query.network, host.identifierText()}].insert(host.hwText());
    if (!query.wantsReply()) {
        // The lease that it names may be anywhere (R8).
        const Address named =
            query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
        presented_[{networkOf(named), host.identifierText()}].insert(host.hwText());
    }
}

/// A conflict takes two hardware addresses; who forged an identifier is a claimant by itself (R1).
void
ReportRule::explain(const std::string& identifier, unsigned network, const std::string& one,
                    const std::string& other, const Json& record) {
    const auto& here = presented_[{network, identifier}];
    const bool forged = looksDerived(fromHex(identifier));
    const bool explained =
        forged ? here.count(one) != 0 || other.empty()
               : here.count(one) != 0 && (other.empty() ? here.size() > 1 : here.count(other) != 0);
    if (!explained || one == other) {
        scene_.complain("I6: not explained by who presented what: " + record.dump());
    }
}

void
ReportRule::audited(const Json& record) {
    const std::string event = record.value("event", "");
    if (event != "conflict-suspected" && event != "conflict-confirmed") {
        return;
    }
    const std::string holder = record.contains("holder") ? record["holder"].value("hw_address", "") : "";
    explain(record.value("client_id", ""), networkOfSubnet(record.value("subnet_id", 0U)),
            record.value("hw_address", ""), holder, record);
}

void
ReportRule::listed(const Json& conflict) {
    const auto nothing = Json::object();
    const std::string holder = conflict.value("holder", nothing).value("hw-address", "");
    std::string identifier = conflict.value("client-id", "");
    if (identifier.find(':') == std::string::npos) {
        identifier = toHex(fromHex(identifier));
    }
    for (const auto& claimant : conflict.value("claimants", Json::array())) {
        explain(identifier, networkOfSubnet(conflict.value("subnet-id", 0U)),
                claimant.value("hw-address", ""), holder, conflict);
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
