// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/commands/command.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

bool
isInstalled(const std::string& program) {
    return (runShell("command -v " + program + " >/dev/null").status == 0);
}

}  // namespace

class CompletionTest : public ::testing::Test {
protected:
    /// Returns what bash offers for a line, in one line.
    ///
    /// @param words the words of the line, as bash splits it; the last one is to be completed.
    std::string bash(const std::string& words) {
        const auto script =
            folder_.write("test.bash", "source <('" CLONE_GUARD_COMMAND "' completion bash)\n"
                                       "COMP_WORDS=(" +
                                           words +
                                           ")\n"
                                           "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                           "_clone_guard 2>/dev/null\necho \"${COMPREPLY[*]}\"\n");
        auto out = runShell("cd " + folder_.path() + " && bash " + script).out;
        out.erase(std::remove(out.begin(), out.end(), '\n'), out.end());
        return (out);
    }

    /// Returns what fish offers for a line, one a line.
    std::string fish(const std::string& line) {
        const auto script =
            folder_.write("test.fish", run("completion fish").out + "complete -C '" + line + "'\n");
        return (runShell("cd " + folder_.path() + " && HOME=" + folder_.path() + " fish --no-config " +
                         script)
                    .out);
    }

    TemporaryFolder folder_;
};

// The scripts of all shells have every command and every option.
TEST_F(CompletionTest, isComplete) {
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const auto outcome = run(std::string("completion ") + shell);
        EXPECT_EQ(outcome.status, 0);
        for (const auto& command : allCommands()) {
            EXPECT_TRUE(contains(outcome.out, command->description().name)) << shell;
            CommonOptions common;
            const auto options = optionsOf(*command, common);
            for (const auto& option : options.all()) {
                const auto word = (shell == std::string("fish") ? " -l " : "--") + option.name;
                EXPECT_TRUE(contains(outcome.out, word)) << shell << ": " << word;
            }
        }
    }
}

// bash offers commands, options of the command, files and the words of a choice.
TEST_F(CompletionTest, bash) {
    folder_.write("leases.csv", "");
    EXPECT_EQ(bash("clone-guard s"), "scan status");
    EXPECT_EQ(bash("clone-guard --v"), "--version");
    EXPECT_EQ(bash("clone-guard scan --no"), "--no-companions");
    EXPECT_EQ(bash("clone-guard status --f"), "");
    EXPECT_EQ(bash("clone-guard scan lea"), "leases.csv");
    EXPECT_EQ(bash("clone-guard scan --templates lea"), "leases.csv");
    EXPECT_EQ(bash("clone-guard report --title lea"), "");
    EXPECT_EQ(bash("clone-guard watch --color a"), "auto always");
    EXPECT_EQ(bash("clone-guard watch --color ="), "auto always never");
    EXPECT_EQ(bash("clone-guard watch --color = al"), "always");
    EXPECT_EQ(bash("clone-guard help wa"), "watch");
    EXPECT_EQ(bash("clone-guard completion ''"), "bash zsh fish");
}

// zsh accepts the script. What zsh offers needs a terminal; the words come from the same declarations.
TEST_F(CompletionTest, zsh) {
    if (!isInstalled("zsh")) {
        GTEST_SKIP() << "zsh is not installed";
    }
    const auto path = folder_.write("_clone-guard", run("completion zsh").out);
    EXPECT_EQ(runShell("zsh -n " + path + " 2>&1").out, "");
    const auto loaded = runShell("zsh -fc 'fpath=(" + folder_.path() +
                                 " $fpath); autoload -U compinit; compinit -D -u; "
                                 "echo $_comps[clone-guard]' 2>&1");
    EXPECT_EQ(loaded.out, "_clone-guard\n");
}

// fish offers commands, options of the command, files and the words of a choice.
TEST_F(CompletionTest, fish) {
    if (!isInstalled("fish")) {
        GTEST_SKIP() << "fish is not installed";
    }
    folder_.write("leases.csv", "");
    EXPECT_TRUE(contains(fish("clone-guard st"), "status\t"));
    EXPECT_TRUE(contains(fish("clone-guard scan --no"), "--no-companions\t"));
    EXPECT_FALSE(contains(fish("clone-guard status --f"), "--forget"));
    EXPECT_TRUE(contains(fish("clone-guard scan lea"), "leases.csv"));
    EXPECT_TRUE(contains(fish("clone-guard scan --templates lea"), "leases.csv"));
    EXPECT_FALSE(contains(fish("clone-guard status lea"), "leases.csv"));
    EXPECT_TRUE(contains(fish("clone-guard watch --color al"), "always"));
}

}  // namespace test
}  // namespace clone_guard
