// SPDX-License-Identifier: MPL-2.0

#include <core/audit/escape.h>
#include <core/audit/rfc3339.h>
#include <core/explain/identifier_json.h>
#include <core/identity/client_identifier.h>

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
    putHex(object, "duid", duid);
    putText(object, "duid_type", known.duid_type);
    if (known.enterprise) {
        object["duid_enterprise"] = *known.enterprise;
    }
    putText(object, "duid_enterprise_name", known.enterprise_name);
    putHex(object, "duid_hw_address", known.duid_address);
    putText(object, "duid_hw_vendor", known.duid_vendor);
    if (known.duid_time > 0) {
        object["duid_time"] = toRfc3339(known.duid_time * 1000);
    }
    putText(object, "duid_uuid", known.duid_uuid);
    putText(object, "template", escape(known.template_name));
    return (object);
}

Json
identifierJson(ByteView identifier, const Explanation& known) {
    auto object = Json::object();
    putHex(object, "client_id", identifier);
    if (const auto parts = parseRfc4361(identifier)) {
        putHex(object, "iaid", parts->iaid);
        putText(object, "nic", escape(known.nic));
        putHex(object, "iaid_hw_address", known.iaid_address);
        object.update(duidJson(parts->duid, known));
    }
    return (object);
}

}  // namespace clone_guard
