// SPDX-License-Identifier: MPL-2.0

#include <hook/report/statistics.h>

#include <stats/stats_mgr.h>

#include <array>
#include <string>

namespace clone_guard {

namespace {

using isc::stats::StatsMgr;

/// The names, in the order of Counter.
constexpr std::array<const char*, 13> NAMES{
    "clone-guard-suspected",      "clone-guard-confirmed",       "clone-guard-mac-fallback",
    "clone-guard-refused",        "clone-guard-release-blocked", "clone-guard-decline-blocked",
    "clone-guard-release-passed", "clone-guard-decline-passed",  "clone-guard-moved",
    "clone-guard-stranger",       "clone-guard-sealed",          "clone-guard-degraded",
    "clone-guard-malformed"};

/// The name that StatsMgr::generateName() makes, without its stream, which takes more instructions than the statistic.
std::string
nameIn(uint32_t subnet_id, const char* name) {
    return ("subnet[" + std::to_string(subnet_id) + "]." + name);
}

}  // namespace

Counter
counterOf(Message message, Verdict verdict) noexcept {
    const bool passed = verdict == Verdict::REPORT;
    if (message == Message::RELEASE) {
        return (passed ? Counter::RELEASE_PASSED : Counter::RELEASE_BLOCKED);
    }
    return (passed ? Counter::DECLINE_PASSED : Counter::DECLINE_BLOCKED);
}

void
declareStatistics() {
    auto& statistics = StatsMgr::instance();
    for (const auto* name : NAMES) {
        // Kea keeps the last values of each statistic, so adding zero to an existing one takes memory.
        if (!statistics.getObservation(name)) {
            statistics.addValue(name, static_cast<int64_t>(0));
        }
    }
}

void
removeStatistics(const std::vector<uint32_t>& subnets) {
    for (const auto subnet_id : subnets) {
        for (const auto* name : NAMES) {
            StatsMgr::instance().del(nameIn(subnet_id, name));
        }
    }
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
