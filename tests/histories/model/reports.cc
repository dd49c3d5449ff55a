// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/reports.h>

#include <tests/histories/model/guard.h>
#include <tests/histories/model/lease_lookup.h>

#include <core/conflicts/end_reason.h>
#include <core/identity/derived_identifier.h>

#include <ctime>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace clone_guard {
namespace model {

using Json = nlohmann::json;

namespace {

/// Returns the lease of the holder: the live lease in a network, or else an expired one.
Lease
holderLease(const Leases& leases, ByteView identifier, const Network& network, uint64_t now) {
    Lease holder;
    for (const auto* lease : leases.ofClient(identifier)) {
        if (network.contains(lease->subnet) && !lease->hw_address.empty()) {
            holder = toLease(*lease, now);
            if (holder.live) {
                break;
            }
        }
    }
    return (holder);
}

Json
recordOf(const char* event, const Treatment& about, const HardwareAddress& machine, Instant now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    const auto time = time_t(seconds.count());
    std::tm parts{};
    char text[sizeof("2033-05-18T03:33:20")];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", gmtime_r(&time, &parts));
    return (Json{{"time", text},
                 {"event", event},
                 {"client_id", toHex(about.own)},
                 {"subnet_id", about.judgement.network.subnet_id},
                 {"hw_address", machine.toText()}});
}

}  // namespace

void
Reports::passes(const Treatment& sender, const GuardedQuery& guarded, const Judgement& judgement) {
    if (judgement.moved && guarded.stage != Stage::DISCOVERING) {
        judge_.shouldReportMove(guarded);
    }
    const auto decision = conflicts_.recordHolder(sender.judgement.network.key, sender.own,
                                                  sender.address, judgement.activity, guarded.now);
    if (decision.report) {
        report(decision, sender, decision.claimant, guarded.now);
    }
}

void
Reports::claimantHeard(const Treatment& claimant, const GuardedQuery& guarded,
                       const Judgement& judgement) {
    const auto decision = conflicts_.recordClaimant(
        claimant.judgement.network.key, claimant.own, claimant.judgement.holder.address,
        claimant.address, judgement.activity, guarded.now,
        judgement.leftOver() ? ConflictRegistry::Opening::DENIED : ConflictRegistry::Opening::ALLOWED);
    if (decision.recorded && decision.report) {
        report(decision, claimant, claimant.address, guarded.now);
    }
}

void
Reports::namedLeaseBlocked(const Treatment& claimant, Message message, Instant now) {
    conflicts_.recordBlocked(message == Message::RELEASE ? ReportKind::RELEASE_BLOCKED
                                                         : ReportKind::DECLINE_BLOCKED,
                             claimant.judgement.network.key, claimant.own,
                             claimant.judgement.holder.address, claimant.address, now);
}

void
Reports::ended(const ConflictEnd& end, const Treatment& sender, Instant now) {
    auto record = recordOf("conflict-ended", sender, end.left, now);
    record["reason"] = toText(end.reason);
    audit_.push_back(std::move(record));
}

void
Reports::report(const ReportDecision& decision, const Treatment& about, const HardwareAddress& claimant,
                Instant now) {
    auto record =
        recordOf(decision.level == Level::CONFIRMED ? "conflict-confirmed" : "conflict-suspected", about,
                 claimant, now);
    if (!about.judgement.holder.address.bytes().empty()) {
        record["holder"] = {{"hw_address", about.judgement.holder.address.toText()}};
    }
    audit_.push_back(std::move(record));
}

std::vector<Json>
Reports::takeAudit() {
    return (std::exchange(audit_, {}));
}

std::vector<Json>
Reports::list(const ScopeSettings& settings, uint64_t now) const {
    std::map<std::pair<Bytes, uint32_t>, std::set<HardwareAddress>> found;
    for (const auto* lease : leases_.all()) {
        const auto derived = parseDerived(lease->client_id);
        if (derived && toLease(*lease, now).live) {
            const uint32_t network = lease->subnet == 1 ? 1 : 2;
            found[{derived->identifier.copy(), network}].insert(derived->address);
        }
    }
    for (const auto& view : conflicts_.list({}, std::numeric_limits<size_t>::max())) {
        const uint32_t subnet = view.network == "subnet 1" ? 1 : 2;
        for (const auto& claimant : view.claimants) {
            found[{view.identifier, subnet}].insert(claimant.first);
        }
    }
    std::vector<Json> list;
    for (auto& [key, claimants] : found) {
        const auto network = networkAround(key.second, settings);
        const auto remembered = conflicts_.view(network.key, key.first);
        auto holder = looksDerived(key.first) ? Lease() : holderLease(leases_, key.first, network, now);
        if (remembered && !holder.live && !remembered->holder.bytes().empty()) {
            holder.address = remembered->holder;
        }
        // A new claimant, or one that has returned, has a lease of each kind.
        if (holder.live) {
            claimants.erase(holder.address);
        } else if (claimants.count(holder.address) != 0) {
            holder.address = HardwareAddress();
        }
        if (claimants.empty()) {
            continue;
        }
        Json conflict{{"client-id", toHex(key.first)}, {"subnet-id", key.second}};
        if (!holder.address.bytes().empty()) {
            conflict["holder"] = {{"hw-address", holder.address.toText()}};
        }
        for (const auto& claimant : claimants) {
            conflict["claimants"].push_back({{"hw-address", claimant.toText()}});
        }
        list.push_back(std::move(conflict));
    }
    return (list);
}

}  // namespace model
}  // namespace clone_guard
