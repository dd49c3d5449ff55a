// SPDX-License-Identifier: MPL-2.0

#include <hook/report/stranger_reporter.h>

#include <hook/kea_address.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/report_text.h>
#include <hook/report/statistics.h>

namespace clone_guard {

namespace {

std::string
messageText(Message message) {
    switch (message) {
    case Message::DISCOVER:
        return ("DHCPDISCOVER");
    case Message::REQUEST:
        return ("DHCPREQUEST");
    case Message::RELEASE:
        return ("DHCPRELEASE");
    case Message::DECLINE:
        return ("DHCPDECLINE");
    case Message::INFORM:
        break;
    }
    return ("DHCPINFORM");
}

/// What arrived, and from which machine.
std::string
queryText(const QueryContext& context, StrangerKind kind) {
    const auto message = kind == StrangerKind::BOOTP ? "BOOTP query" : messageText(context.message);
    if (kind == StrangerKind::NO_HARDWARE_ADDRESS) {
        return (message + " without a hardware address");
    }
    return (message + " of " + context.query.address.toText());
}

std::string
outcomeText(Verdict verdict) {
    switch (verdict) {
    case Verdict::DERIVE:
    case Verdict::REFUSE:
        return ("the server handles it as a query of another client");
    case Verdict::DROP:
        return ("the query is dropped");
    case Verdict::PASS:
    case Verdict::REPORT:
        break;
    }
    return ("nothing was done about it (policy monitor)");
}

}  // namespace

void
StrangerReporter::report(const isc::dhcp::Pkt4& query, const QueryContext& context, StrangerKind kind) {
    const auto& network = context.network();
    count(Counter::STRANGER, network.subnet_id);
    if (context.message == Message::RELEASE || context.message == Message::DECLINE) {
        count(counterOf(context.message, context.verdict), network.subnet_id);
    }
    const auto& identifier = context.query.identifier;
    if (!limiter_.shouldReport(identifier, static_cast<size_t>(kind), context.query.now)) {
        return;
    }
    LOG_WARN(clone_guard_logger, CLONE_GUARD_STRANGER)
        .arg(queryText(context, kind))
        .arg(placeText(query.getIface(), fromKea(query.getGiaddr())))
        .arg(toHex(identifier))
        .arg(holderText(context.holder()))
        .arg(holderAddressText(context.holder()))
        .arg(networkText(network))
        .arg(outcomeText(context.verdict));
}

}  // namespace clone_guard
