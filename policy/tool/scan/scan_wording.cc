// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/utc_time.h>
#include <tool/scan/scan_wording.h>

#include <algorithm>

namespace clone_guard {

namespace {

std::string
times(uint64_t count) {
    return (count == 1 ? "once" : countText(count, "time", "times"));
}

std::string
changesText(const SharedIdentifier& shared) {
    const auto& evidence = shared.evidence;
    if (evidence.returns > 0) {
        return (
            "changed between machines " + times(evidence.changes) + ", back and forth" +
            (evidence.live_changes > 0
                 ? ", " + times(evidence.live_changes) + " while the previous machine's lease was live"
                 : ", each time after the previous machine's lease had expired"));
    }
    if (evidence.changes > 0 && shared.sharing == Sharing::MOVED) {
        return (evidence.changes == 1
                    ? "moved once; the first machine did not return"
                    : "moved " + times(evidence.changes) + "; no earlier machine returned");
    }
    return {};
}

std::string
setAsideText(const SharedIdentifier& shared) {
    const auto count = static_cast<uint64_t>(
        std::count_if(shared.machines.begin(), shared.machines.end(),
                      [](const SeenMachine& machine) { return (machine.set_aside); }));
    return (countText(count, "machine has", "machines have") +
            " a lease under a derived identifier of a clone guard");
}

}  // namespace

std::string
evidenceText(const SharedIdentifier& shared) {
    const auto& evidence = shared.evidence;
    std::string text;
    const auto add = [&text](const std::string& part) {
        text += (text.empty() || part.empty() ? "" : "; ") + part;
    };
    add(changesText(shared));
    if (evidence.simultaneous) {
        add("two machines have leases at the same time");
    }
    if (evidence.deletions > 0) {
        add("a lease was deleted " + times(evidence.deletions) +
            " while another machine used the identifier");
    }
    if (evidence.undecided && evidence.returns == 0) {
        add("a live lease was taken over, and the file ends before the previous machine would renew");
    }
    if (evidence.set_aside) {
        add(setAsideText(shared));
    }
    return (text.empty() ? "never two machines in one subnet of one file" : text);
}

std::string
subnetText(const SeenMachine& machine) {
    return (machine.prefix == 0
                ? std::to_string(machine.subnet)
                : IpAddress(machine.subnet).toText() + "/" + std::to_string(machine.prefix));
}

std::string
duidText(const Explanation& known) {
    return (known.duid_type +
            (known.enterprise_name.empty() ? "" : ", created by " + known.enterprise_name) +
            (known.duid_address.empty() ? "" : ", from " + toHex(known.duid_address)) +
            (known.duid_time > 0 ? " at " + utcText(utcFromSeconds(known.duid_time)) : "") +
            (known.duid_uuid.empty() ? "" : " " + known.duid_uuid));
}

MachineGroup
groupOf(const SharedIdentifier& shared, const Inventory& inventory) {
    MachineGroup group(inventory);
    for (const auto& machine : shared.machines) {
        group.add(machine.address.bytes());
    }
    return (group);
}

Explanation
explain(const SharedIdentifier& shared, const ScanNames& names) {
    const auto template_name = groupOf(shared, names.inventory).templateText(shared.template_name);
    Sender sender;
    sender.address = shared.machines.front().address;
    sender.holder = shared.machines.back().address;
    sender.template_name = template_name;
    return (names.explainer.explain(shared.identifier, sender));
}

Explanation
explain(const SharedDuid& shared, const ScanNames& names) {
    MachineGroup group(names.inventory);
    for (const auto& [identifier, machine] : shared.machines) {
        group.add(machine.address.bytes());
    }
    const auto template_name = group.templateText(shared.template_name);
    Sender sender;
    sender.template_name = template_name;
    return (names.explainer.explainDuid(shared.duid, sender));
}

}  // namespace clone_guard
