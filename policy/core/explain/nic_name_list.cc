// SPDX-License-Identifier: MPL-2.0

#include <core/explain/nic_name_list.h>

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
constexpr std::array<Pattern, 39> PATTERNS{{
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
    {"wlan%u", {16, 1, 1}},
    {"wlo%u", {16, 1, 1}},
    {"wlp%us%u", {256, 16, 1}},
    {"bond%u", {64, 1, 1}},
    {"br%u", {256, 1, 1}},
    {"team%u", {64, 1, 1}},
    {"vmbr%u", {64, 1, 1}},
    {"bridge%u", {16, 1, 1}},
    {"lan%u", {16, 1, 1}},
    {"wan%u", {16, 1, 1}},
    {"net%u", {16, 1, 1}},
    {"em%u", {16, 1, 1}},
    {"usb%u", {16, 1, 1}},
    {"wwan%u", {16, 1, 1}},
    {"p%up%u", {16, 8, 1}},
    {"eno%unp%u", {64, 4, 1}},
    {"eno%ud%u", {64, 4, 1}},
    {"ens%unp%u", {256, 4, 1}},
    {"enP%us%u", {16, 32, 1}},
    {"enP%up%us%u", {16, 256, 4}},
    {"enP%up%us%uf0", {16, 256, 2}},
    {"enP%up%us%uf1", {16, 256, 2}},
    {"enp0s%uf%uu%u", {32, 8, 8}},
    {"wlp%us%uf%u", {32, 32, 8}},
    {"wlP%up%us%u", {16, 64, 2}},
    {"wls%u", {64, 1, 1}},
}};

/// Names of VMware interfaces in older releases of systemd.
constexpr std::array<const char*, 4> ODD_ONES{"eno16777736", "eno33554960", "eno50332184",
                                              "eno67109408"};

}  // namespace

uint32_t
commonNicNames() {
    uint32_t count = ODD_ONES.size();
    for (const auto& pattern : PATTERNS) {
        count += pattern.size();
    }
    return (count);
}

std::string
commonNicName(uint32_t number) {
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

}  // namespace clone_guard
