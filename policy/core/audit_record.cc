// SPDX-License-Identifier: MPL-2.0

#include <core/audit_record.h>
#include <core/client_identifier.h>
#include <core/remedy.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ctime>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

void
put(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object[name] = text;
    }
}

void
putIdentifier(Json& object, ByteView identifier) {
    if (identifier.empty()) {
        return;
    }
    object["client_id"] = toHex(identifier);
    if (const auto parts = parseRfc4361(identifier)) {
        object["iaid"] = toHex(parts->iaid);
        object["duid"] = toHex(parts->duid);
        object["duid_type"] = duidTypeName(parts->duidType());
    }
}

void
putHolder(Json& object, const AuditRecord& record) {
    if (record.holder.bytes().empty()) {
        return;
    }
    Json holder{{"hw_address", record.holder.toText()}};
    put(holder, "address", record.holder_address);
    put(holder, "hostname", record.holder_hostname);
    if (record.holder_last_seen > 0) {
        holder["last_seen"] = toRfc3339(record.holder_last_seen * 1000);
    }
    object["holder"] = std::move(holder);
}

}  // namespace

std::string
toRfc3339(int64_t time_ms) {
    const auto seconds = static_cast<std::time_t>(time_ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 24> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(time_ms % 1000));
    return (text.data());
}

std::string
AuditRecord::toJson() const {
    Json object{{"time", toRfc3339(time_ms)}, {"event", event}};
    put(object, "policy", policy);
    put(object, "action", action);
    putIdentifier(object, client_id);
    if (!hw_address.bytes().empty()) {
        object["hw_address"] = hw_address.toText();
    }
    put(object, "hostname", hostname);
    put(object, "vendor_class", vendor_class);
    put(object, "interface", interface);
    put(object, "relay", relay);
    put(object, "circuit_id", circuit_id);
    put(object, "remote_id", remote_id);
    put(object, "network", network);
    if (subnet_id > 0) {
        object["subnet_id"] = subnet_id;
    }
    put(object, "address", address);
    putHolder(object, *this);
    if (claimants > 0) {
        object["claimants"] = claimants;
    }
    if (is_open && !client_id.empty()) {
        object["suppressed"] = suppressed;
    }
    if (transaction_id) {
        std::array<char, 12> hex{};
        std::snprintf(hex.data(), hex.size(), "0x%08x", *transaction_id);
        object["transaction_id"] = hex.data();
    }
    put(object, "reason", reason);
    if (is_open && !client_id.empty()) {
        object["remedy"] = remedyFor(client_id);
    }
    return (object.dump(-1, ' ', true, Json::error_handler_t::replace));
}

}  // namespace clone_guard
