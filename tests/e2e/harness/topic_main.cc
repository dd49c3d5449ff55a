// SPDX-License-Identifier: MPL-2.0
//
// A program of tests: all of them, or those of one topic, which is one file.

#include "isolation.h"

#include <gtest/gtest.h>

#include <fnmatch.h>

#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::string>
split(const std::string& patterns) {
    std::vector<std::string> parts;
    std::istringstream stream(patterns);
    for (std::string part; std::getline(stream, part, ':');) {
        parts.push_back(part);
    }
    return (parts);
}

bool
matchesAny(const std::string& name, const std::vector<std::string>& patterns) {
    return (std::any_of(patterns.begin(), patterns.end(), [&name](const std::string& pattern) {
        return (fnmatch(pattern.c_str(), name.c_str(), 0) == 0);
    }));
}

/// @brief The tests of a topic that a filter of GoogleTest ("these:or these-not these") leaves over.
/// @return a filter that names them one by one; empty where the topic has no tests at all.
std::string
filterOf(const std::string& topic, const std::string& filter) {
    const auto minus = std::min(filter.find('-'), filter.size());
    const auto wanted = split(minus == 0 ? "*" : filter.substr(0, minus));
    const auto unwanted = split(filter.substr(std::min(minus + 1, filter.size())));
    const auto& all = *::testing::UnitTest::GetInstance();
    bool known = false;
    // What no test is called: without any name the filter would be no filter.
    std::string names = "-";
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const auto& suite = *all.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            const auto& test = *suite.GetTestInfo(j);
            const std::string file = "/" + std::string(test.file());
            const std::string end = "/" + topic + "_test.cc";
            if (file.size() < end.size() ||
                file.compare(file.size() - end.size(), end.size(), end) != 0) {
                continue;
            }
            known = true;
            const std::string name = std::string(suite.name()) + "." + test.name();
            if (matchesAny(name, wanted) && !matchesAny(name, unwanted)) {
                names.insert(names.size() - 1, name + ":");
            }
        }
    }
    return (known ? names : "");
}

}  // namespace

/// @brief Runs in a network namespace of its own. The first argument may be a topic.
int
main(int argc, char* argv[]) {
    ::testing::InitGoogleTest(&argc, argv);
    if (argc > 1) {
        const auto filter = filterOf(argv[1], ::testing::GTEST_FLAG(filter));
        if (filter.empty()) {
            std::cerr << "there are no tests of '" << argv[1] << "'\n";
            return (1);
        }
        ::testing::GTEST_FLAG(filter) = filter;
    }
    const bool isolated = clone_guard::e2e::isolate().empty();
    const int result = RUN_ALL_TESTS();
    // What cannot run at all is skipped, by name above and as a whole for whoever counts programs.
    return (result == 0 && !isolated ? 77 : result);
}
