// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/rules.h>

#include <algorithm>
#include <cstddef>

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
    if (!scene_.promising && looksDerived(*host.identifier)) {
        believeLie(query);
    }
    if (!query.wantsReply()) {
        // The lease that it names may be anywhere (R8).
        const Address named =
            query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
        presented_[{networkOf(named), host.identifierText()}].insert(host.hwText());
    }
}

/// Nobody sets a lie right under a policy that promises nothing, and its record looks like a claimant's.
void
ReportRule::believeLie(const Query& query) {
    const Host& liar = scene_.hostOf(query);
    const Bytes& lie = *liar.identifier;
    const size_t begin = 6;
    const size_t end = begin + liar.hw_address.size();
    if (lie.size() <= end) {
        return;
    }
    auto& here = presented_[{query.network, toHex(Bytes(lie.begin() + std::ptrdiff_t(end), lie.end()))}];
    here.insert(toHex(Bytes(lie.begin() + std::ptrdiff_t(begin), lie.begin() + std::ptrdiff_t(end))));
    here.insert(liar.hwText());
}

/// A conflict takes two hardware addresses. Who forged an identifier is a claimant by itself (R1), and the holder,
/// if one is named, has it on record without ever having presented it.
void
ReportRule::explain(const std::string& identifier, unsigned network, std::set<std::string> named,
                    const Json& record) {
    named.erase("");
    const auto& here = presented_[{network, identifier}];
    const auto presented = [&here](const std::string& name) { return (here.count(name) != 0); };
    const bool forged = looksDerived(fromHex(identifier));
    const bool explained = forged
                               ? std::any_of(named.begin(), named.end(), presented)
                               : std::all_of(named.begin(), named.end(), presented) && here.size() > 1;
    if (named.empty() || !explained) {
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
    const std::string claimant = record.value("hw_address", "");
    if (claimant == holder) {
        scene_.complain("I6: a conflict of one: " + record.dump());
    }
    explain(record.value("client_id", ""), networkOfSubnet(record.value("subnet_id", 0U)),
            {claimant, holder}, record);
}

void
ReportRule::listed(const Json& conflict) {
    std::set<std::string> named;
    for (const auto& claimant : conflict["claimants"]) {
        named.insert(claimant["hw-address"].get<std::string>());
    }
    if (conflict.contains("holder")) {
        const std::string holder = conflict["holder"]["hw-address"];
        // Whose derived record has outlived its own is a claimant as well, but not its own rival.
        if (named.size() == 1 && named.count(holder) != 0) {
            scene_.complain("I6: a conflict of one: " + conflict.dump());
        }
        named.insert(holder);
    }
    const std::string identifier = conflict["client-id"];
    explain(toHex(fromHex(identifier)), networkOfSubnet(conflict["subnet-id"]), named, conflict);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
