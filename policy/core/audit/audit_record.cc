// SPDX-License-Identifier: MPL-2.0

#include <core/audit/audit_record.h>
#include <core/audit/rfc3339.h>
#include <core/explain/identifier_json.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

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
AuditRecord::toJson(const Explainer& explainer) const {
    const auto known = explainer.explain(client_id, sender());
    Json object{{"time", toRfc3339(time_ms)}, {"event", event}};
    put(object, "policy", policy);
    put(object, "action", action);
    object.update(identifierJson(client_id, known));
    if (!hw_address.bytes().empty()) {
        object["hw_address"] = hw_address.toText();
    }
    put(object, "hw_vendor", known.hw_vendor);
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
        object["remedy"] = known.remedy;
    }
    return (object.dump(-1, ' ', true, Json::error_handler_t::replace));
}

}  // namespace clone_guard
