// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/report_rules.h>

#include <algorithm>
#include <cstddef>

namespace clone_guard {
namespace e2e {
namespace history {

void
ReportRule::beforeSend(const Query& query) {
    const Host& host = context_.hostOf(query);
    if (!host.identifier) {
        return;
    }
    presented_[{query.network, host.identifierText()}].insert(host.hwText());
    recordRenewal(query, host.identifierText(), host.hwText());
    if (!context_.enforced && looksDerived(*host.identifier)) {
        allowForgedIdentifier(query.network, *host.identifier, host.hw_address);
    }
    if (!query.wantsReply()) {
        // The lease of the named address may be in any network (R8).
        const Address named =
            query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
        presented_[{networkOf(named), host.identifierText()}].insert(host.hwText());
    }
}

/// Under a policy without guarding a forged identifier stays in the lease, which looks like the lease of a claimant.
void
ReportRule::allowForgedIdentifier(unsigned network, const Bytes& forged, const Bytes& hw_address) {
    const size_t begin = 6;
    if (forged.size() <= begin) {
        return;
    }
    const size_t end = begin + forged[begin - 1];  // the length of the hardware address in it
    if (forged.size() <= end) {
        return;
    }
    auto& here = presented_[{network, toHex(Bytes(forged.begin() + std::ptrdiff_t(end), forged.end()))}];
    here.insert(
        toHex(Bytes(forged.begin() + std::ptrdiff_t(begin), forged.begin() + std::ptrdiff_t(end))));
    here.insert(toHex(hw_address));
}

void
ReportRule::recordStranger(const Query& query, const Bytes& identifier, const std::string& hw_address) {
    recordRenewal(query, toHex(identifier), hw_address);
    for (const unsigned network : {0U, 1U}) {
        presented_[{network, toHex(identifier)}].insert(hw_address.empty() ? "none" : hw_address);
        if (!context_.enforced && looksDerived(identifier)) {
            allowForgedIdentifier(network, identifier, fromHex(hw_address));
        }
    }
}

/// R10: a renewal proves that a machine is active if its ciaddr is a live lease.
void
ReportRule::recordRenewal(const Query& query, const std::string& identifier,
                          const std::string& hw_address) {
    if (query.packet.type() != REQUEST || query.packet.ciaddr.isZero()) {
        return;
    }
    const Row& row = context_.journal.at(query.packet.ciaddr);
    const bool leased =
        row.live(context_.network.now) && (row.client_id == identifier || row.hw_address == hw_address);
    if (leased || together_) {
        renewed_[{networkOf(query.packet.ciaddr), identifier}].insert(hw_address);
    }
}

/// A confirmed conflict has two machines that renewed, so that forged packets confirm nothing.
void
ReportRule::checkProof(const Json& record) {
    const auto& machines =
        renewed_[{networkOfSubnet(record.value("subnet_id", 0U)), record.value("client_id", "")}];
    if (machines.size() < 2) {
        context_.addViolation("I6: confirmed, and " + std::to_string(machines.size()) +
                              " machines renewed a lease: " + record.dump());
    }
}

/// A conflict needs two hardware addresses. The sender of a forged identifier is a claimant by itself (R1); a holder
/// named in such a conflict has the identifier in its lease and has never presented it.
void
ReportRule::checkPresented(const std::string& identifier, unsigned network, std::set<std::string> named,
                           const Json& record) {
    named.erase("");
    const auto& here = presented_[{network, identifier}];
    const auto presented = [&here](const std::string& name) { return (here.count(name) != 0); };
    const bool is_forged = looksDerived(fromHex(identifier));
    const bool explained = is_forged
                               ? std::any_of(named.begin(), named.end(), presented)
                               : std::all_of(named.begin(), named.end(), presented) && here.size() > 1;
    const bool nameless = is_forged && named.empty();  // a stranger without hardware address
    if ((named.empty() && !nameless) || !(explained || nameless)) {
        context_.addViolation("I6: not every host of this conflict presented the identifier: " +
                              record.dump());
    }
}

void
ReportRule::checkAuditRecord(const Json& record) {
    const std::string event = record.value("event", "");
    if (event != "conflict-suspected" && event != "conflict-confirmed") {
        return;
    }
    if (event == "conflict-confirmed") {
        checkProof(record);
    }
    const std::string holder = record.contains("holder") ? record["holder"].value("hw_address", "") : "";
    const std::string claimant = record.value("hw_address", "");
    if (claimant == holder && !claimant.empty()) {
        context_.addViolation("I6: a conflict with one host: " + record.dump());
    }
    checkPresented(record.value("client_id", ""), networkOfSubnet(record.value("subnet_id", 0U)),
                   {claimant, holder}, record);
}

void
ReportRule::checkListedConflict(const Json& conflict) {
    std::set<std::string> named;
    for (const auto& claimant : conflict["claimants"]) {
        named.insert(claimant["hw-address"].get<std::string>());
    }
    if (conflict.contains("holder")) {
        const std::string holder = conflict["holder"]["hw-address"];
        // A holder whose derived lease outlived its own lease is a claimant, too, and does not conflict with itself.
        if (named.size() == 1 && named.count(holder) != 0) {
            context_.addViolation("I6: a conflict with one host: " + conflict.dump());
        }
        named.insert(holder);
    }
    const std::string identifier = conflict["client-id"];
    checkPresented(toHex(fromHex(identifier)), networkOfSubnet(conflict["subnet-id"]), named, conflict);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
