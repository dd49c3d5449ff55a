// SPDX-License-Identifier: MPL-2.0

#include <statistics.h>

#include <stats/stats_mgr.h>

#include <array>
#include <string>

namespace clone_guard {

namespace {

using isc::stats::StatsMgr;

/// In the order of Counter.
constexpr std::array<const char*, 9> NAMES{
    "clone-guard-suspected", "clone-guard-confirmed",       "clone-guard-mac-fallback",
    "clone-guard-refused",   "clone-guard-release-blocked", "clone-guard-decline-blocked",
    "clone-guard-moved",     "clone-guard-degraded",        "clone-guard-malformed"};

}  // namespace

void
declareStatistics() {
    for (const auto* name : NAMES) {
        if (!StatsMgr::instance().getObservation(name)) {
            StatsMgr::instance().setValue(name, static_cast<int64_t>(0));
        }
    }
}

void
count(Counter counter, uint32_t subnet_id) {
    const std::string name = NAMES.at(static_cast<size_t>(counter));
    StatsMgr::instance().addValue(name, static_cast<int64_t>(1));
    if (subnet_id != 0) {
        StatsMgr::instance().addValue(StatsMgr::generateName("subnet", subnet_id, name),
                                      static_cast<int64_t>(1));
    }
}

}  // namespace clone_guard
