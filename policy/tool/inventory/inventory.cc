// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory.h>

#include <tool/cli/count_text.h>

#include <core/identity/escape.h>

#include <algorithm>

namespace clone_guard {

namespace {

bool
isSameMachine(const KnownMachine& left, const KnownMachine& right) {
    return (left.kind == right.kind && left.number == right.number && left.node == right.node &&
            left.name == right.name);
}

std::string
joinedTexts(const std::vector<std::string>& texts, const std::string& last) {
    std::string text;
    for (size_t i = 0; i < texts.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == texts.size() ? " " + last + " " : ", ") + texts[i];
    }
    return (text);
}

void
addOnce(std::vector<std::string>& texts, const std::string& text) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
        texts.push_back(text);
    }
}

}  // namespace

void
Inventory::add(ByteView hw_address, const KnownMachine& machine) {
    auto& known = machines_[hw_address.copy()];
    for (auto& other : known) {
        if (isDefinition(machine.kind) == isDefinition(other.kind)) {
            // Kea may have a reservation of one machine in each subnet, under several names.
            if (isSameMachine(machine, other) || machine.kind == MachineKind::RESERVED ||
                other.kind == MachineKind::RESERVED) {
                return;
            }
            continue;
        }
        const auto from = machine.from.empty() ? other.from : machine.from;
        if (isDefinition(machine.kind)) {
            other = machine;
        }
        other.from = other.from.empty() ? from : other.from;
        return;
    }
    known.push_back(machine);
}

void
Inventory::addTemplate(const KnownTemplate& known) {
    if (std::find(templates_.begin(), templates_.end(), known) == templates_.end()) {
        templates_.push_back(known);
    }
}

KnownTemplate
Inventory::complete(const KnownTemplate& known) const {
    if (known.empty() || (!known.number.empty() && !known.name.empty())) {
        return (known);
    }
    const KnownTemplate* found = nullptr;
    for (const auto& one : templates_) {
        // A list has one column for both.
        const bool matches = known.name.empty() ? one.number == known.number
                                                : one.name == known.name || one.number == known.name;
        if (matches && found != nullptr) {
            return (known);
        }
        found = matches ? &one : found;
    }
    return (found == nullptr ? known : *found);
}

Inventory::Machines
Inventory::find(ByteView hw_address) const {
    const auto found = machines_.find(hw_address);
    if (found == machines_.end()) {
        return {};
    }
    auto machines = found->second;
    for (auto& machine : machines) {
        machine.from = complete(machine.from);
    }
    return (machines);
}

std::string
Inventory::nameOf(ByteView hw_address) const {
    std::vector<std::string> names;
    for (const auto& machine : find(hw_address)) {
        names.push_back(toText(machine));
    }
    return (joinedTexts(names, "or"));
}

std::string
Inventory::nameOf(const std::string& address) const {
    const auto bytes = fromHex(address);
    return (bytes ? nameOf(*bytes) : std::string());
}

std::vector<Bytes>
Inventory::duplicates() const {
    std::vector<Bytes> all;
    for (const auto& [hw_address, machines] : machines_) {
        if (machines.size() > 1) {
            all.push_back(hw_address);
        }
    }
    return (all);
}

void
MachineGroup::add(ByteView hw_address) {
    for (const auto& machine : inventory_.find(hw_address)) {
        if (machine.is_template) {
            addOnce(templates_, rawText({machine.number, machine.name}));
        } else if (!machine.from.empty()) {
            addOnce(templates_, rawText(machine.from));
        } else if (machine.lacks_origin) {
            addOnce(without_origin_, toText(machine));
        }
    }
}

std::string
MachineGroup::templateText(const std::string& known) const {
    if (!known.empty()) {
        return (rawText(inventory_.complete({"", known})));
    }
    auto texts = templates_;
    if (texts.size() > MAX_NAMES) {
        const auto more = texts.size() - MAX_NAMES + 1;
        texts.resize(MAX_NAMES - 1);
        texts.push_back(countText(more, "other"));
    }
    return (joinedTexts(texts, "and"));
}

std::string
MachineGroup::templateName(const std::string& known) const {
    const auto text = templateText(known);
    return (text == known ? known : escape(text));
}

std::string
MachineGroup::unknownOriginText() const {
    if (without_origin_.empty()) {
        return {};
    }
    return ("the disks of " +
            (without_origin_.size() > MAX_NAMES ? countText(without_origin_.size(), "machine")
                                                : joinedTexts(without_origin_, "and")) +
            " name no template: full clones, and clones on LVM-thin, do not show it");
}

}  // namespace clone_guard
