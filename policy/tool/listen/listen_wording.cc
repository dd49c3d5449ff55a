// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/listen_wording.h>

#include <core/identity/escape.h>

#include <net/if.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace clone_guard {

namespace {

constexpr uint32_t VLAN_BITS = 12;
constexpr uint32_t VLAN_MASK = (1U << VLAN_BITS) - 1;

/// Describes a segment.
///
/// @param version_4 the word for DHCPv4, or an empty string to leave it out
std::string
textOf(const Segment& segment, bool is_live, const std::string& version_4) {
    std::string text;
    const auto add = [&text](const std::string& part) {
        text += (text.empty() || part.empty() ? "" : ", ") + part;
    };
    add(linkText(segment.link, is_live));
    add(segment.vlan == 0 ? "" : "VLAN " + vlanText(segment.vlan));
    add(segment.is_ipv6 ? "DHCPv6" : version_4);
    add(segment.relay.isUnspecified() ? "" : "relay " + segment.relay.toText());
    return (text);
}

}  // namespace

std::string
linkText(uint32_t link, bool is_live) {
    if (link == 0) {
        return {};
    }
    std::array<char, IF_NAMESIZE> name{};
    if (is_live && if_indextoname(link, name.data())) {
        return (printable(name.data()));
    }
    return ("interface " + std::to_string(link));
}

std::string
vlanText(uint32_t vlan) {
    const auto outer = vlan >> VLAN_BITS;
    if (vlan == 0) {
        return {};
    }
    return ((outer == 0 ? "" : std::to_string(outer & VLAN_MASK) + ".") +
            std::to_string(vlan & VLAN_MASK));
}

std::string
segmentText(const Segment& segment, bool is_live) {
    return (textOf(segment, is_live, ""));
}

std::vector<std::string>
segmentTexts(const std::vector<Segment>& segments, bool is_live) {
    const bool any_ipv6 = std::any_of(segments.begin(), segments.end(),
                                      [](const Segment& segment) { return (segment.is_ipv6); });
    std::vector<std::string> texts;
    for (const auto& segment : segments) {
        auto text = textOf(segment, is_live, any_ipv6 ? "DHCPv4" : "");
        if (!text.empty()) {
            texts.push_back(std::move(text));
        }
    }
    return (texts);
}

std::string
evidenceText(const ObservedIdentifier& found) {
    if (found.shared.sharing == Sharing::SEPARATE_SUBNETS) {
        return ("never two machines in one segment");
    }
    std::string text;
    if (found.shared.evidence.returns > 0 || !found.unreturned) {
        text = evidenceText(found.shared);
    }
    if (found.unreturned) {
        text +=
            (text.empty() ? "" : "; ") +
            std::string("another machine used it while the previous machine's lease was live, and the "
                        "capture ends before the previous machine would renew");
    }
    if (found.confirmed) {
        text += "; two machines were alive at the same time";
    }
    return (text);
}

std::string
inventoryText(const SharedDuid& shared, const Inventory& inventory) {
    std::set<std::string> names;
    for (const auto& [identifier, machine] : shared.machines) {
        const auto name = inventory.nameOf(machine.address);
        if (name.empty()) {
            return {};
        }
        names.insert(name);
    }
    return (names.size() == 1 ? "one machine" : "clones");
}

Explanation
explain(const ObservedIdentifier& found, const ScanNames& names) {
    const auto template_name = groupOf(found.shared, names.inventory).templateText();
    Sender sender;
    sender.address = found.shared.machines.front().address;
    sender.holder = found.shared.machines.back().address;
    sender.vendor_class = found.vendor_class;
    sender.requested_options = found.requested_options;
    sender.template_name = template_name;
    sender.is_dhcpv6 = std::all_of(found.segments.begin(), found.segments.end(),
                                   [](const Segment& segment) { return (segment.is_ipv6); });
    return (names.explainer.explain(found.shared.identifier, sender));
}

}  // namespace clone_guard
