// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_AUDIT_AUDIT_RECORD_H
#define CLONE_GUARD_AUDIT_AUDIT_RECORD_H

#include <core/explain/explanation.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief One line of the audit log. Text fields that are empty are left out.
struct AuditRecord {
    int64_t time_ms = 0;  ///< milliseconds since 1970, UTC
    std::string event;
    std::string policy;
    std::string action;
    Bytes client_id;
    HardwareAddress hw_address;
    std::string hostname;
    std::string vendor_class;
    std::string
        client;  ///< vendor class of whoever was heard, for the remedy: clones run the same DHCP client
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
    size_t claimants = 0;          ///< 0: unknown
    uint64_t suppressed = 0;
    std::optional<uint32_t> transaction_id;
    std::string reason;   ///< of guard-degraded
    bool is_open = true;  ///< there is something to do about it, and more of it may come

    /// @brief Whose identifier it is, for the explanation of it.
    [[nodiscard]] Sender sender() const {
        return {hw_address, holder, client};
    }

    /// @brief The record as one line of JSON, in ASCII, with the explanation of the identifier.
    [[nodiscard]] std::string toJson(const Explainer& explainer) const {
        return (toJson(explainer.explain(client_id, sender())));
    }

    /// @brief Writes the record with an explanation that the caller has already.
    [[nodiscard]] std::string toJson(const Explanation& known) const;
};

}  // namespace clone_guard

#endif
