// SPDX-License-Identifier: MPL-2.0
//
// The message catalogue and the pair of files that is generated from it. Not every release packages the message
// compiler, so the pair is kept beside the catalogue; these tests check that it agrees with the catalogue.

#include <hook/clone_guard_messages.h>

#include <log/message_dictionary.h>

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

struct Entry {
    std::string text;
    std::string description;
};

std::string
contents(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return (text.str());
}

/// @brief Parses the catalogue: "% IDENTIFIER text", then the description.
std::map<std::string, Entry>
catalogue() {
    std::map<std::string, Entry> all;
    std::istringstream lines(contents(CLONE_GUARD_MESSAGES ".mes"));
    std::string line;
    std::string current;
    while (std::getline(lines, line)) {
        std::smatch parts;
        if (std::regex_match(line, parts, std::regex("% ([A-Z0-9_]+) (.+)"))) {
            current = parts[1];
            EXPECT_TRUE(all.emplace(current, Entry{parts[2], ""}).second)
                << current << " is there twice";
        } else if (!current.empty() && line[0] != '$' && line[0] != '#') {
            all[current].description += line + "\n";
        }
    }
    return (all);
}

/// @brief Returns the identifiers that a text declares or defines.
std::set<std::string>
declared(const std::string& text) {
    std::set<std::string> all;
    const std::regex pattern("extern const isc::log::MessageID ([A-Z0-9_]+)[ ;]");
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        all.insert((*at)[1]);
    }
    return (all);
}

}  // namespace

// R11: every message has the text of the catalogue in the library.
TEST(MessagesTest, rule11TextsAgree) {
    // A reference to one message makes the linker include all; they are registered before main.
    EXPECT_STREQ(CLONE_GUARD_LOADED, "CLONE_GUARD_LOADED");
    const auto all = catalogue();
    ASSERT_GE(all.size(), 15U);
    for (const auto& [id, entry] : all) {
        EXPECT_EQ(isc::log::MessageDictionary::globalDictionary()->getText(id), entry.text) << id;
    }
}

// The generated pair declares and defines the messages of the catalogue and no others.
TEST(MessagesTest, identifiersAgree) {
    std::set<std::string> expected;
    for (const auto& one : catalogue()) {
        expected.insert(one.first);
    }
    EXPECT_EQ(declared(contents(CLONE_GUARD_MESSAGES ".h")), expected);
    EXPECT_EQ(declared(contents(CLONE_GUARD_MESSAGES ".cc")), expected);
}

// R11: every message has a description, which begins with its severity.
TEST(MessagesTest, rule11EveryMessageIsDescribed) {
    const std::regex severity("^This (error|warning|informational|debug) message|^This warning");
    for (const auto& [id, entry] : catalogue()) {
        EXPECT_EQ(id.rfind("CLONE_GUARD_", 0), 0U) << id;
        EXPECT_GT(entry.description.size(), 60U) << id << " has no description";
        EXPECT_TRUE(std::regex_search(entry.description, severity))
            << id << " does not say how severe it is";
    }
}

// The arguments of a message are numbered from 1 without a gap, as Kea's logger requires.
TEST(MessagesTest, argumentsAreNumbered) {
    for (const auto& [id, entry] : catalogue()) {
        std::set<int> numbers;
        const std::regex pattern("%([0-9]+)");
        for (std::sregex_iterator at(entry.text.begin(), entry.text.end(), pattern), end; at != end;
             ++at) {
            numbers.insert(std::stoi((*at)[1]));
        }
        int expected = 0;
        for (const int number : numbers) {
            EXPECT_EQ(number, ++expected) << id;
        }
    }
}

}  // namespace test
}  // namespace clone_guard
