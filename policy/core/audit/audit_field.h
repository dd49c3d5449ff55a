// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_AUDIT_FIELD_H
#define CLONE_GUARD_CORE_AUDIT_AUDIT_FIELD_H

#include <array>

namespace clone_guard {

/// @brief The fields of an audit record, each declared once for writer, reader, schema and documents.
///
/// docs/audit.md says what each field means; docs/audit.schema.json restricts its value.
namespace audit_field {

constexpr const char* TIME = "time";
constexpr const char* EVENT = "event";
constexpr const char* POLICY = "policy";
constexpr const char* ACTION = "action";
constexpr const char* CLIENT_ID = "client_id";
constexpr const char* IAID = "iaid";
constexpr const char* NIC = "nic";
constexpr const char* IAID_HW_ADDRESS = "iaid_hw_address";
constexpr const char* DUID = "duid";
constexpr const char* DUID_TYPE = "duid_type";
constexpr const char* DUID_ENTERPRISE = "duid_enterprise";
constexpr const char* DUID_ENTERPRISE_NAME = "duid_enterprise_name";
constexpr const char* DUID_HW_ADDRESS = "duid_hw_address";
constexpr const char* DUID_HW_VENDOR = "duid_hw_vendor";
constexpr const char* DUID_TIME = "duid_time";
constexpr const char* DUID_UUID = "duid_uuid";
constexpr const char* TEMPLATE = "template";
constexpr const char* HW_ADDRESS = "hw_address";
constexpr const char* HW_VENDOR = "hw_vendor";
constexpr const char* HOSTNAME = "hostname";
constexpr const char* VENDOR_CLASS = "vendor_class";
constexpr const char* INTERFACE = "interface";
constexpr const char* RELAY = "relay";
constexpr const char* CIRCUIT_ID = "circuit_id";
constexpr const char* REMOTE_ID = "remote_id";
constexpr const char* NETWORK = "network";
constexpr const char* SUBNET_ID = "subnet_id";
constexpr const char* ADDRESS = "address";
constexpr const char* HOLDER = "holder";
constexpr const char* LAST_SEEN = "last_seen";  ///< inside "holder"
constexpr const char* ONE_MACHINE = "one_machine";
constexpr const char* CLAIMANTS = "claimants";
constexpr const char* SUPPRESSED = "suppressed";
constexpr const char* TRANSACTION_ID = "transaction_id";
constexpr const char* REASON = "reason";
constexpr const char* REMEDY = "remedy";

/// @brief The fields inside "holder" by their path, as the reader and the documents name them.
constexpr const char* HOLDER_HW_ADDRESS = "holder.hw_address";
constexpr const char* HOLDER_ADDRESS = "holder.address";
constexpr const char* HOLDER_HOSTNAME = "holder.hostname";
constexpr const char* HOLDER_LAST_SEEN = "holder.last_seen";

/// @brief The JSON types of fields, by the names that JSON schema and docs/audit.md use.
constexpr const char* STRING = "string";
constexpr const char* NUMBER = "number";
constexpr const char* OBJECT = "object";

/// @brief One field: its path and its JSON type.
struct Field {
    const char* name;
    const char* type;
};

/// @brief Every field, in the order in which a record has them.
constexpr std::array<Field, 39> ALL{{{TIME, STRING},
                                     {EVENT, STRING},
                                     {POLICY, STRING},
                                     {ACTION, STRING},
                                     {CLIENT_ID, STRING},
                                     {IAID, STRING},
                                     {NIC, STRING},
                                     {IAID_HW_ADDRESS, STRING},
                                     {DUID, STRING},
                                     {DUID_TYPE, STRING},
                                     {DUID_ENTERPRISE, NUMBER},
                                     {DUID_ENTERPRISE_NAME, STRING},
                                     {DUID_HW_ADDRESS, STRING},
                                     {DUID_HW_VENDOR, STRING},
                                     {DUID_TIME, STRING},
                                     {DUID_UUID, STRING},
                                     {TEMPLATE, STRING},
                                     {HW_ADDRESS, STRING},
                                     {HW_VENDOR, STRING},
                                     {HOSTNAME, STRING},
                                     {VENDOR_CLASS, STRING},
                                     {INTERFACE, STRING},
                                     {RELAY, STRING},
                                     {CIRCUIT_ID, STRING},
                                     {REMOTE_ID, STRING},
                                     {NETWORK, STRING},
                                     {SUBNET_ID, NUMBER},
                                     {ADDRESS, STRING},
                                     {HOLDER, OBJECT},
                                     {HOLDER_HW_ADDRESS, STRING},
                                     {HOLDER_ADDRESS, STRING},
                                     {HOLDER_HOSTNAME, STRING},
                                     {HOLDER_LAST_SEEN, STRING},
                                     {ONE_MACHINE, STRING},
                                     {CLAIMANTS, NUMBER},
                                     {SUPPRESSED, NUMBER},
                                     {TRANSACTION_ID, STRING},
                                     {REASON, STRING},
                                     {REMEDY, STRING}}};

/// @brief The string fields that describe the identifier and not one of the machines.
constexpr std::array<const char*, 14> OF_IDENTIFIER{CLIENT_ID,
                                                    IAID,
                                                    NIC,
                                                    IAID_HW_ADDRESS,
                                                    DUID,
                                                    DUID_TYPE,
                                                    DUID_ENTERPRISE_NAME,
                                                    DUID_HW_ADDRESS,
                                                    DUID_HW_VENDOR,
                                                    DUID_TIME,
                                                    DUID_UUID,
                                                    TEMPLATE,
                                                    ONE_MACHINE,
                                                    REMEDY};

}  // namespace audit_field
}  // namespace clone_guard

#endif
