// SPDX-License-Identifier: MPL-2.0

#include <hook/report/statistics.h>

#include <stats/stats_mgr.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace clone_guard {

namespace {

using isc::stats::StatsMgr;

/// The names, in the order of Counter.
constexpr std::array<const char*, 11> NAMES{
    "clone-guard-suspected", "clone-guard-confirmed",       "clone-guard-mac-fallback",
    "clone-guard-refused",   "clone-guard-release-blocked", "clone-guard-decline-blocked",
    "clone-guard-moved",     "clone-guard-stranger",        "clone-guard-sealed",
    "clone-guard-degraded",  "clone-guard-malformed"};

/// Creates a statistic by adding zero, so that a count of another thread in the meantime is not lost.
void
declare(const std::string& name) {
    StatsMgr::instance().addValue(name, static_cast<int64_t>(0));
}

std::string
nameIn(uint32_t subnet_id, const char* name) {
    // As StatsMgr::generateName() makes it, which takes several times as long.
    return ("subnet[" + std::to_string(subnet_id) + "]." + name);
}

bool
endsIn(const std::string& text, const std::string& end) {
    return (text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0);
}

/// Removes the statistics of subnets that no longer exist. The server knows them: this library is loaded anew with each
/// configuration.
void
removeAllBut(const std::set<std::string>& declared) {
    const auto all = StatsMgr::instance().getAll();
    for (const auto& statistic : all->mapValue()) {
        const auto& name = statistic.first;
        const bool ours = std::any_of(NAMES.begin(), NAMES.end(), [&name](const char* own) {
            return (name.rfind("subnet[", 0) == 0 && endsIn(name, std::string("].") + own));
        });
        if (ours && declared.count(name) == 0) {
            StatsMgr::instance().del(name);
        }
    }
}

}  // namespace

void
declareStatistics() {
    for (const auto* name : NAMES) {
        declare(name);
    }
}

void
declareStatistics(const isc::dhcp::SrvConfig& config) {
    std::set<std::string> declared;
    for (const auto& subnet : *config.getCfgSubnets4()->getAll()) {
        for (const auto* name : NAMES) {
            declared.insert(nameIn(subnet->getID(), name));
        }
    }
    removeAllBut(declared);
    std::for_each(declared.begin(), declared.end(), declare);
}

void
count(Counter counter, uint32_t subnet_id) {
    const std::string name = NAMES.at(static_cast<size_t>(counter));
    StatsMgr::instance().addValue(name, static_cast<int64_t>(1));
    if (subnet_id != 0) {
        StatsMgr::instance().addValue(nameIn(subnet_id, name.c_str()), static_cast<int64_t>(1));
    }
}

}  // namespace clone_guard
