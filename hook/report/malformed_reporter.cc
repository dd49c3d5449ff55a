// SPDX-License-Identifier: MPL-2.0

#include <hook/report/malformed_reporter.h>

#include <core/identity/escape.h>
#include <hook/kea_address.h>
#include <hook/packet/query.h>
#include <hook/report/clone_guard_log.h>
#include <hook/report/report_text.h>
#include <hook/report/statistics.h>

#include <dhcp/dhcp4.h>

namespace clone_guard {

namespace {

/// The identifier, which can be longer than a log line should be.
std::string
identifierText(ByteView identifier) {
    if (identifier.empty()) {
        return ("empty");
    }
    return (identifier.size() <= MAX_TEXT ? toHex(identifier)
                                          : toHex(ByteView(identifier.data(), MAX_TEXT)) + "...");
}

}  // namespace

bool
MalformedReporter::count(const GuardedQuery& query) {
    clone_guard::count(Counter::MALFORMED);
    return (limiter_.shouldReport(query.address.bytes(), 0, query.now));
}

void
MalformedReporter::log(const isc::dhcp::Pkt4& packet, const GuardedQuery& query) {
    LOG_WARN(clone_guard_logger, CLONE_GUARD_MALFORMED)
        .arg(query.address.toText())
        .arg(hostnameText(escape(query::text(packet, isc::dhcp::DHO_HOST_NAME))))
        .arg(placeText(packet.getIface(), fromKea(packet.getGiaddr())))
        .arg(query.identifier.size())
        .arg(identifierText(query.identifier));
}

}  // namespace clone_guard
