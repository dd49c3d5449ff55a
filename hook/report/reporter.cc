// SPDX-License-Identifier: MPL-2.0

#include <hook/report/reporter.h>

#include <core/audit/audit_event.h>
#include <core/conflicts/one_machine.h>
#include <core/decision/verdict.h>
#include <core/explain/one_machine_text.h>
#include <core/explain/remedy.h>
#include <core/identity/escape.h>
#include <hook/kea_address.h>
#include <hook/packet/query.h>
#include <hook/report/audit_log.h>
#include <hook/report/clock.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/report_text.h>
#include <hook/report/statistics.h>

#include <dhcp/dhcp4.h>

namespace clone_guard {

namespace {

using namespace isc::dhcp;

constexpr uint16_t CIRCUIT_ID = 1;
constexpr uint16_t REMOTE_ID = 2;

std::string
verdictText(Verdict verdict) {
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

std::string
hostnameIn(const Pkt4& query) {
    return (escape(query::text(query, DHO_HOST_NAME)));
}

/// The fields of an audit record about an identifier. They are the same for all of its machines.
AuditRecord
recordOf(const char* event, ByteView identifier, const Network& network, const Lease& holder) {
    AuditRecord record;
    record.time_ms = nowMilliseconds();
    record.event = event;
    record.policy = toText(network.policy());
    record.action = actionText(Verdict::PASS);
    record.client_id = identifier.copy();
    record.network = escape(network.name);
    record.subnet_id = network.subnet_id;
    record.holder = holder.address;
    record.holder_address = ipText(holder.ip);
    record.holder_hostname = escape(holder.hostname);
    record.holder_last_seen = holder.last_seen;
    return (record);
}

AuditRecord
recordOf(const char* event, const QueryContext& context) {
    return (recordOf(event, context.query.identifier, context.network(), context.holder()));
}

Bytes
requestedOptions(const Pkt4& query) {
    const auto text = query::text(query, DHO_DHCP_PARAMETER_REQUEST_LIST);
    return (Bytes(text.begin(), text.end()));
}

/// The audit record about the sender of a query.
AuditRecord
recordOf(const char* event, const Pkt4& query, const QueryContext& context) {
    auto record = recordOf(event, context);
    record.hw_address = context.query.address;
    record.hostname = hostnameIn(query);
    record.vendor_class = escape(query::text(query, DHO_VENDOR_CLASS_IDENTIFIER));
    record.client = record.vendor_class;
    record.requested_options = requestedOptions(query);
    record.interface = escape(query.getIface());
    record.relay = ipText(fromKea(query.getGiaddr()));
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

/// The template and the interface that an identifier comes from, as far as they are known.
std::string
originText(const Explanation& known) {
    std::string text;
    if (!known.template_name.empty()) {
        text = "template " + escape(known.template_name);
    }
    if (!known.nic.empty()) {
        text += (text.empty() ? "" : ", ") + ("interface " + escape(known.nic));
    }
    return (text.empty() ? text : " (" + text + ")");
}

/// What the other machines of a conflict did: "all machines but bc:24:11:00:00:01 are sealed".
std::string
endText(const ConflictEnd& end) {
    const auto others =
        end.left.bytes().empty() ? std::string("all machines") : "all machines but " + end.left.toText();
    switch (end.reason) {
    case EndReason::SEALED:
        return (others + " are sealed");
    case EndReason::OFF:
        return (others + " are off or sealed");
    case EndReason::EXPIRED:
        return (others + " have expired leases or are sealed");
    case EndReason::OFF_OR_EXPIRED:
        break;
    }
    return (others + " are off, have expired leases or are sealed");
}

}  // namespace

void
Reporter::reportClaimant(const Pkt4& query, const QueryContext& context) {
    const auto& sender = context.query;
    const auto& network = context.network();
    const bool refused = context.verdict == Verdict::REFUSE || context.verdict == Verdict::DROP;
    count(refused ? Counter::REFUSED : Counter::MAC_FALLBACK, network.subnet_id);
    LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_CLAIMANT)
        .arg(sender.address.toText())
        .arg(toHex(sender.identifier))
        .arg(holderText(context.holder()))
        .arg(networkText(network))
        .arg(verdictText(context.verdict));
    if (context.verdict == Verdict::DROP) {
        LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_REFUSED)
            .arg(sender.address.toText())
            .arg(toHex(sender.identifier))
            .arg(holderText(context.holder()));
    }
    // A claimant that no other machine is in conflict with does not open a conflict.
    const auto opening = context.judgement.leftOver()   ? ConflictRegistry::Opening::DENIED
                         : context.judgement.other_live ? ConflictRegistry::Opening::ON_RECORD
                                                        : ConflictRegistry::Opening::ALLOWED;
    const auto decision = conflicts_.recordClaimant(
        network.key, sender.identifier, context.holder().address, sender.address,
        context.judgement.activity, sender.now, opening,
        {hostnameIn(query), escape(context.holder().hostname), context.holder().last_seen,
         escape(query::text(query, DHO_VENDOR_CLASS_IDENTIFIER)), requestedOptions(query)});
    if (!decision.recorded) {
        reportFailure(
            Failure::CONFLICTS_FULL,
            [&] {
                return (
                    fullTableText("the table of conflicts is full, see max-conflicts", query, sender));
            },
            sender.now);
        return;
    }
    if (decision.held_back) {
        countClaimant(decision, network.subnet_id);
        reportHeldBack(query, sender);
        return;
    }
    if (decision.claimants > 0) {
        reportSuccess(Failure::CONFLICTS_FULL, sender.now);
    }
    if (decision.report) {
        if (decision.first) {
            reportSuccess(Failure::REPORTS_HELD_BACK, sender.now);
        }
        auto record = recordOf(eventOf(decision.level), query, context);
        record.address = ipText(context.own_ip);
        reportConflict(std::move(record), context, context.verdict, decision);
    }
}

void
Reporter::reportHeldBack(const Pkt4& query, const GuardedQuery& sender) {
    reportFailure(
        Failure::REPORTS_HELD_BACK,
        [&] {
            return ("too many machines appear in conflicts at once to log each of them; " +
                    sourceText("the query that was not logged", query, sender));
        },
        sender.now);
}

void
Reporter::reportHolder(const Pkt4& query, const QueryContext& context) {
    const auto& network = context.network();
    const auto decision =
        conflicts_.recordHolder(network.key, context.query.identifier, context.query.address,
                                context.judgement.activity, context.query.now, hostnameIn(query));
    if (!decision.report) {
        return;
    }
    // The holder sent the query. The report is about the claimant.
    auto record = recordOf(eventOf(decision.level), context);
    record.hw_address = decision.claimant;
    record.client = escape(query::text(query, DHO_VENDOR_CLASS_IDENTIFIER));
    record.requested_options = requestedOptions(query);
    reportConflict(std::move(record), context, decide(network.policy(), Message::REQUEST, false),
                   decision);
}

void
Reporter::reportConflict(AuditRecord record, const QueryContext& context, Verdict verdict,
                         const ReportDecision& decision) {
    const bool confirmed = decision.level == Level::CONFIRMED;
    countClaimant(decision, context.network().subnet_id);
    record.action = actionText(verdict);
    record.claimants = decision.claimants;
    record.suppressed = decision.suppressed;
    const auto* id = confirmed ? CLONE_GUARD_CONFLICT_CONFIRMED : CLONE_GUARD_CONFLICT_SUSPECTED;
    auto known = explainer_.explain(context.query.identifier, record.sender());
    if (conflicts_.wasCured(context.query.identifier)) {
        known.remedy = remedyAfterCure(known);
    }
    record.one_machine =
        toText(findOneMachine({decision.level, decision.claimants, isAggregate(known.nic),
                               record.hostname, record.holder_hostname}));
    LOG_WARN(clone_guard_logger, id)
        .arg(toHex(context.query.identifier) + originText(known))
        .arg(networkText(context.network()))
        .arg(holderText(context.holder()))
        .arg(holderAddressText(context.holder()))
        .arg(record.hw_address.toText())
        .arg(hostnameText(record.hostname))
        .arg(verdictText(verdict) + (record.one_machine.empty()
                                         ? ""
                                         : "; " + oneMachineText(record.one_machine, escape(known.nic))))
        .arg(known.remedy);
    audit_log::write(record, known);
}

/// Counts the first event about a claimant, and not its report if that was held back.
void
Reporter::countClaimant(const ReportDecision& decision, uint32_t subnet_id) {
    if (decision.first && decision.suppressed == 0) {
        count(decision.level == Level::CONFIRMED ? Counter::CONFIRMED : Counter::SUSPECTED, subnet_id);
    }
}

void
Reporter::reportMove(const Pkt4& query, const QueryContext& context) {
    count(Counter::MOVED, context.network().subnet_id);
    auto record = recordOf(audit_event::IDENTITY_MOVED, query, context);
    record.is_open = false;
    LOG_INFO(clone_guard_logger, CLONE_GUARD_IDENTITY_MOVED)
        .arg(toHex(context.query.identifier))
        .arg(networkText(context.network()))
        .arg(holderText(context.holder()))
        .arg(context.query.address.toText())
        .arg(hostnameText(record.hostname));
    audit_log::write(record, explainer_);
}

void
Reporter::reportSealed(const ConflictCheck::Sealed& sealed, ByteView identifier, const Network& network,
                       const Lease& holder) {
    count(Counter::SEALED, network.subnet_id);
    auto record = recordOf(audit_event::MACHINE_SEALED, identifier, network, holder);
    record.hw_address = sealed.machine;
    record.hostname = escape(sealed.lease.hostname);
    record.address = ipText(sealed.lease.ip);
    record.is_open = false;
    LOG_INFO(clone_guard_logger, CLONE_GUARD_MACHINE_SEALED)
        .arg(sealed.machine.toText())
        .arg(hostnameText(record.hostname))
        .arg(toHex(identifier))
        .arg(networkText(network))
        .arg(sealed.lease.identifier.empty() ? "no client identifier"
                                             : "client identifier " + toHex(sealed.lease.identifier))
        .arg(record.address);
    audit_log::write(record, explainer_);
}

void
Reporter::reportEnd(const ConflictEnd& end, const Pkt4& query, const QueryContext& context) {
    if (end.left != context.query.address) {
        reportEnd(end, context.query.identifier, context.network(), context.holder());
        return;
    }
    reportEnd(recordOf(audit_event::CONFLICT_ENDED, query, context), end, context.network());
}

void
Reporter::reportEnd(const ConflictEnd& end, ByteView identifier, const Network& network,
                    const Lease& holder) {
    auto record = recordOf(audit_event::CONFLICT_ENDED, identifier, network, holder);
    record.hw_address = end.left;
    reportEnd(std::move(record), end, network);
}

void
Reporter::reportEnd(AuditRecord record, const ConflictEnd& end, const Network& network) {
    record.reason = toText(end.reason);
    record.is_open = false;
    LOG_INFO(clone_guard_logger, CLONE_GUARD_CONFLICT_ENDED)
        .arg(toHex(record.client_id))
        .arg(networkText(network))
        .arg(endText(end));
    audit_log::write(record, explainer_);
}

void
Reporter::reportDeletion(ByteView identifier, const Network& network, const Lease& holder) {
    LOG_INFO(clone_guard_logger, CLONE_GUARD_CONFLICT_DELETED)
        .arg(toHex(identifier))
        .arg(networkText(network));
    auto record = recordOf(audit_event::CONFLICT_ENDED, identifier, network, holder);
    record.reason = end_reason::DELETED;
    record.is_open = false;
    audit_log::write(record, explainer_);
}

void
Reporter::reportBlocked(const Pkt4& query, const QueryContext& context, IpAddress ip) {
    const bool release = context.message == Message::RELEASE;
    const auto& network = context.network();
    count(counterOf(context.message, context.verdict), network.subnet_id);
    const auto decision = conflicts_.recordBlocked(
        release ? ReportKind::RELEASE_BLOCKED : ReportKind::DECLINE_BLOCKED, network.key,
        context.query.identifier, context.holder().address, context.query.address, context.query.now);
    if (decision.held_back) {
        reportHeldBack(query, context.query);
    }
    if (!decision.report) {
        return;
    }
    auto record =
        recordOf(release ? audit_event::RELEASE_BLOCKED : audit_event::DECLINE_BLOCKED, query, context);
    record.action = actionText(context.verdict);
    record.claimants = decision.claimants;
    record.suppressed = decision.suppressed;
    record.address = ipText(ip);
    const bool passed = context.verdict == Verdict::REPORT;
    const auto* id = release ? (passed ? CLONE_GUARD_RELEASE_PASSED : CLONE_GUARD_RELEASE_BLOCKED)
                             : (passed ? CLONE_GUARD_DECLINE_PASSED : CLONE_GUARD_DECLINE_BLOCKED);
    LOG_WARN(clone_guard_logger, id)
        .arg(record.hw_address.toText())
        .arg(record.address)
        .arg(holderText(context.holder()))
        .arg(toHex(context.query.identifier))
        .arg(passed ? verdictText(context.verdict) : "the holder keeps its lease");
    audit_log::write(record, explainer_);
}

void
Reporter::reportAddress(const Pkt4& query, const QueryContext& context, IpAddress ip, Instant now) {
    const auto& identifier = context.query.identifier;
    const auto& address = context.query.address;
    if (!context.stranger && !context.judgement.leftOver()) {
        const auto due = conflicts_.recordLease(context.network().key, identifier,
                                                context.holder().address, address, now);
        if (due.report) {
            reportConflict(recordOf(eventOf(due.level), query, context), context, context.verdict, due);
        }
    }
    if (!conflicts_.recordAddress(context.network().key, identifier, address, ip, now)) {
        return;
    }
    auto record = recordOf(audit_event::ADDRESS_ASSIGNED, query, context);
    record.action = actionText(context.verdict);
    record.address = ipText(ip);
    LOG_DEBUG(clone_guard_logger, DBG_QUERY, CLONE_GUARD_ADDRESS_ASSIGNED)
        .arg(address.toText())
        .arg(toHex(identifier))
        .arg(record.address);
    audit_log::write(record, explainer_);
}

bool
Reporter::recordFailure(Failure kind, Instant now) {
    count(Counter::DEGRADED);
    return (outages_.at(static_cast<size_t>(kind)).recordFailure(now));
}

void
Reporter::logFailure(Failure kind, const std::string& what) {
    if (kind == Failure::UNFORESEEN) {
        LOG_ERROR(clone_guard_logger, CLONE_GUARD_CALLOUT_FAILED).arg("unexpected failure").arg(what);
    } else {
        LOG_WARN(clone_guard_logger, CLONE_GUARD_DEGRADED).arg(what);
    }
    AuditRecord record;
    record.time_ms = nowMilliseconds();
    record.event = audit_event::GUARD_DEGRADED;
    record.reason = what;
    audit_log::write(record, explainer_);
}

void
Reporter::reportRecovery(Failure kind, Instant now) {
    static const std::array<const char*, FAILURES> recoveries{
        "the lease database responds again", "the table of claims has room again",
        "the table of conflicts has room again", "each machine is logged as it appears in a conflict",
        "no failure occurred for a minute"};
    const auto failures = outages_.at(static_cast<size_t>(kind)).recordSuccess(now);
    if (failures > 0) {
        LOG_INFO(clone_guard_logger, CLONE_GUARD_RECOVERED)
            .arg(recoveries.at(static_cast<size_t>(kind)))
            .arg(failures);
    }
}

}  // namespace clone_guard
