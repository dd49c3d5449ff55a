// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/rule_context.h>

namespace clone_guard {
namespace e2e {
namespace history {

bool
RuleContext::isLeaseOf(const Row& row, const Host& host) const {
    return (row.hw_address == host.hwText() &&
            (row.client_id == host.identifierText() ||
             (host.guarded() && row.client_id == host.derivedText())) &&
            !isForged(row));
}

bool
RuleContext::isForged(const Row& row) {
    const Bytes identifier = fromHex(row.client_id);
    const std::string own = toHex(derivedIdentifier(fromHex(row.hw_address), {}));
    return (looksDerived(identifier) && row.client_id.compare(0, own.size(), own) != 0);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
