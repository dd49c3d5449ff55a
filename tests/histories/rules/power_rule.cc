// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/power_rule.h>

#include <ctime>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The default of the parameter audit-repeat, in seconds.
const time_t AUDIT_REPEAT = 86400;

/// Reads the time of an audit record, in seconds.
time_t
timeOf(const Json& record) {
    std::tm parts{};
    const std::string text = record.value("time", "");
    return (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) != nullptr ? timegm(&parts) : 0);
}

/// The identifier and the network of a conflict.
std::pair<std::string, unsigned>
conflictOf(const Json& record) {
    return {record.value("client_id", ""), networkOfSubnet(record.value("subnet_id", 0U))};
}

/// Whether a record ends a conflict: by command, because the machines were sealed, or because they were off for a day.
///
/// @param since When the conflict was known first, or confirmed.
bool
endsConflict(const Json& record, time_t since) {
    const std::string reason = record.value("reason", "");
    return (record.value("event", "") == "conflict-ended" &&
            (reason == "sealed" || reason == "deleted by command" ||
             timeOf(record) >= since + AUDIT_REPEAT));
}

}  // namespace

void
PowerRule::switchOff(unsigned host) {
    const Address last = context_.network.hosts().at(host).last;
    if (!last.isZero()) {
        off_[host] = last;
    }
}

/// Returns the address that the host had, if the lease is on record, released or not: the address of the holder, or
/// under "mac-fallback" of a claimant. With several leases Kea can choose.
std::optional<Address>
PowerRule::recordedAddress(const Host& host) const {
    const auto found = off_.find(host.number);
    if (found == off_.end() || host.spec.kind == HostKind::BOOT_STAGE) {
        return (std::nullopt);
    }
    const Row& row = context_.journal.at(found->second);
    const bool own = row.client_id == host.identifierText();
    if (!row.onRecord() || row.state == 1 || !context_.isLeaseOf(row, host) ||
        networkOfSubnet(row.subnet) != host.network || (!own && context_.policy == "refuse")) {
        return (std::nullopt);
    }
    unsigned leases = 0;
    unsigned own_leases = 0;
    for (const auto& entry : context_.journal.rows()) {
        const Row& other = entry.second;
        const bool counts = other.onRecord() && networkOfSubnet(other.subnet) == host.network;
        leases += counts && other.client_id == row.client_id ? 1 : 0;
        own_leases += counts && context_.isLeaseOf(other, host) ? 1 : 0;
    }
    return (leases == 1 && own_leases == 1 ? std::make_optional(found->second) : std::nullopt);
}

bool
PowerRule::comesBack(const Query& query) const {
    const Host& host = context_.hostOf(query);
    const bool boots = query.packet.type() == DISCOVER || query.action == Action::REBOOT;
    return (boots && context_.enforced && host.guarded() && !looksDerived(*host.identifier) &&
            recordedAddress(host).has_value());
}

bool
PowerRule::isConfirmed(const Query& query, const std::vector<Json>& audit) const {
    const Host& host = context_.hostOf(query);
    const auto instance = instances_.find(query.server);
    time_t since = 0;  // 0: not confirmed
    for (size_t i = instance == instances_.end() ? 0 : instance->second; i < audit.size(); ++i) {
        const Json& record = audit[i];
        if (conflictOf(record) != std::make_pair(host.identifierText(), host.network)) {
            continue;
        }
        if (since == 0 && record.value("event", "") == "conflict-confirmed") {
            since = timeOf(record);
        } else if (endsConflict(record, since)) {
            since = 0;
        }
    }
    return (since != 0);
}

void
PowerRule::beforeSend(const Query& query, const std::vector<Json>& audit, bool alone) {
    const Host& host = context_.hostOf(query);
    const auto address = recordedAddress(host);
    if (address && alone && isConfirmed(query, audit)) {
        expected_[query.packet.xid] = *address;
        ++returns_;
        returns_after_release_ += context_.journal.at(*address).released ? 1 : 0;
    }
    off_.erase(host.number);
}

void
PowerRule::onReply(const Query& query, const Packet& reply) {
    const auto found = expected_.find(query.packet.xid);
    if (found == expected_.end()) {
        return;
    }
    const Address address = found->second;
    expected_.erase(found);
    if (reply.type() == NAK || reply.yiaddr != address) {
        context_.addViolation("I8: " + context_.hostOf(query).toText() + " had " + address.toText() +
                              " in a confirmed conflict, comes back and gets " + reply.toText());
    }
}

void
PowerRule::onSilence(const Query& query) {
    if (expected_.erase(query.packet.xid) != 0) {
        context_.addViolation("I8: " + context_.hostOf(query).toText() +
                              " comes back to a confirmed conflict and gets no answer");
    }
}

void
PowerRule::checkSightings(unsigned server, const std::vector<Json>& audit) {
    using Sighting = std::pair<std::string, std::string>;  // level and hardware address
    struct Sightings {
        time_t first = 0;
        std::map<Sighting, time_t> machines;
    };
    std::map<std::pair<std::string, unsigned>, Sightings> seen;
    for (size_t i = instances_[server]; i < audit.size(); ++i) {
        const Json& record = audit[i];
        const std::string event = record.value("event", "");
        auto& conflict = seen[conflictOf(record)];
        if (endsConflict(record, conflict.first)) {
            conflict = {};
        }
        if (event != "conflict-suspected" && event != "conflict-confirmed") {
            continue;
        }
        conflict.first = conflict.first == 0 ? timeOf(record) : conflict.first;
        const Sighting sighting(event, record.value("hw_address", ""));
        const auto inserted = conflict.machines.emplace(sighting, timeOf(record));
        if (!inserted.second && timeOf(record) < inserted.first->second + AUDIT_REPEAT) {
            context_.addViolation("I8: reported again within audit-repeat: " + record.dump());
            return;
        }
        inserted.first->second = timeOf(record);
    }
}

void
PowerRule::beginInstance(unsigned server, const std::vector<Json>& audit) {
    checkSightings(server, audit);
    instances_[server] = audit.size();
    expected_.clear();
}

void
PowerRule::finish(unsigned server, const std::vector<Json>& audit) {
    checkSightings(server, audit);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
