// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_file_set.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace clone_guard {

namespace {

struct Suffix {
    std::string_view text;
    bool is_snapshot;
    bool is_companion;
};

/// The suffixes, the oldest file first.
constexpr std::array<Suffix, 6> SUFFIXES{{{"~", false, true},
                                          {".2", false, true},
                                          {".1", false, true},
                                          {".completed", true, true},
                                          {".output", true, false},
                                          {"", false, false}}};

std::string
baseOf(const std::string& path) {
    for (const auto& suffix : SUFFIXES) {
        const auto size = suffix.text.size();
        if (size > 0 && path.size() > size && path.compare(path.size() - size, size, suffix.text) == 0) {
            return (path.substr(0, path.size() - size));
        }
    }
    return (path);
}

bool
exists(const std::string& path) {
    std::error_code ignored;
    return (std::filesystem::exists(path, ignored));
}

}  // namespace

std::vector<LeaseFileSet>
leaseFileSets(const std::vector<std::string>& paths, bool companions) {
    const std::set<std::string> named(paths.begin(), paths.end());
    std::vector<std::string> bases;
    for (const auto& path : paths) {
        if (std::find(bases.begin(), bases.end(), baseOf(path)) == bases.end()) {
            bases.push_back(baseOf(path));
        }
    }
    std::vector<LeaseFileSet> sets;
    for (const auto& base : bases) {
        LeaseFileSet set;
        for (const auto& suffix : SUFFIXES) {
            const auto path = base + std::string(suffix.text);
            // Only dhcpd makes FILE~. A FILE~ of Kea's file is a backup that an editor made.
            const bool is_backup = suffix.text == "~" && base.find("dhcpd") == std::string::npos;
            const bool companion = !is_backup && companions && suffix.is_companion &&
                                   named.count(base) > 0 && base != "-" && exists(path);
            if (named.count(path) > 0 || companion) {
                set.push_back({path, suffix.is_snapshot});
            }
        }
        // dhcpd's new file repeats the leases of the old one.
        set.back().is_snapshot =
            set.back().is_snapshot || (set.size() == 2 && set.front().path == base + "~");
        sets.push_back(std::move(set));
    }
    return (sets);
}

std::vector<LeaseFileSet>
copiesOfOneFile(const std::vector<std::string>& paths) {
    LeaseFileSet set;
    for (const auto& path : paths) {
        set.push_back({path, !set.empty()});
    }
    return {set};
}

}  // namespace clone_guard
