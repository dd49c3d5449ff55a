// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/known_machine.h>

#include <core/identity/escape.h>

#include <algorithm>
#include <cstddef>

namespace clone_guard {

namespace {

constexpr size_t MAC_SIZE = 6;

/// Returns the kind of a machine, with its number: "VM 101"; empty for a row of a list.
std::string
kindText(const KnownMachine& machine) {
    std::string text;
    switch (machine.kind) {
    case MachineKind::VM:
        text = machine.is_template ? "template" : "VM";
        break;
    case MachineKind::CONTAINER:
        text = machine.is_template ? "template" : "container";
        break;
    case MachineKind::DOMAIN:
        text = "libvirt";
        break;
    case MachineKind::RESERVED:
        text = "reserved in Kea";
        break;
    case MachineKind::LISTED:
        break;
    }
    return (text + (machine.number.empty() ? "" : " " + escape(machine.number)));
}

}  // namespace

std::optional<Bytes>
parseMac(std::string_view text) {
    auto bytes = fromHex(text);
    return (bytes && bytes->size() == MAC_SIZE ? bytes : std::nullopt);
}

std::string
rawText(const KnownTemplate& known) {
    auto text = known.number + (known.number.empty() || known.name.empty() ? "" : " ") + known.name;
    std::replace(text.begin(), text.end(), '\'', '_');
    return (text);
}

std::string
detailText(const KnownMachine& machine) {
    auto text = kindText(machine);
    if (!machine.node.empty()) {
        text += (text.empty() ? "on " : " on ") + escape(machine.node);
    }
    if (!machine.from.empty()) {
        text += (text.empty() ? "" : ", ") + ("from template " + escape(rawText(machine.from)));
    }
    return (text);
}

std::string
toText(const KnownMachine& machine) {
    const auto details = detailText(machine);
    if (machine.name.empty()) {
        return (details.empty() ? "machine without a name" : details);
    }
    return (escape(machine.name) + (details.empty() ? "" : " (" + details + ")"));
}

}  // namespace clone_guard
