// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_conflict.h>
#include <tool/cli/terminal.h>
#include <tool/listen/listen_events.h>
#include <tool/listen/listen_wording.h>
#include <tool/listen/server_replies.h>

#include <core/audit/audit_event.h>
#include <core/explain/vendors.h>
#include <core/identity/escape.h>

#include <chrono>
#include <ostream>

namespace clone_guard {

namespace {

/// How an event is printed.
struct EventStyle {
    const char* word;  ///< as wide as in the lines of `watch`
    Style style;
};

EventStyle
styleOf(Event::Kind kind) {
    switch (kind) {
    case Event::Kind::SUSPECTED:
        return {"SUSPECTED", Style::WARNING};
    case Event::Kind::CONFIRMED:
        return {"CONFIRMED", Style::ALARM};
    case Event::Kind::ADDRESS_SHARED:
        return {"SHARED   ", Style::ALARM};
    case Event::Kind::ADDRESS_DECLINED:
        return {"DECLINED ", Style::WARNING};
    case Event::Kind::SERVERS_COMPETE:
        return {"SERVERS  ", Style::ALARM};
    case Event::Kind::IDENTIFIER_MISSING:
        return {"server   ", Style::PLAIN};
    case Event::Kind::FULL:
        break;
    }
    return {"FULL     ", Style::DEGRADED};
}

/// "web-02 (bc:24:11:5e:00:02, Proxmox)"
std::string
machineText(const HardwareAddress& address, const std::string& hostname, const std::string& detail,
            const Inventory& inventory) {
    auto name = inventory.nameOf(address);
    if (name.empty()) {
        name = escape(hostname);
    }
    if (name.empty()) {
        return (address.toText() + (detail.empty() ? "" : " (" + detail + ")"));
    }
    return (name + " (" + address.toText() + (detail.empty() ? "" : ", " + detail) + ")");
}

std::string
eventText(const Event& event, const Message& message, const Inventory& inventory) {
    const auto sender =
        machineText(event.machine, event.hostname, hardwareVendor(event.machine.bytes()), inventory);
    const auto address = event.other_address.isUnspecified() ? "" : event.other_address.toText();
    const auto other = machineText(event.other, event.other_hostname, address, inventory);
    const auto server = ServerReplies::serverOf(message).toText();
    switch (event.kind) {
    case Event::Kind::SUSPECTED:
        return (sender + " presents the identifier of " + other);
    case Event::Kind::CONFIRMED:
        return (sender + " is active at the same time as " + other);
    case Event::Kind::ADDRESS_SHARED:
        return (server + " acknowledged " + event.address.toText() + " to " + sender +
                " while the lease of " + other + " is live");
    case Event::Kind::ADDRESS_DECLINED:
        return (sender + " declined " + event.address.toText() + ", which another machine uses");
    case Event::Kind::SERVERS_COMPETE:
        return (server + " (" + message.frame_source.toText() + ") and " + event.other_server.toText() +
                " answered the same query of " + sender);
    case Event::Kind::IDENTIFIER_MISSING:
        return (server + " does not return the client identifier (RFC 6842)");
    case Event::Kind::FULL:
        break;
    }
    return ("more machines or addresses than can be stored: further ones are not recorded");
}

/// Returns the address that a DHCPv6 client renews under the identifier of an event, or its prefix if it has no address.
/// systemd-networkd has one IAID for both.
SeenAddress
renewedAddress(const Event& event, const Message& message) {
    SeenAddress found;
    if (!message.isRenewal()) {
        return (found);
    }
    for (const auto& association : message.associations) {
        if (association.identifier != event.identifier) {
            continue;
        }
        for (const auto& named : association.addresses) {
            if (found.isUnspecified() || (found.isPrefix() && !named.address.isPrefix())) {
                found = named.address;
            }
        }
    }
    return (found);
}

}  // namespace

void
printEvent(std::ostream& out, const Event& event, const Message& message, const Inventory& inventory) {
    const auto style = styleOf(event.kind);
    out << Styled(Style::FAINT, utcText(message.time) + "Z") << "  " << Styled(style.style, style.word)
        << "  " << eventText(event, message, inventory) << '\n';
}

std::optional<AuditRecord>
auditRecordOf(const Event& event, const Message& message, bool is_live) {
    if (event.kind != Event::Kind::SUSPECTED && event.kind != Event::Kind::CONFIRMED) {
        return (std::nullopt);
    }
    AuditRecord record;
    record.time_ms = message.time.time_since_epoch().count();
    record.event = event.kind == Event::Kind::CONFIRMED ? audit_event::CONFLICT_CONFIRMED
                                                        : audit_event::CONFLICT_SUSPECTED;
    record.policy = LISTEN_POLICY;
    record.action = "none";
    record.client_id = event.identifier;
    record.hw_address = event.machine;
    record.is_dhcpv6 = message.segment.is_ipv6;
    record.hostname = escape(event.hostname);
    record.vendor_class = escape(message.is_reply ? "" : message.vendor_class);
    record.client = record.vendor_class;
    record.requested_options = message.is_reply ? Bytes() : message.requested_options;
    if (!message.segment.relay.isUnspecified()) {
        record.relay = message.segment.relay.toText();
    }
    record.interface = linkText(message.segment.link, is_live);
    record.circuit_id = message.circuit_id.empty() ? "" : toHex(message.circuit_id);
    record.remote_id = message.remote_id.empty() ? "" : toHex(message.remote_id);
    record.network = segmentText({0, message.segment.vlan, {}, message.segment.is_ipv6}, is_live);
    if (!message.client_address.isUnspecified()) {
        record.address = message.client_address.toText();
    }
    if (const auto renewed = renewedAddress(event, message); !renewed.isUnspecified()) {
        record.address = renewed.toText();
    }
    record.holder = event.other;
    if (!event.other_address.isUnspecified()) {
        record.holder_address = event.other_address.toText();
    }
    record.holder_hostname = escape(event.other_hostname);
    record.holder_last_seen =
        std::chrono::duration_cast<std::chrono::seconds>(event.other_last.time_since_epoch()).count();
    record.claimants = event.machines - 1;
    record.transaction_id = message.transaction_id;
    return (record);
}

}  // namespace clone_guard
