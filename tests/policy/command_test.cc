// SPDX-License-Identifier: MPL-2.0

#include "support.h"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdio>

namespace clone_guard {
namespace test {

namespace {

struct Outcome {
    int status = -1;
    std::string out;
};

Outcome
runShell(const std::string& line) {
    Outcome outcome;
    FILE* pipe = popen(line.c_str(), "r");
    if (!pipe) {
        return (outcome);
    }
    char buffer[4096];
    size_t got = 0;
    while ((got = fread(buffer, 1, sizeof(buffer), pipe)) > 0) {
        outcome.out.append(buffer, got);
    }
    const int status = pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return (outcome);
}

/// @brief Runs the command: what it prints, and with which status it ends.
Outcome
run(const std::string& arguments) {
    return (runShell("'" CLONE_GUARD_COMMAND "' " + arguments + " 2>/dev/null"));
}

/// @brief What it complains of.
Outcome
complaint(const std::string& arguments) {
    return (runShell("'" CLONE_GUARD_COMMAND "' " + arguments + " 2>&1 >/dev/null"));
}

bool
contains(const std::string& text, const std::string& part) {
    return (text.find(part) != std::string::npos);
}

}  // namespace

// Help goes to standard output and is no error.
TEST(CommandTest, help) {
    for (const auto* option : {"--help", "-h", "identify --help"}) {
        const auto outcome = run(option);
        EXPECT_EQ(outcome.status, 0) << option;
        EXPECT_TRUE(contains(outcome.out, "Usage: clone-guard")) << outcome.out;
        EXPECT_TRUE(contains(outcome.out, "identify HEX")) << outcome.out;
        EXPECT_TRUE(complaint(option).out.empty());
    }
}

// The version is the project's.
TEST(CommandTest, version) {
    const auto outcome = run("--version");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "clone-guard " CLONE_GUARD_VERSION "\n");
    EXPECT_EQ(run("-V").out, outcome.out);
}

// R12: an identifier is explained in its parts, with what to do about it.
TEST(CommandTest, rule12Identify) {
    const auto outcome = run("identify " + toHex(cloneIdentifier()));
    EXPECT_EQ(outcome.status, 0);
    for (const auto* part :
         {"ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d", "19 bytes", "RFC 4361",
          "IAID                ca:53:09:5a", "DUID-EN", "43793 (systemd)", "truncate -s 0"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
}

// The hexadecimal is taken as it stands wherever it was copied from, as several arguments too.
TEST(CommandTest, identifySpellings) {
    const auto expected = run("identify ff:ca:53:09:5a:00:04:aa").out;
    for (const auto* text : {"ffca53095a0004aa", "0xFFCA53095A0004AA", "FF-CA-53-09-5A-00-04-AA",
                             "'ff ca 53 09 5a 00 04 aa'", "ff ca 53 09 5a 00 04 aa"}) {
        const auto outcome = run(std::string("identify ") + text);
        EXPECT_EQ(outcome.status, 0) << text;
        EXPECT_EQ(outcome.out, expected) << text;
    }
}

// R6: the lease database's derived identifiers are explained: whose, and made from what.
TEST(CommandTest, rule06IdentifyDerived) {
    const auto whole = run("identify 00:43:47:01:01:06:bc:24:11:00:00:02:" + toHex(cloneIdentifier()));
    EXPECT_EQ(whole.status, 0);
    EXPECT_TRUE(contains(whole.out, "derived identifier"));
    EXPECT_TRUE(contains(whole.out, "claimant            bc:24:11:00:00:02"));
    EXPECT_TRUE(contains(whole.out, "ca:53:09:5a"));
    const auto digest = run("identify 00:43:47:81:01:06:bc:24:11:00:00:02:" + toHex(filled(16)));
    EXPECT_EQ(digest.status, 0);
    EXPECT_TRUE(contains(digest.out, "SHA-256 aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa..."));
}

// R12: everything is explained as far as it can be; nothing is an error but what is no hexadecimal.
TEST(CommandTest, rule12IdentifyAnything) {
    EXPECT_TRUE(contains(run("identify 01:bc:24:11:00:00:02").out, "type 1: a hardware address"));
    EXPECT_TRUE(contains(run("identify 00:61:62").out, "type 0"));
    EXPECT_TRUE(contains(run("identify ff").out, "malformed"));
    EXPECT_TRUE(contains(run("identify ff:00:00:00:01:00").out, "malformed"));
    EXPECT_TRUE(contains(run("identify ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56").out,
                         "52:54:00:12:34:56 (of the machine that made the DUID)"));
    EXPECT_TRUE(contains(run("identify 00:43:47").out, "type 0"));
    EXPECT_EQ(run("identify " + toHex(filled(300))).status, 0);
}

// Bad usage ends with status 2, says what was wrong on standard error, and where to look.
TEST(CommandTest, badUsage) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "no command given"},
        {"fly", "there is no command 'fly'"},
        {"identify", "identify needs an identifier in hexadecimal"},
        {"identify ff:c", "'ff:c' is not hexadecimal"},
        {"identify zz", "'zz' is not hexadecimal"},
        {"identify ''", "'' is not hexadecimal"},
        {"identify 0x", "'0x' is not hexadecimal"},
        {"--colour", "--colour"},
    };
    for (const auto& [arguments, text] : cases) {
        EXPECT_EQ(run(arguments).status, 2) << arguments;
        EXPECT_TRUE(run(arguments).out.empty()) << arguments;
        const auto said = complaint(arguments).out;
        EXPECT_EQ(said.rfind("clone-guard: ", 0), 0U) << said;
        EXPECT_TRUE(contains(said, text)) << said;
        EXPECT_TRUE(contains(said, "Try 'clone-guard --help'.")) << said;
    }
}

}  // namespace test
}  // namespace clone_guard
