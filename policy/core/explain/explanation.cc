// SPDX-License-Identifier: MPL-2.0

#include <core/explain/dhcp_client.h>
#include <core/explain/explanation.h>
#include <core/explain/remedy.h>
#include <core/explain/systemd.h>
#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// The time in a DUID-LLT counts seconds since 2000-01-01 UTC (RFC 8415 section 11.2).
constexpr int64_t DUID_EPOCH = 946684800;

constexpr size_t LLT_TIME = 4;
constexpr size_t UUID_SIZE = 16;

/// Formats a UUID as "4c4c4544-0042-3510-8053-b4c04f564433".
std::string
uuidText(ByteView uuid) {
    std::string text;
    for (size_t at = 0; at < uuid.size(); ++at) {
        text += (at == 4 || at == 6 || at == 8 || at == 10) ? "-" : "";
        text += toHex(ByteView(uuid.data() + at, 1));
    }
    return (text);
}

bool
endsWith(ByteView address, ByteView iaid) {
    return (!iaid.empty() && address.size() > iaid.size() &&
            address.from(address.size() - iaid.size()) == iaid);
}

}  // namespace

Explainer::Explainer(const std::vector<Template>& templates, const std::vector<std::string>& nic_names) :
    nic_names_(nic_names) {
    for (const auto& entry : templates) {
        templates_.emplace(entry.machine_id.empty() ? entry.duid : systemd::duidOf(entry.machine_id),
                           entry.name);
    }
}

std::string
Explainer::templateOf(ByteView duid) const {
    const auto found = templates_.find(duid);
    return (found == templates_.end() ? std::string() : found->second);
}

Explanation
Explainer::explain(ByteView identifier, const Sender& sender) const {
    const auto parts = parseRfc4361(identifier);
    return (parts ? explainParts(parts->duid, parts->iaid, sender) : explainParts({}, {}, sender));
}

Explanation
Explainer::explainDuid(ByteView duid, const Sender& sender) const {
    return (explainParts(duid, {}, sender));
}

Explanation
Explainer::explainParts(ByteView duid, ByteView iaid, const Sender& sender) const {
    Explanation known;
    known.hw_vendor = hardwareVendor(sender.address.bytes());
    if (duid.size() >= MIN_DUID) {
        const auto type = static_cast<uint16_t>(toNumber(ByteView(duid.data(), 2)));
        known.duid_type = duidTypeName(type);
        known.enterprise = duidEnterprise(duid);
        known.enterprise_name = known.enterprise ? enterpriseName(*known.enterprise) : "";
        known.duid_address = duidHardwareAddress(duid).copy();
        known.duid_vendor = hardwareVendor(known.duid_address);
        if (static_cast<DuidType>(type) == DuidType::LLT && duid.size() >= LLT_TIME + 4) {
            known.duid_time = DUID_EPOCH + toNumber(ByteView(duid.data() + LLT_TIME, 4));
        }
        if (static_cast<DuidType>(type) == DuidType::UUID && duid.size() == 2 + UUID_SIZE) {
            known.duid_uuid = uuidText(duid.from(2));
        }
        known.template_name = templateOf(duid);
    }
    if (known.template_name.empty()) {
        known.template_name = sender.template_name;
    }
    for (const auto address :
         {sender.address.bytes(), sender.holder.bytes(), ByteView(known.duid_address)}) {
        if (known.iaid_address.empty() && endsWith(address, iaid)) {
            known.iaid_address = address.copy();
        }
    }
    if (known.iaid_address.empty()) {
        known.nic = nic_names_.find(iaid);
        // The interface may have a name made of its address, as one without a place on a bus.
        if (known.nic.empty() && !iaid.empty() && sender.address.bytes().size() == 6) {
            auto name = "enx" + toHex(sender.address.bytes());
            name.erase(std::remove(name.begin(), name.end(), ':'), name.end());
            known.nic = systemd::iaidOf(name) == iaid.copy() ? name : "";
        }
    }
    known.remedy = remedyFor(duid, known, dhcpClientOf(iaid, known, sender));
    return (known);
}

}  // namespace clone_guard
