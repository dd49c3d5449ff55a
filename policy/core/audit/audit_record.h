// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_AUDIT_RECORD_H
#define CLONE_GUARD_CORE_AUDIT_AUDIT_RECORD_H

#include <core/explain/explanation.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief One record of the audit log; core/audit/audit_field.h has the names of the fields. Empty fields are absent.
struct AuditRecord {
    int64_t time_ms = 0;  ///< milliseconds since 1970, UTC
    std::string event;    ///< one of core/audit/audit_event.h
    std::string policy;
    std::string action;
    Bytes client_id;
    HardwareAddress hw_address;
    std::string hostname;
    std::string vendor_class;
    /// The vendor class of the sender of the query, for the remedy: clones run the same DHCP client.
    std::string client;
    Bytes requested_options;  ///< option 55 of the same query
    std::string interface;
    std::string relay;
    std::string circuit_id;  ///< hexadecimal
    std::string remote_id;   ///< hexadecimal
    std::string network;
    uint32_t subnet_id = 0;  ///< 0: unknown
    std::string address;
    HardwareAddress holder;
    std::string holder_address;
    std::string holder_hostname;
    int64_t holder_last_seen = 0;  ///< seconds since 1970; 0: unknown
    std::string one_machine;       ///< what indicates a single machine, see oneMachineText()
    size_t claimants = 0;          ///< 0: unknown
    uint64_t suppressed = 0;
    std::optional<uint32_t> transaction_id;
    std::string reason;      ///< of guard-degraded and conflict-ended
    bool is_dhcpv6 = false;  ///< for the explanation: see Sender
    bool is_open = true;     ///< the record has a remedy and a count of suppressed messages

    /// @brief Returns the sender of the identifier, for the explanation.
    [[nodiscard]] Sender sender() const {
        return {hw_address, holder, client, requested_options, {}, is_dhcpv6};
    }

    /// @brief Formats the record as one line of JSON in ASCII, with the explanation of the identifier.
    [[nodiscard]] std::string toJson(const Explainer& explainer) const {
        return (toJson(explainer.explain(client_id, sender())));
    }

    /// @brief Formats the record with an explanation that the caller already has.
    [[nodiscard]] std::string toJson(const Explanation& known) const;
};

}  // namespace clone_guard

#endif
