// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_entry.h>

namespace clone_guard {

const std::string&
AuditEntry::field(std::string_view name) const {
    static const std::string absent;
    const auto index = auditFieldIndex(name);
    return (index < texts.size() ? texts.at(index) : absent);
}

}  // namespace clone_guard
