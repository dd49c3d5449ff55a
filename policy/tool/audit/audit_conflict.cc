// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_conflict.h>

#include <core/audit/audit_event.h>
#include <core/audit/audit_field.h>
#include <core/conflicts/end_reason.h>

#include <algorithm>

namespace clone_guard {

const char*
toText(ConflictStatus status) {
    static const std::array<const char*, CONFLICT_STATUSES> words{"confirmed", "suspected", "blocked",
                                                                  "moved", "ended"};
    return (words.at(static_cast<size_t>(status)));
}

const std::string&
AuditConflict::known(std::string_view name) const {
    static const std::string unknown;
    const auto& names = audit_field::OF_IDENTIFIER;
    const auto* const found = std::find(names.begin(), names.end(), name);
    return (found == names.end() ? unknown : identity.at(static_cast<size_t>(found - names.begin())));
}

void
AuditConflict::setKnown(std::string_view name, const std::string& text) {
    const auto& names = audit_field::OF_IDENTIFIER;
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) {
        identity.at(static_cast<size_t>(found - names.begin())) = text;
    }
}

bool
AuditConflict::isUnsealed() const {
    return (status == ConflictStatus::ENDED && end_reason != end_reason::SEALED &&
            end_reason != end_reason::DELETED);
}

std::string
AuditConflict::where() const {
    if (isListened()) {
        const auto segment = interface + (interface.empty() || network.empty() ? "" : ", ") + network;
        return ("captured messages" + (segment.empty() ? "" : " (" + segment + ")"));
    }
    const auto subnet = subnet_id == 0 ? std::string() : "subnet " + std::to_string(subnet_id);
    if (network.empty()) {
        return (subnet.empty() ? "unknown subnet" : subnet);
    }
    return ("network " + network + (subnet.empty() ? "" : " (" + subnet + ")"));
}

std::string
AuditConflict::origin() const {
    for (const auto* name : {audit_field::TEMPLATE, audit_field::DUID, audit_field::CLIENT_ID}) {
        if (!known(name).empty()) {
            return (known(name));
        }
    }
    return ("unknown");
}

}  // namespace clone_guard
