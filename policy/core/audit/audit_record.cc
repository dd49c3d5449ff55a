// SPDX-License-Identifier: MPL-2.0

#include <core/audit/audit_field.h>
#include <core/audit/audit_record.h>
#include <core/audit/identifier_json.h>
#include <core/audit/rfc3339.h>

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
    Json holder{{audit_field::HW_ADDRESS, record.holder.toText()}};
    put(holder, audit_field::ADDRESS, record.holder_address);
    put(holder, audit_field::HOSTNAME, record.holder_hostname);
    if (record.holder_last_seen > 0) {
        holder[audit_field::LAST_SEEN] = toRfc3339(record.holder_last_seen * 1000);
    }
    object[audit_field::HOLDER] = std::move(holder);
}

}  // namespace

std::string
AuditRecord::toJson(const Explanation& known) const {
    Json object{{audit_field::TIME, toRfc3339(time_ms)}, {audit_field::EVENT, event}};
    put(object, audit_field::POLICY, policy);
    put(object, audit_field::ACTION, action);
    object.update(identifierJson(client_id, known));
    if (!hw_address.bytes().empty()) {
        object[audit_field::HW_ADDRESS] = hw_address.toText();
    }
    put(object, audit_field::HW_VENDOR, known.hw_vendor);
    put(object, audit_field::HOSTNAME, hostname);
    put(object, audit_field::VENDOR_CLASS, vendor_class);
    put(object, audit_field::INTERFACE, interface);
    put(object, audit_field::RELAY, relay);
    put(object, audit_field::CIRCUIT_ID, circuit_id);
    put(object, audit_field::REMOTE_ID, remote_id);
    put(object, audit_field::NETWORK, network);
    if (subnet_id > 0) {
        object[audit_field::SUBNET_ID] = subnet_id;
    }
    put(object, audit_field::ADDRESS, address);
    putHolder(object, *this);
    put(object, audit_field::ONE_MACHINE, one_machine);
    if (claimants > 0) {
        object[audit_field::CLAIMANTS] = claimants;
    }
    if (is_open && !client_id.empty()) {
        object[audit_field::SUPPRESSED] = suppressed;
    }
    if (transaction_id) {
        std::array<char, 12> hex{};
        std::snprintf(hex.data(), hex.size(), "0x%08x", *transaction_id);
        object[audit_field::TRANSACTION_ID] = hex.data();
    }
    put(object, audit_field::REASON, reason);
    if (is_open && !client_id.empty()) {
        object[audit_field::REMEDY] = known.remedy;
    }
    return (object.dump(-1, ' ', true, Json::error_handler_t::replace));
}

}  // namespace clone_guard
