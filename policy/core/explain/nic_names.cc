// SPDX-License-Identifier: MPL-2.0

#include <core/explain/nic_name_list.h>
#include <core/explain/nic_names.h>
#include <core/explain/nic_table.h>
#include <core/explain/systemd.h>

#include <algorithm>

namespace clone_guard {

NicNames::NicNames(const std::vector<std::string>& more) {
    if (more.empty()) {
        return;
    }
    systemd::IaidHash iaid;
    for (const auto& name : more) {
        more_.emplace(iaid(name), name);
    }
}

std::string
NicNames::find(ByteView iaid) const {
    if (iaid.size() != sizeof(uint32_t)) {
        return {};
    }
    const auto wanted = toNumber(iaid);
    const auto own = more_.find(wanted);
    if (own != more_.end()) {
        return (own->second);
    }
    const auto* const end = NIC_TABLE + NIC_TABLE_SIZE;
    const auto* const found =
        std::lower_bound(NIC_TABLE, end, wanted,
                         [](const NicEntry& entry, uint32_t value) { return (entry.iaid < value); });
    return (found != end && found->iaid == wanted ? commonNicName(found->name) : std::string());
}

}  // namespace clone_guard
