// SPDX-License-Identifier: MPL-2.0

#include <core/audit/audit_field.h>
#include <core/audit/identifier_json.h>
#include <core/audit/rfc3339.h>
#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

void
putText(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object[name] = text;
    }
}

void
putHex(Json& object, const char* name, ByteView bytes) {
    if (!bytes.empty()) {
        object[name] = toHex(bytes);
    }
}

}  // namespace

Json
duidJson(ByteView duid, const Explanation& known) {
    auto object = Json::object();
    putHex(object, audit_field::DUID, duid);
    putText(object, audit_field::DUID_TYPE, known.duid_type);
    if (known.enterprise) {
        object[audit_field::DUID_ENTERPRISE] = *known.enterprise;
    }
    putText(object, audit_field::DUID_ENTERPRISE_NAME, known.enterprise_name);
    putHex(object, audit_field::DUID_HW_ADDRESS, known.duid_address);
    putText(object, audit_field::DUID_HW_VENDOR, known.duid_vendor);
    if (known.duid_time > 0) {
        object[audit_field::DUID_TIME] = toRfc3339(known.duid_time * 1000);
    }
    putText(object, audit_field::DUID_UUID, known.duid_uuid);
    putText(object, audit_field::TEMPLATE, escape(known.template_name));
    return (object);
}

Json
identifierJson(ByteView identifier, const Explanation& known) {
    auto object = Json::object();
    putHex(object, audit_field::CLIENT_ID, identifier);
    if (const auto parts = parseRfc4361(identifier)) {
        putHex(object, audit_field::IAID, parts->iaid);
        putText(object, audit_field::NIC, escape(known.nic));
        putHex(object, audit_field::IAID_HW_ADDRESS, known.iaid_address);
        object.update(duidJson(parts->duid, known));
    }
    return (object);
}

}  // namespace clone_guard
