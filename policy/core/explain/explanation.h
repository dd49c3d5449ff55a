// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_EXPLANATION_H
#define CLONE_GUARD_CORE_EXPLAIN_EXPLANATION_H

#include <core/decision/settings.h>
#include <core/explain/nic_names.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <map>

namespace clone_guard {

/// @brief The explanation of a client identifier, which helps to find the machine and its template (R12). Unknown text
/// is empty.
struct Explanation {
    std::string duid_type;               ///< "DUID-EN"
    std::optional<uint32_t> enterprise;  ///< of a DUID-EN
    std::string enterprise_name;         ///< the owner of that number
    Bytes duid_address;       ///< of a DUID-LLT or -LL: the first NIC of the machine that made the DUID
    std::string duid_vendor;  ///< the vendor of that NIC
    int64_t duid_time = 0;    ///< of a DUID-LLT: when it was made, seconds since 1970; 0: unknown
    std::string duid_uuid;    ///< of a DUID-UUID, in its usual notation
    std::string nic;          ///< the interface name behind a systemd IAID
    Bytes iaid_address;       ///< the hardware address whose last four bytes the IAID is
    std::string template_name;  ///< the operator's name of the template
    std::string hw_vendor;      ///< the vendor of the sender's NIC, from its hardware address
    std::string remedy;         ///< how to seal the template, with the command to run
};

/// @brief The machine that sent an identifier, as far as it is known.
struct Sender {
    HardwareAddress address;
    HardwareAddress holder;            ///< the holder of the identifier
    std::string_view vendor_class;     ///< option 60
    ByteView requested_options{};      ///< option 55
    std::string_view template_name{};  ///< of the machine, for an identifier of an unnamed template
    bool is_dhcpv6 = false;            ///< IAID and DUID come from DHCPv6, as RFC 4361 joins them
};

/// @brief Explains identifiers from the operator's templates and the names of network interfaces.
///
/// An explainer does not change after construction, so several threads may use it at once.
class Explainer {
public:
    /// @param templates the operator's templates; if two have one DUID, the first applies
    /// @param nic_names names of network interfaces besides the built-in ones
    /// @throw std::runtime_error if OpenSSL fails
    explicit Explainer(const std::vector<Template>& templates = {},
                       const std::vector<std::string>& nic_names = {});

    /// @brief Explains a client identifier of any kind.
    ///
    /// @throw std::runtime_error if OpenSSL fails
    [[nodiscard]] Explanation explain(ByteView identifier, const Sender& sender = {}) const;

    /// @brief Explains a DUID without IAID.
    [[nodiscard]] Explanation explainDuid(ByteView duid, const Sender& sender = {}) const;

private:
    [[nodiscard]] Explanation explainParts(ByteView duid, ByteView iaid, const Sender& sender) const;
    [[nodiscard]] std::string templateOf(ByteView duid) const;

    std::map<Bytes, std::string, ByteLess> templates_;  ///< DUID to name
    NicNames nic_names_;
};

}  // namespace clone_guard

#endif
