// SPDX-License-Identifier: MPL-2.0

#include <hook/report/reporter.h>

#include <core/audit/audit_event.h>
#include <core/audit/escape.h>
#include <core/decision/verdict.h>
#include <hook/packet/query.h>
#include <hook/report/audit_log.h>
#include <hook/report/clock.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/statistics.h>

#include <dhcp/dhcp4.h>

namespace clone_guard {

namespace {

using namespace isc::dhcp;

constexpr uint16_t CIRCUIT_ID = 1;
constexpr uint16_t REMOTE_ID = 2;

std::string
ipText(IpAddress ip) {
    return (ip.isUnspecified() ? std::string() : ip.toText());
}

/// The network as people know it: "network 'lab' (subnet 1)", "subnet 1".
std::string
where(const Network& network) {
    if (network.subnet_id == 0) {
        return ("no known subnet");
    }
    const auto subnet = "subnet " + std::to_string(network.subnet_id);
    return (network.name.empty() ? subnet : "network '" + escape(network.name) + "' (" + subnet + ")");
}

std::string
holderText(const Lease& holder) {
    return (holder.address.bytes().empty() ? "another machine" : holder.address.toText());
}

std::string
doneText(Verdict verdict) {
    switch (verdict) {
    case Verdict::DERIVE:
        return ("it gets an address of its own, tied to its hardware address");
    case Verdict::REFUSE:
    case Verdict::DROP:
        return ("it gets no address (policy refuse)");
    case Verdict::PASS:
    case Verdict::REPORT:
        break;
    }
    return ("nothing was done about it (policy monitor)");
}

/// What is known about a claimant without any message of its own.
AuditRecord
recordOf(const char* event, const QueryContext& claimant) {
    AuditRecord record;
    record.time_ms = nowMilliseconds();
    record.event = event;
    record.policy = toText(claimant.network.policy());
    record.action = actionText(claimant.verdict);
    record.client_id = claimant.identifier;
    record.hw_address = claimant.address;
    record.network = escape(claimant.network.name);
    record.subnet_id = claimant.network.subnet_id;
    record.holder = claimant.holder.address;
    record.holder_address = ipText(claimant.holder.ip);
    record.holder_hostname = escape(claimant.holder.hostname);
    record.holder_last_seen = claimant.holder.last_seen;
    return (record);
}

AuditRecord
recordOf(const char* event, const Pkt4& query, const QueryContext& claimant) {
    auto record = recordOf(event, claimant);
    record.hostname = escape(query::text(query, DHO_HOST_NAME));
    record.vendor_class = escape(query::text(query, DHO_VENDOR_CLASS_IDENTIFIER));
    record.client = record.vendor_class;
    record.interface = escape(claimant.place.interface);
    record.relay = ipText(claimant.place.relay);
    record.circuit_id = query::relaySuboption(query, CIRCUIT_ID);
    record.remote_id = query::relaySuboption(query, REMOTE_ID);
    record.transaction_id = query.getTransid();
    return (record);
}

const char*
eventOf(Level level) {
    return (level == Level::CONFIRMED ? audit_event::CONFLICT_CONFIRMED
                                      : audit_event::CONFLICT_SUSPECTED);
}

/// Where an identifier comes from, for who knows the template by its name.
std::string
origin(const Explanation& known) {
    std::string text;
    if (!known.template_name.empty()) {
        text = "template " + escape(known.template_name);
    }
    if (!known.nic.empty()) {
        text += (text.empty() ? "" : ", ") + ("interface " + escape(known.nic));
    }
    return (text.empty() ? text : " (" + text + ")");
}

std::string
named(const std::string& hostname) {
    return (hostname.empty() ? "" : " (host name " + hostname + ")");
}

}  // namespace

void
Reporter::claimantHeard(const Pkt4& query, const QueryContext& claimant, const GuardedQuery& question,
                        const Judgement& judgement) {
    const bool refused = claimant.verdict == Verdict::REFUSE || claimant.verdict == Verdict::DROP;
    count(refused ? Counter::REFUSED : Counter::MAC_FALLBACK, claimant.network.subnet_id);
    LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_CLAIMANT)
        .arg(claimant.address.toText())
        .arg(toHex(claimant.identifier))
        .arg(holderText(claimant.holder))
        .arg(where(claimant.network))
        .arg(doneText(claimant.verdict));
    if (claimant.verdict == Verdict::DROP) {
        LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_REFUSED)
            .arg(claimant.address.toText())
            .arg(toHex(claimant.identifier))
            .arg(holderText(claimant.holder));
    }
    const auto notice = conflicts_.recordClaimant(
        claimant.network.key, claimant.identifier, claimant.holder.address, claimant.address,
        question.activity(), question.now,
        judgement.leftOver() ? ConflictRegistry::Opening::DENIED : ConflictRegistry::Opening::ALLOWED);
    if (!notice.recorded) {
        reportFailure(Failure::CONFLICTS_FULL, "the table of conflicts is full, see max-conflicts",
                      question.now);
        return;
    }
    if (notice.claimants > 0) {
        reportSuccess(Failure::CONFLICTS_FULL, question.now);
    }
    if (notice.report) {
        auto record = recordOf(eventOf(notice.level), query, claimant);
        record.address = ipText(claimant.own_ip);
        tellConflict(std::move(record), claimant, notice);
    }
}

void
Reporter::holderHeard(const Pkt4& query, const QueryContext& sender, Activity activity, Instant now) {
    const auto notice =
        conflicts_.recordHolder(sender.network.key, sender.identifier, sender.address, activity, now);
    if (!notice.report) {
        return;
    }
    // It is the holder that was heard; the record is about the claimant.
    QueryContext claimant;
    claimant.identifier = sender.identifier;
    claimant.network = sender.network;
    claimant.address = notice.claimant;
    claimant.holder = sender.holder;
    claimant.verdict = decide(sender.network.policy(), Message::REQUEST, false);
    auto record = recordOf(eventOf(notice.level), claimant);
    record.client = escape(query::text(query, DHO_VENDOR_CLASS_IDENTIFIER));
    tellConflict(std::move(record), claimant, notice);
}

void
Reporter::tellConflict(AuditRecord record, const QueryContext& claimant, const ReportDecision& notice) {
    const bool confirmed = notice.level == Level::CONFIRMED;
    if (notice.first) {
        count(confirmed ? Counter::CONFIRMED : Counter::SUSPECTED, claimant.network.subnet_id);
    }
    record.claimants = notice.claimants;
    record.suppressed = notice.suppressed;
    const auto* id = confirmed ? CLONE_GUARD_CONFLICT_CONFIRMED : CLONE_GUARD_CONFLICT_SUSPECTED;
    const auto known = explainer_.explain(claimant.identifier, record.sender());
    LOG_WARN(clone_guard_logger, id)
        .arg(toHex(claimant.identifier) + origin(known))
        .arg(where(claimant.network))
        .arg(holderText(claimant.holder))
        .arg(claimant.holder.ip.isUnspecified() ? "" : " with the address " + ipText(claimant.holder.ip))
        .arg(claimant.address.toText())
        .arg(named(record.hostname))
        .arg(doneText(claimant.verdict))
        .arg(known.remedy);
    audit_log::write(record, explainer_);
}

void
Reporter::identityMoved(const Pkt4& query, const QueryContext& sender) {
    count(Counter::MOVED, sender.network.subnet_id);
    auto record = recordOf(audit_event::IDENTITY_MOVED, query, sender);
    record.is_open = false;
    LOG_INFO(clone_guard_logger, CLONE_GUARD_IDENTITY_MOVED)
        .arg(toHex(sender.identifier))
        .arg(where(sender.network))
        .arg(holderText(sender.holder))
        .arg(sender.address.toText())
        .arg(named(record.hostname));
    audit_log::write(record, explainer_);
}

void
Reporter::conflictEnded(const Pkt4& query, const QueryContext& sender) {
    LOG_INFO(clone_guard_logger, CLONE_GUARD_CONFLICT_ENDED)
        .arg(toHex(sender.identifier))
        .arg(where(sender.network))
        .arg(sender.address.toText());
    auto record = recordOf(audit_event::CONFLICT_ENDED, query, sender);
    record.is_open = false;
    audit_log::write(record, explainer_);
}

void
Reporter::conflictDeleted(const QueryContext& claimant) {
    LOG_INFO(clone_guard_logger, CLONE_GUARD_CONFLICT_DELETED)
        .arg(toHex(claimant.identifier))
        .arg(where(claimant.network));
    auto record = recordOf(audit_event::CONFLICT_ENDED, claimant);
    record.reason = "deleted by command";
    record.is_open = false;
    audit_log::write(record, explainer_);
}

void
Reporter::namedLeaseBlocked(const Pkt4& query, const QueryContext& claimant, Message message,
                            IpAddress ip, Instant now) {
    const bool release = message == Message::RELEASE;
    count(release ? Counter::RELEASE_BLOCKED : Counter::DECLINE_BLOCKED, claimant.network.subnet_id);
    const auto notice = conflicts_.recordBlocked(
        release ? ReportKind::RELEASE_BLOCKED : ReportKind::DECLINE_BLOCKED, claimant.network.key,
        claimant.identifier, claimant.holder.address, claimant.address, now);
    if (!notice.report) {
        return;
    }
    auto record =
        recordOf(release ? audit_event::RELEASE_BLOCKED : audit_event::DECLINE_BLOCKED, query, claimant);
    record.claimants = notice.claimants;
    record.suppressed = notice.suppressed;
    record.address = ipText(ip);
    const auto* id = release ? CLONE_GUARD_RELEASE_BLOCKED : CLONE_GUARD_DECLINE_BLOCKED;
    LOG_WARN(clone_guard_logger, id)
        .arg(claimant.address.toText())
        .arg(record.address)
        .arg(holderText(claimant.holder))
        .arg(toHex(claimant.identifier))
        .arg(claimant.verdict == Verdict::REPORT ? "nothing was done about it (policy monitor)"
                                                 : "the holder keeps its lease");
    audit_log::write(record, explainer_);
}

void
Reporter::addressAssigned(const Pkt4& query, const QueryContext& claimant, IpAddress ip, Instant now) {
    if (!conflicts_.recordAddress(claimant.network.key, claimant.identifier, claimant.address, ip,
                                  now)) {
        return;
    }
    auto record = recordOf(audit_event::ADDRESS_ASSIGNED, query, claimant);
    record.address = ipText(ip);
    LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_ADDRESS_ASSIGNED)
        .arg(claimant.address.toText())
        .arg(toHex(claimant.identifier))
        .arg(record.address);
    audit_log::write(record, explainer_);
}

void
Reporter::malformed(const Pkt4& query, ByteView identifier) {
    count(Counter::MALFORMED);
    const auto address = query.getHWAddr();
    LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_MALFORMED)
        .arg(address ? address->toText(false) : "none")
        .arg(identifier.size())
        .arg(identifier.empty() ? "nothing" : toHex(identifier));
}

void
Reporter::reportFailure(Failure kind, const std::string& what, Instant now) {
    count(Counter::DEGRADED);
    if (!outages_.at(static_cast<size_t>(kind)).fail(now)) {
        return;
    }
    if (kind == Failure::UNFORESEEN) {
        LOG_ERROR(clone_guard_logger, CLONE_GUARD_CALLOUT_FAILED)
            .arg("unforeseen failure")
            .arg(escape(what));
    } else {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_DEGRADED).arg(escape(what));
    }
    AuditRecord record;
    record.time_ms = nowMilliseconds();
    record.event = audit_event::GUARD_DEGRADED;
    record.reason = escape(what);
    audit_log::write(record, explainer_);
}

void
Reporter::reportRecovery(Failure kind, Instant now) {
    static const std::array<const char*, FAILURES> names{
        "the silence of the lease database", "the shortage of claims", "the shortage of conflicts",
        "the unforeseen failure"};
    const auto failures = outages_.at(static_cast<size_t>(kind)).succeed(now);
    if (failures > 0) {
        LOG_INFO(clone_guard_logger, CLONE_GUARD_RECOVERED)
            .arg(names.at(static_cast<size_t>(kind)))
            .arg(failures);
    }
}

}  // namespace clone_guard
