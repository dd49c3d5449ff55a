// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>
#include <tool/commands/command.h>

#include <gtest/gtest.h>

#include <sstream>

namespace clone_guard {
namespace test {

namespace {

/// The names of all commands.
std::vector<std::string>
commandNames() {
    std::vector<std::string> names;
    for (const auto& command : allCommands()) {
        names.push_back(command->description().name);
    }
    return (names);
}

std::string
printed(const Table& table, size_t width, size_t indent = 0) {
    std::ostringstream out;
    setLayout(out, {false, width});
    table.print(out, indent);
    return (out.str());
}

}  // namespace

// `help COMMAND` and `COMMAND --help` print the same, name every option, and end with status 0.
TEST(HelpTest, helpOfEachCommand) {
    for (const auto& name : commandNames()) {
        const auto outcome = run("help " + name);
        EXPECT_EQ(outcome.status, 0) << name;
        EXPECT_EQ(run(name + " --help").out, outcome.out);
        EXPECT_EQ(run(name + " -h").out, outcome.out);
        CommonOptions common;
        const auto command = findCommand(name);
        const auto options = optionsOf(*command, common);
        for (const auto& option : options.all()) {
            EXPECT_TRUE(contains(outcome.out, " --" + option.name))
                << option.name << " is missing in " << outcome.out;
        }
        EXPECT_TRUE(contains(run("help").out, "\n  " + name + " ")) << name;
    }
    EXPECT_EQ(run("help").out, run("--help").out);
}

// Help is broken at words to 80 columns in a pipe and on a terminal of 80, and uses a wider terminal.
TEST(HelpTest, width) {
    auto names = commandNames();
    names.emplace_back("");
    for (const auto& name : names) {
        const auto piped = run("help " + name).out;
        EXPECT_LE(longestLine(piped), 80U) << piped;
        EXPECT_EQ(runOnTerminal(80, "help " + name).out, piped);
        const auto wide = runOnTerminal(110, "help " + name).out;
        EXPECT_LE(longestLine(wide), 110U) << wide;
    }
    EXPECT_GT(longestLine(runOnTerminal(110, "help scan").out), 90U);
    // The size of the terminal of the caller does not change what a pipe gets.
    EXPECT_EQ(runShell("COLUMNS=200 '" CLONE_GUARD_COMMAND "' help scan").out, run("help scan").out);
}

// Usage errors of help and of options name the cause.
TEST(HelpTest, badUsage) {
    EXPECT_TRUE(contains(complaint("help fly").out, "there is no command 'fly'"));
    EXPECT_EQ(run("help fly").status, 2);
    EXPECT_TRUE(contains(complaint("help scan watch").out, "one command"));
    EXPECT_TRUE(contains(complaint("status now").out, "status takes no arguments"));
    EXPECT_TRUE(
        contains(complaint("conflicts --subnet-id -1 --client-id ff").out, "takes a number from 0"));
    EXPECT_TRUE(contains(complaint("conflicts --subnet-id 4294967296 --client-id ff").out,
                         "takes a number from 0"));
    for (const auto& name : commandNames()) {
        EXPECT_TRUE(
            contains(complaint(name + " --color=blue").out, "--color is one of auto, always, never"))
            << name;
    }
}

// An option may be abbreviated, given with '=', or joined to its letter, as scripts do.
TEST(HelpTest, spellings) {
    const auto expected = run("identify --json ff:00 --hw-address 52:54:00:12:34:56").out;
    EXPECT_EQ(run("identify --js --hw-address=52:54:00:12:34:56 ff:00").out, expected);
    EXPECT_EQ(run("identify --hw 52:54:00:12:34:56 --json -- ff:00").out, expected);
}

// A number agrees with its noun.
TEST(HelpTest, countText) {
    EXPECT_EQ(countText(0, "machine"), "0 machines");
    EXPECT_EQ(countText(1, "machine"), "1 machine");
    EXPECT_EQ(countText(2, "machine"), "2 machines");
    EXPECT_EQ(countText(1, "entry", "entries"), "1 entry");
    EXPECT_EQ(countText(11, "entry", "entries"), "11 entries");
}

// Text is broken at words only; a word that is longer than the line gets a line.
TEST(HelpTest, wrap) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(wrap("one two three", 7), (Lines{"one two", "three"}));
    EXPECT_EQ(wrap("one two three", 6), (Lines{"one", "two", "three"}));
    EXPECT_EQ(wrap("a longerword b", 4), (Lines{"a", "longerword", "b"}));
    EXPECT_EQ(wrap("one two three", 0), (Lines{"one two three"}));
    EXPECT_EQ(wrap("on 2026-11-24 10:31:12", 12), (Lines{"on", "2026-11-24 10:31:12"}));
    EXPECT_EQ(wrap("", 10), (Lines{""}));
    EXPECT_EQ(reflow("a b\nc d\n\n    x  y\ne\n", 5), "a b c\nd\n\n    x  y\ne\n");
}

// A table is as wide as its cells; on a narrow terminal cells are broken, then rows are continued.
TEST(HelpTest, table) {
    Table table({"name", "text"});
    table.add({"a", "one two three four"});
    table.add({"bb", ""});
    EXPECT_EQ(printed(table, 0), "name  text\na     one two three four\nbb    -\n");
    EXPECT_EQ(printed(table, 24), printed(table, 0));
    EXPECT_EQ(printed(table, 16), "name  text\na     one two\n      three four\nbb    -\n");
    EXPECT_EQ(printed(table, 18, 2), "  name  text\n  a     one two\n        three four\n  bb    -\n");
    Table wide({"first", "second", "third"});
    wide.add({"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"});
    EXPECT_EQ(printed(wide, 24),
              "first       second\n    third\naaaaaaaaaa  bbbbbbbbbb\n    cccccccccc\n");
    EXPECT_EQ(printed(Table(), 20), "");
}

}  // namespace test
}  // namespace clone_guard
