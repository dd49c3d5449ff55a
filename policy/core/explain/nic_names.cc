// SPDX-License-Identifier: MPL-2.0

#include <core/explain/nic_names.h>
#include <core/explain/systemd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace clone_guard {

namespace {

/// A pattern of names with up to three numbers, each from 0 to one below its count.
struct Pattern {
    const char* format;
    std::array<uint32_t, 3> counts;

    [[nodiscard]] constexpr uint32_t size() const noexcept {
        return (counts[0] * counts[1] * counts[2]);
    }

    [[nodiscard]] std::string name(uint32_t number) const {
        std::array<char, 32> text{};
        const auto last = number % counts[2];
        const auto middle = number / counts[2] % counts[1];
        const auto first = number / counts[2] / counts[1];
        // NOLINTNEXTLINE(clang-diagnostic-format-nonliteral)
        std::snprintf(text.data(), text.size(), format, first, middle, last);
        return (text.data());
    }
};

/// The patterns of systemd.net-naming-scheme(7), the more common first.
constexpr std::array<Pattern, 17> PATTERNS{{
    {"eth%u", {256, 1, 1}},
    {"ens%u", {1024, 1, 1}},
    {"eno%u", {256, 1, 1}},
    {"enp%us%u", {256, 32, 1}},
    {"enX%u", {32, 1, 1}},
    {"end%u", {16, 1, 1}},
    {"host%u", {16, 1, 1}},
    {"enp%us%uf%u", {256, 32, 8}},
    {"ens%uf%u", {256, 8, 1}},
    {"enp%us%unp%u", {256, 8, 2}},
    {"enp%us%uf%unp0", {256, 1, 8}},
    {"enp%us%uf%unp1", {256, 1, 8}},
    {"ens%uf%unp%u", {64, 4, 4}},
    {"enP%up%us%u", {16, 16, 8}},
    {"wlan%u", {16, 1, 1}},
    {"wlo%u", {16, 1, 1}},
    {"wlp%us%u", {256, 16, 1}},
}};

/// Names of VMware interfaces in older releases of systemd.
constexpr std::array<const char*, 4> ODD_ONES{"eno16777736", "eno33554960", "eno50332184",
                                              "eno67109408"};

constexpr uint32_t
usualNames() {
    uint32_t count = ODD_ONES.size();
    for (const auto& pattern : PATTERNS) {
        count += pattern.size();
    }
    return (count);
}

static_assert(usualNames() + NicNames::MAX_MORE <= NicNames::MAX_NAMES, "more than the stated bound");

std::string
usualName(uint32_t number) {
    if (number < ODD_ONES.size()) {
        return (ODD_ONES.at(number));
    }
    number -= ODD_ONES.size();
    for (const auto& pattern : PATTERNS) {
        if (number < pattern.size()) {
            return (pattern.name(number));
        }
        number -= pattern.size();
    }
    return {};
}

}  // namespace

template <typename Name>
NicNames::Entries
NicNames::makeEntries(uint32_t count, Name name) {
    Entries entries;
    entries.reserve(count);
    systemd::IaidHash iaid;
    for (uint32_t number = 0; number < count; ++number) {
        entries.push_back({iaid(name(number)), number});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& left, const Entry& right) {
        return (left.iaid != right.iaid ? left.iaid < right.iaid : left.name < right.name);
    });
    return (entries);
}

const NicNames::Entries&
NicNames::usual() {
    static const Entries entries = makeEntries(usualNames(), usualName);
    return (entries);
}

NicNames::NicNames(std::vector<std::string> more) :
    more_(std::move(more)), entries_(makeEntries(static_cast<uint32_t>(more_.size()),
                                                 [this](uint32_t number) { return (more_[number]); })) {
    usual();
}

const NicNames::Entry*
NicNames::find(const Entries& entries, uint32_t iaid) {
    const auto found =
        std::lower_bound(entries.begin(), entries.end(), iaid,
                         [](const Entry& entry, uint32_t value) { return (entry.iaid < value); });
    return (found != entries.end() && found->iaid == iaid ? &*found : nullptr);
}

std::string
NicNames::find(ByteView iaid) const {
    if (iaid.size() != sizeof(uint32_t)) {
        return {};
    }
    const auto wanted = toNumber(iaid);
    if (const auto* own = find(entries_, wanted)) {
        return (more_[own->name]);
    }
    const auto* const known = find(usual(), wanted);
    return (known ? usualName(known->name) : std::string());
}

}  // namespace clone_guard
