// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_EXPLAIN_EXPLANATION_H
#define CLONE_GUARD_EXPLAIN_EXPLANATION_H

#include <core/decision/settings.h>
#include <core/explain/nic_names.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <map>

namespace clone_guard {

/// @brief What can be said about a client identifier to who looks for the machine and its template (R12). Text that
/// is not known is empty.
struct Explanation {
    std::string duid_type;               ///< "DUID-EN"
    std::optional<uint32_t> enterprise;  ///< of a DUID-EN
    std::string enterprise_name;         ///< whose number that is
    Bytes duid_address;         ///< of a DUID-LLT or -LL: the first NIC of whoever made the DUID
    std::string duid_vendor;    ///< whose address that is
    int64_t duid_time = 0;      ///< of a DUID-LLT: when it was made, seconds since 1970; 0: unknown
    std::string duid_uuid;      ///< of a DUID-UUID, as people write it
    std::string nic;            ///< the interface name behind a systemd IAID
    Bytes iaid_address;         ///< the hardware address whose last four bytes the IAID is
    std::string template_name;  ///< what the operator calls the template
    std::string hw_vendor;      ///< who makes NICs with the sender's hardware address
    std::string remedy;         ///< one sentence, with the command to run
};

/// @brief Who sent an identifier, as far as it is known.
struct Sender {
    HardwareAddress address;
    HardwareAddress holder;         ///< who else has the identifier
    std::string_view vendor_class;  ///< option 60
};

/// @brief Explains identifiers: knows the operator's templates and the usual names of interfaces.
///
/// Constant once it is made; may be used from several threads at once.
class Explainer {
public:
    /// @param templates the operator's; of two with one DUID the first counts.
    /// @param nic_names interface names besides the usual ones.
    /// @throw std::runtime_error where OpenSSL fails.
    explicit Explainer(const std::vector<Template>& templates = {},
                       std::vector<std::string> nic_names = {});

    /// @param identifier an option 61 of any kind.
    [[nodiscard]] Explanation explain(ByteView identifier, const Sender& sender = {}) const;

    /// @brief The same for a DUID without IAID.
    [[nodiscard]] Explanation explainDuid(ByteView duid, const Sender& sender = {}) const;

private:
    [[nodiscard]] Explanation explainParts(ByteView duid, ByteView iaid, const Sender& sender) const;
    [[nodiscard]] std::string templateOf(ByteView duid) const;

    std::map<Bytes, std::string, ByteLess> templates_;  ///< DUID to name
    NicNames nic_names_;
};

}  // namespace clone_guard

#endif
