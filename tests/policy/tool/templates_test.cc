// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

constexpr const char* MACHINE_ID = "d31ba602070b463aac004744a10d3e28";
constexpr const char* OTHER_ID = "0102030405060708090a0b0c0d0e0f10";
constexpr const char* DUID_LLT = "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56";

class TemplatesTest : public ::testing::Test {
protected:
    /// The entries that are printed for a program.
    static Json entries(const std::string& arguments) {
        const auto outcome = run("templates --json " + arguments);
        EXPECT_EQ(outcome.status, 0) << arguments;
        return (Json::parse(outcome.out)["templates"]);
    }

    static Json entry(const std::string& name, const std::string& machine_id) {
        return {{"name", name}, {"machine-id", machine_id}};
    }

    std::string write(const std::string& name, const std::string& text) {
        return (folder_.write(name, text));
    }

    TemporaryFolder folder_;
};

// R12: a machine-id becomes a template with the name of its image, of its file, or of --name.
TEST_F(TemplatesTest, rule12MachineId) {
    const auto line = std::string(MACHINE_ID) + "\n";
    EXPECT_EQ(entries(write("debian-12/etc/machine-id", line)),
              Json::array({entry("debian-12", MACHINE_ID)}));
    EXPECT_EQ(entries(write("web.machine-id", line)), Json::array({entry("web", MACHINE_ID)}));
    EXPECT_EQ(entries(write("base", line)), Json::array({entry("base", MACHINE_ID)}));
    EXPECT_EQ(entries("--name gold " + write("x", line)), Json::array({entry("gold", MACHINE_ID)}));
    EXPECT_EQ(entries("--name piped - < " + write("x", line)),
              Json::array({entry("piped", MACHINE_ID)}));
}

// The name that a file has in each machine is not the name of a template: --name or another file name is needed. A sealed
// template needs no name.
TEST_F(TemplatesTest, rule12NoNameInThePath) {
    const auto line = std::string(MACHINE_ID) + "\n";
    const auto xml = "<duid>" + std::string(DUID_LLT) + "</duid>\n";
    for (const auto& path : {write("machine-id", line), write("copy/duid", std::string(DUID_LLT) + "\n"),
                             write("duid.xml", xml), "- <" + write("x", line)}) {
        const auto outcome = complaint("templates " + path);
        EXPECT_EQ(outcome.status, 2) << path;
        EXPECT_TRUE(contains(outcome.out, "does not name its template; use the option --name"))
            << outcome.out;
        EXPECT_TRUE(contains(run("templates --name gold " + path).out, "gold")) << path;
    }
    EXPECT_TRUE(contains(run("templates " + write("machine-id", "")).out, "machine-id' is sealed"));
    EXPECT_FALSE(contains(complaint("templates").out, "machine-id"));
}

// Without --json the output can be pasted into a configuration: its notes are comments.
TEST_F(TemplatesTest, toBePasted) {
    const auto outcome = run("templates " + write("base.machine-id", std::string(MACHINE_ID) + "\n"));
    EXPECT_EQ(outcome.out,
              "# Put this below \"parameters\" of the guard's library in the server's configuration:\n"
              "\"templates\": [\n"
              "    {\"name\":\"base\",\"machine-id\":\"d31ba602070b463aac004744a10d3e28\"}\n]\n");
}

// A template without a machine-id is reported as sealed.
TEST_F(TemplatesTest, sealed) {
    for (const auto* content : {"", "\n", "uninitialized\n"}) {
        const auto path = write("good.machine-id", content);
        EXPECT_EQ(run("templates " + path).out, "# 'good' is sealed and needs no configuration\n");
        EXPECT_TRUE(entries(path).empty());
        EXPECT_TRUE(contains(complaint("templates --json " + path).out, "'good' is sealed"));
    }
}

// An empty pipe comes from an image tool that failed; a list of comments is not a sealed template either.
TEST_F(TemplatesTest, nothingIsNotSealed) {
    EXPECT_EQ(complaint("templates --name base - </dev/null").out,
              "clone-guard: the standard input has no machine-id; a sealed template has an empty "
              "file\n");
    EXPECT_EQ(run("templates " + write("list.txt", "# nothing yet\n")).status, 2);
}

// The DUID file of dhcpcd or wicked is an identity too.
TEST_F(TemplatesTest, rule12DuidFiles) {
    const Json expected = Json::array({{{"name", "router"}, {"duid", DUID_LLT}}});
    EXPECT_EQ(entries(write("router/var/lib/dhcpcd/duid", std::string(DUID_LLT) + "\n")), expected);
    EXPECT_EQ(entries(write("router/var/lib/wicked/duid.xml",
                            "<duid>\n  <default>" + std::string(DUID_LLT) + "</default>\n</duid>\n")),
              expected);
}

// A mounted image, or a folder of mounted images, is searched for the files with identities.
TEST_F(TemplatesTest, rule12Images) {
    write("images/debian/etc/machine-id", std::string(MACHINE_ID) + "\n");
    write("images/router/etc/machine-id", "");
    write("images/router/var/lib/dhcpcd/duid", std::string(DUID_LLT) + "\n");
    write("images/sealed/etc/hostname", "x\n");
    write("images/notes.txt", "no image\n");
    const Json router{{"name", "router"}, {"duid", DUID_LLT}};
    EXPECT_EQ(entries(folder_.path() + "/images"), Json::array({entry("debian", MACHINE_ID), router}));
    EXPECT_EQ(entries(folder_.path() + "/images/debian/"), Json::array({entry("debian", MACHINE_ID)}));
    const auto said = run("templates " + folder_.path() + "/images").out;
    EXPECT_TRUE(contains(said, "# 'sealed' is sealed")) << said;
    EXPECT_FALSE(contains(said, "'router' is sealed")) << said;
}

// A link that leads out of an image is not followed: it would give the identity of the machine that mounted the image.
TEST_F(TemplatesTest, linksOutOfAnImage) {
    write("host/machine-id", std::string(OTHER_ID) + "\n");
    write("image/etc/hostname", "x\n");
    std::filesystem::create_symlink(folder_.path() + "/host/machine-id",
                                    folder_.path() + "/image/etc/machine-id");
    const auto outcome = run("templates " + folder_.path() + "/image");
    EXPECT_FALSE(contains(outcome.out, OTHER_ID)) << outcome.out;
    EXPECT_FALSE(contains(outcome.out, "sealed")) << outcome.out;
    EXPECT_TRUE(
        contains(complaint("templates " + folder_.path() + "/image").out, "leads out of the image"));
}

// Lists have a name and an identity on each line, in either order and with any of the usual separators.
TEST_F(TemplatesTest, lists) {
    const Json both = Json::array({entry("debian", MACHINE_ID), entry("ubuntu", OTHER_ID)});
    const std::vector<std::string> lists{
        "debian " + std::string(MACHINE_ID) + "\nubuntu   " + OTHER_ID + "\n",
        std::string(MACHINE_ID) + " debian\n# comment\n\n" + OTHER_ID + "\tubuntu\n",
        "name,machine-id\n\"debian\",\"" + std::string(MACHINE_ID) + "\"\nubuntu," + OTHER_ID +
            ",further\n",
        "Name;Machine-ID\r\ndebian;D31BA602-070B-463A-AC00-4744A10D3E28\r\nubuntu;" +
            std::string(OTHER_ID) + "\r\n",
    };
    for (const auto& list : lists) {
        EXPECT_EQ(entries(write("list", list)), both) << list;
    }
    EXPECT_EQ(entries(write("list", "my old router," + std::string(DUID_LLT) + "\nx,uninitialized\n")),
              Json::array({{{"name", "my old router"}, {"duid", DUID_LLT}}}));
}

// Invalid lines of a list are counted and skipped; -v names each.
TEST_F(TemplatesTest, badLines) {
    const auto path = write("list", "debian " + std::string(MACHINE_ID) + "\nubuntu 123\n\x1b[2J\n");
    EXPECT_EQ(entries(path).size(), 1U);
    const auto brief = complaint("templates " + path).out;
    EXPECT_EQ(brief, "clone-guard: skipped 2 lines without a name and an identity; -v names each\n");
    const auto said = complaint("templates -v " + path).out;
    EXPECT_TRUE(contains(said, "list': line 2: ")) << said;
    EXPECT_TRUE(contains(said, "line 3: no name with a machine-id or a DUID: '\\x1b[2J'")) << said;
}

// Entries of a configuration that the library would reject are counted and skipped likewise.
TEST_F(TemplatesTest, badEntries) {
    const std::string good = "{\"name\": \"a\", \"machine-id\": \"" + std::string(MACHINE_ID) + "\"}";
    for (const auto* bad :
         {"1", "{}", "{\"name\": \"b\"}", "{\"name\": \"b\", \"machine-id\": \"12\"}",
          "{\"name\": \"b\", \"machine-id\": \"0102030405060708090a0b0c0d0e0f10\", \"duid\": "
          "\"00:01:02:03\"}",
          "{\"name\": \"b\", \"duid\": \"00:01\"}", "{\"name\": 7, \"duid\": \"00:01:02:03\"}"}) {
        const auto path = write("kea.conf", "{\"templates\": [" + good + ", " + bad + "]}");
        EXPECT_EQ(entries(path), Json::array({entry("a", MACHINE_ID)})) << bad;
        EXPECT_TRUE(contains(complaint("templates -v " + path).out, "entry 2 of the templates")) << bad;
    }
}

// R12: if two templates have one identity, one is a clone of the other: a note names it, and the first name is used.
TEST_F(TemplatesTest, rule12Duplicates) {
    const auto path = write("list", "debian " + std::string(MACHINE_ID) + "\nweb " + MACHINE_ID + "\n" +
                                        "twin 00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d\n");
    EXPECT_EQ(entries(path), Json::array({entry("debian", MACHINE_ID)}));
    const auto said = run("templates " + path).out;
    EXPECT_TRUE(contains(said, "# 'web' has the identity of 'debian'")) << said;
    EXPECT_TRUE(contains(said, "# 'twin' has the identity of 'debian'")) << said;
}

// Each unusable file gets a line, and the status is 2; the other files are still read.
TEST_F(TemplatesTest, unusableFiles) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {folder_.path() + "/none", "cannot be opened: No such file"},
        {write("text", "hello world\nand more\n"), "has neither a machine-id nor a DUID"},
        {write("zeros", std::string(32, '0') + "\n"), "has neither a machine-id nor a DUID"},
        {write("long", std::string(MACHINE_ID) + "00\n"), "has neither a machine-id nor a DUID"},
        {write("binary", std::string(5000, '\0')), "is not a text file"},
        {write("broken.json", "{ \"templates\": [\n"), "is not valid JSON"},
        {write("other.json", "{ \"Dhcp4\": {} }\n"), "has no \"templates\""},
        {write("two", std::string(MACHINE_ID) + "\n" + OTHER_ID + "\n"), "line 2: a list needs a name"},
        {write("other.xml", "<a>b</a>\n"), "has no DUID"},
        {write("folder/file", "").substr(0, folder_.path().size() + 7), "is not a mounted image"}};
    const auto good = write("good", std::string(MACHINE_ID) + "\n");
    for (const auto& [path, said] : cases) {
        const auto outcome = complaint("templates '" + path + "' " + good);
        EXPECT_EQ(outcome.status, 2) << path;
        EXPECT_TRUE(contains(outcome.out, said)) << outcome.out;
        EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
        EXPECT_TRUE(contains(run("templates '" + path + "' " + good).out, MACHINE_ID)) << path;
    }
}

// R11: no control sequence in a name reaches the terminal.
TEST_F(TemplatesTest, rule11HostileName) {
    const auto path = write("list", "a\x1b[2J\"b,c," + std::string(MACHINE_ID) + "\n");
    const auto name = entries(path)[0]["name"].get<std::string>();
    EXPECT_EQ(name, "a\\x1b[2J\\x22b");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
