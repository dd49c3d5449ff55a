// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <core/identity/derived_identifier.h>
#include <tool/cli/progress.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

class ScanTest : public ::testing::Test {
protected:
    std::string write(const std::string& name, const std::vector<LeaseLine>& lines) {
        return (folder_.write(name, leaseFile(lines)));
    }

    static Json json(const std::string& arguments) {
        return (Json::parse(run("scan --json " + arguments).out));
    }

    static const std::string& data() {
        static const std::string folder = CLONE_GUARD_TEST_DATA "/";
        return (folder);
    }

    TemporaryFolder folder_;
    /// Two clones that share an address.
    const std::vector<LeaseLine> clones_{{0, 1, 1, 600, cloneIdentifier(), 1, 0, "web-1"},
                                         {10, 2, 1, 600, cloneIdentifier(), 1, 0, "web-2"},
                                         {300, 1, 1, 600, cloneIdentifier(), 1, 0, "web-1"}};
    /// A network card that was replaced.
    const std::vector<LeaseLine> moved_{{0, 3, 3, 600, identifierNumber(3)},
                                        {1000, 4, 3, 600, identifierNumber(3)}};
};

// R12: four real clones of a stock server are listed with the remedy, and nothing else. In the second file they booted
// together, and the server deleted leases of running machines.
TEST_F(ScanTest, rule12StockServer) {
    for (const auto* name : {"stock-leases4.csv", "stock-deletions-leases4.csv"}) {
        const auto outcome = run("scan " + data() + name);
        EXPECT_EQ(outcome.status, 1) << name;
        EXPECT_TRUE(contains(outcome.out, "Clones: 1 client identifier on 4 machines.")) << outcome.out;
        for (const auto* part : {"bc:24:11:5e:00:01  Proxmox  expired  clone-1",
                                 "bc:24:11:5e:00:02  Proxmox  expired  clone-2",
                                 "bc:24:11:5e:00:03  Proxmox  expired  clone-3",
                                 "bc:24:11:5e:00:04  Proxmox  expired  clone-4", "interface  ens18",
                                 "back and forth", "truncate -s 0 /etc/machine-id"}) {
            EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
        }
        const auto found = json(data() + name);
        EXPECT_EQ(found["clones"].size(), 1U);
        EXPECT_TRUE(found["moved"].empty() && found["apart"].empty() && found["duids"].empty());
    }
    EXPECT_TRUE(
        contains(run("scan " + data() + "stock-deletions-leases4.csv").out, "was deleted 6 times"));
}

// R12: three templates have three clones each, some of which decline each other's addresses. Each clone is listed under
// the name of its template with its remedy, and nothing else is listed.
TEST_F(ScanTest, rule12ThreeTemplates) {
    const auto list =
        folder_.write("list", "debian-12-base,d31ba602070b463aac004744a10d3e28\n"
                              "old-router-image,00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56\n"
                              "twin-board,00:04:03:00:02:00:04:00:05:00:00:06:00:07:00:08:00:09\n");
    const auto found = json("--templates " + list + " " + data() + "stock-templates-leases4.csv");
    ASSERT_EQ(found["clones"].size(), 3U);
    EXPECT_TRUE(found["moved"].empty() && found["apart"].empty() && found["duids"].empty());
    const std::map<std::string, std::pair<std::string, std::string>> expected{
        {"debian-12-base", {"clone-", "truncate -s 0 /etc/machine-id"}},
        {"old-router-image", {"router-", "rm -f /var/lib/dhcpcd/duid"}},
        {"twin-board", {"board-", "uuid.bios"}}};
    for (const auto& one : found["clones"]) {
        const auto& [hostname, remedy] = expected.at(one["template"]);
        ASSERT_EQ(one["machines"].size(), 3U);
        for (const auto& machine : one["machines"]) {
            EXPECT_EQ(machine["hostname"].get<std::string>().rfind(hostname, 0), 0U) << machine;
        }
        EXPECT_TRUE(contains(one["remedy"], remedy)) << one;
    }
}

// R9: a replaced network card is listed as moved and does not change the exit status.
TEST_F(ScanTest, rule09MovedOnce) {
    const auto outcome = run("scan " + write("leases.csv", moved_));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "No clones found.")) << outcome.out;
    EXPECT_TRUE(contains(outcome.out, "moved once; the first machine did not return")) << outcome.out;
}

// Clients without a clone are counted and not listed.
TEST_F(ScanTest, nothingFound) {
    const auto outcome = run("scan " + write("leases.csv", {{0, 1, 1}, {300, 1, 1}}));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "No clones found.\n\nRead 1 file: 2 records, 1 client identifier.\n");
}

// R12: JSON has the same findings, with the field names of the audit log.
TEST_F(ScanTest, rule12Json) {
    auto lines = clones_;
    lines.insert(lines.end(), moved_.begin(), moved_.end());
    const auto path = write("leases.csv", lines);
    EXPECT_EQ(run("scan --json " + path).status, 1);
    const auto found = json(path);
    ASSERT_EQ(found["clones"].size(), 1U);
    const auto& one = found["clones"][0];
    EXPECT_EQ(one["client_id"], toHex(cloneIdentifier()));
    EXPECT_EQ(one["nic"], "ens18");
    EXPECT_EQ(one["evidence"]["returns"], 1);
    ASSERT_EQ(one["machines"].size(), 2U);
    EXPECT_EQ(one["machines"][0]["hw_address"], "bc:24:11:00:00:01");
    EXPECT_EQ(one["machines"][0]["hostname"], "web-1");
    EXPECT_EQ(one["machines"][0]["addresses"], Json::array({"192.0.2.1"}));
    EXPECT_EQ(one["machines"][0]["first_seen"], "2023-11-14T22:13:20.000Z");
    EXPECT_EQ(one["machines"][0]["last_seen"], "2023-11-14T22:18:20.000Z");
    EXPECT_EQ(one["machines"][0]["records"], 2);
    EXPECT_EQ(found["moved"].size(), 1U);
    EXPECT_EQ(found["files"][0]["records"], 5);
    EXPECT_EQ(found["files"][0]["damaged"], 0);
}

// R12: template names come from a list, from the output of `templates`, or from the server's configuration.
TEST_F(ScanTest, rule12Templates) {
    const auto leases = write("leases.csv", clones_);
    const auto list = folder_.write("list", "debian-12-base d31ba602070b463aac004744a10d3e28\n");
    const auto printed = folder_.write("printed", run("templates " + list).out);
    const auto json = folder_.write("json", run("templates --json " + list).out);
    const auto kea = folder_.write("kea.conf", R"({ "Dhcp4": { # comment, "with" a quote
        "hooks-libraries": [ { "library": "x", /* [ */ "parameters": { "policy": "monitor",
            "templates": [ { "name": "debian-12-base", "machine-id": "d31ba602070b463aac004744a10d3e28" }, ] // x
        } }, ] } })");
    for (const auto& file : {list, printed, json, kea}) {
        const auto outcome = run("scan --templates " + file + " " + leases);
        EXPECT_EQ(outcome.status, 1) << file;
        EXPECT_TRUE(contains(outcome.out, "template   debian-12-base")) << file << '\n' << outcome.out;
        EXPECT_TRUE(contains(outcome.out, "in the template debian-12-base run")) << outcome.out;
    }
    EXPECT_EQ(run("scan --templates " + folder_.write("none", "{}") + " " + leases).status, 2);
}

// The companions of a file are read with it, except with --no-companions.
TEST_F(ScanTest, companions) {
    const auto path = write("leases.csv", {clones_[2]});
    write("leases.csv.1", {clones_[1]});
    write("leases.csv.2", {clones_[0]});
    folder_.write("leases.csv.output", "half a line that the scan ignores");
    EXPECT_EQ(run("scan " + path).status, 1);
    EXPECT_TRUE(contains(run("scan " + path).out, "Read 3 files")) << run("scan " + path).out;
    EXPECT_EQ(run("scan --no-companions " + path).status, 0);
    EXPECT_EQ(run("scan --no-companions " + path + " " + path + ".1 " + path + ".2").status, 1);
}

// The standard input is read too, so that a compressed file needs no disk space.
TEST_F(ScanTest, standardInput) {
    const auto path = write("leases.csv", clones_);
    EXPECT_EQ(run("scan - < " + path).status, 1);
}

// R6: derived identifiers of a guard show the claimants.
TEST_F(ScanTest, rule06SetAside) {
    const auto path =
        write("leases.csv", {{0, 1, 1}, {5, 2, 2, 600, derive(mac(2), cloneIdentifier())}});
    const auto outcome = run("scan " + path);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(
        contains(outcome.out, "1 machine has a lease under a derived identifier of a clone guard"))
        << outcome.out;
    EXPECT_TRUE(contains(outcome.out, toHex(cloneIdentifier()) + " in subnet 1")) << outcome.out;
    const auto digest = write("digest.csv", {{5, 2, 2, 600, derive(mac(2), filled(126))}});
    EXPECT_TRUE(contains(run("scan " + digest).out, "an identifier with the SHA-256 "))
        << run("scan " + digest).out;
    EXPECT_EQ(json(digest)["clones"][0]["client_id_sha256"].get<std::string>().size(), 47U);
}

// R10: former clones are listed, and do not change the exit status.
TEST_F(ScanTest, rule10Sealed) {
    auto lines = clones_;
    const auto path = [&] { return (write("leases.csv", lines)); };
    lines.push_back({400, 2, 5, 600, identifierNumber(5), 1, 0, "web-2"});
    lines.push_back({1000, 2, 5, 600, identifierNumber(5), 1, 0, "web-2"});
    const auto outcome = run("scan " + path());
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "No clones found.")) << outcome.out;
    EXPECT_TRUE(contains(outcome.out, "Sealed: 1 client identifier")) << outcome.out;
    EXPECT_FALSE(contains(outcome.out, "remedy")) << outcome.out;
    const auto found = json(path());
    EXPECT_TRUE(found["clones"].empty());
    ASSERT_EQ(found["sealed"].size(), 1U);
    EXPECT_EQ(found["sealed"][0]["machines"][0]["state"], "expired");
    EXPECT_EQ(found["sealed"][0]["machines"][1]["state"], "sealed");
}

// R2: harmless findings are counted, and listed with --all.
TEST_F(ScanTest, rule02Harmless) {
    auto second = cloneIdentifier();
    second[1] ^= 1U;
    const auto path = write("leases.csv", {{0, 1, 1},
                                           {0, 2, 2, 600, second},
                                           {0, 3, 3, 600, identifierNumber(1), 1},
                                           {0, 4, 4, 600, identifierNumber(1), 2}});
    const auto brief = run("scan " + path);
    EXPECT_EQ(brief.status, 0);
    EXPECT_TRUE(contains(brief.out, "In different subnets or files: 1 client identifier")) << brief.out;
    EXPECT_TRUE(contains(brief.out, "One DUID in different identifiers: 1 DUID")) << brief.out;
    EXPECT_FALSE(contains(brief.out, "bc:24:11")) << brief.out;
    const auto all = run("scan --all " + path);
    EXPECT_EQ(all.status, 0);
    EXPECT_TRUE(contains(all.out, "in subnets 1, 2")) << all.out;
    EXPECT_TRUE(contains(all.out, "bc:24:11:00:00:02")) << all.out;
    EXPECT_EQ(json(path)["apart"].size(), 1U);
    EXPECT_EQ(json(path)["duids"][0]["machines"].size(), 2U);
}

// R1: identifiers of another type collide too, but the guard ignores them by default.
TEST_F(ScanTest, rule01OtherTypes) {
    auto lines = clones_;
    for (auto& line : lines) {
        line.identifier = hex("00:61:62:63");
    }
    const auto outcome = run("scan " + write("leases.csv", lines));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(contains(outcome.out, "\"client-id-types\": \"all\"")) << outcome.out;
}

// R11: a host name cannot control the terminal, end a line or end a JSON text.
TEST_F(ScanTest, rule11HostileHostName) {
    auto lines = clones_;
    lines[2].hostname = "\x1b]0;owned\x07&#x0a&#x2c\"}\xff";
    const auto path = write("leases.csv", lines);
    const auto outcome = run("scan " + path);
    EXPECT_TRUE(contains(outcome.out, "\\x1b]0;owned\\x07\\x0a,\\x22}\\xff")) << outcome.out;
    for (const char character : outcome.out + run("scan --json " + path).out) {
        EXPECT_TRUE(character == '\n' || (character >= ' ' && character <= '~'));
    }
    EXPECT_EQ(json(path)["clones"].size(), 1U);
}

// Damaged lines are skipped and counted, and -v names them.
TEST_F(ScanTest, damagedLines) {
    const auto path =
        folder_.write("leases.csv", leaseFile(clones_) + "192.0.2.9,rubbish\n" + "rubbish\n");
    EXPECT_EQ(run("scan " + path).status, 1);
    EXPECT_TRUE(contains(run("scan " + path).out, "Skipped 2 damaged lines; -v names them."));
    EXPECT_EQ(complaint("scan " + path).out, "");
    const auto said = complaint("scan -v " + path).out;
    EXPECT_TRUE(contains(said, "leases.csv': line 5: fields are missing, skipped\n")) << said;
    EXPECT_TRUE(contains(said, "line 6: ")) << said;
}

// A file that cannot be used ends the scan with status 2 and one line that gives the reason.
TEST_F(ScanTest, unusableFiles) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {folder_.path(), "is a directory"},
        {folder_.path() + "/none", "cannot be opened: No such file"},
        {folder_.write("text", "hello\n"), "is not a lease file of Kea"},
        {folder_.write("empty", ""), "is empty"},
        {folder_.write("v6",
                       "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid\n"),
         "DHCPv6"},
        {folder_.write("leases.csv.gz", "\x1f\x8b\x08"),
         "is damaged: its gzip data ends too early at byte 3"},
        {folder_.write("\x1b[2J", "hello\n"), "\\x1b[2J"}};
    for (const auto& [path, said] : cases) {
        const auto outcome = complaint("scan '" + path + "'");
        EXPECT_EQ(outcome.status, 2) << path;
        EXPECT_TRUE(contains(outcome.out, said)) << outcome.out;
        EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
        EXPECT_TRUE(run("scan '" + path + "'").out.empty());
    }
}

// A file without a template ends the scan with status 2, also if it is empty. An empty list of templates does not.
TEST_F(ScanTest, unusableTemplates) {
    const auto leases = write("leases.csv", clones_);
    for (const auto* content : {"", "hello\n", "{\"audit\": 1}\n", "uninitialized\n"}) {
        const auto outcome =
            complaint("scan --templates " + folder_.write("list", content) + " " + leases);
        EXPECT_EQ(outcome.status, 2) << content;
        EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
    }
    EXPECT_EQ(
        run("scan --templates " + folder_.write("list", "{\"templates\": []}\n") + " " + leases).status,
        1);
}

// Without client identifiers, clones cannot be seen: the scan says so, with a status of its own.
TEST_F(ScanTest, noClientIdentifiers) {
    const std::string lease = "192.0.2.1,bc:24:11:00:00:01,,600,1700000600,1,0,0,web,0,\n";
    const auto path = folder_.write("leases.csv", LEASE_HEAD + lease);
    const auto outcome = run("scan " + path);
    EXPECT_EQ(outcome.status, 3);
    EXPECT_TRUE(contains(outcome.out, "no lease has a client identifier")) << outcome.out;
    EXPECT_TRUE(contains(outcome.out, "'match-client-id' is false")) << outcome.out;
    EXPECT_FALSE(contains(outcome.out, "No clones found")) << outcome.out;
    EXPECT_EQ(json(path)["without_client_id"], 1);
    EXPECT_EQ(run("scan " + folder_.write("empty.csv", LEASE_HEAD)).status, 0);
}

// Clones with leases without end, as a program writes them, and in a file with a byte order mark, are found.
TEST_F(ScanTest, leasesWithoutEnd) {
    std::string text = std::string("\xef\xbb\xbf") + LEASE_HEAD;
    for (const auto* machine : {"1", "2", "1", "2"}) {
        text += "192.0.2.1,bc:24:11:00:00:0" + std::string(machine) + "," + toHex(cloneIdentifier()) +
                ",600,9999999999,1,0,0,,0,\n";
    }
    const auto outcome = run("scan " + folder_.write("leases.csv", text + "\xef\xbb\xbf\n"));
    EXPECT_EQ(outcome.status, 1) << outcome.out;
    EXPECT_TRUE(contains(outcome.out, "4 records")) << outcome.out;
    EXPECT_FALSE(contains(outcome.out, "Skipped")) << outcome.out;
    EXPECT_TRUE(contains(complaint("scan " + folder_.write("utf16.csv", "\xff\xfe"
                                                                        "a"))
                             .out,
                         "iconv"));
}

// The progress bar is drawn if it changes, shows the progress, and is erased at the end.
TEST_F(ScanTest, progress) {
    std::ostringstream out;
    {
        Progress bar(out, 200000000, true);
        bar.update(0);
        bar.update(100000000);
        bar.update(100000001);
        EXPECT_EQ(out.str().substr(out.str().rfind('\r')),
                  "\r[" + std::string(20, '#') + std::string(20, ' ') + "]  50 %  100 of 200 MB");
        bar.update(300000000);
        EXPECT_TRUE(contains(out.str(), "100 %  200 of 200 MB"));
    }
    const auto drawn = out.str();
    EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\r'), 4);
    EXPECT_EQ(drawn.substr(drawn.rfind('\r')), "\r\x1b[K");
}

// The progress bar is drawn on a terminal only, and only if the size is known.
TEST_F(ScanTest, progressOnTerminalsOnly) {
    std::ostringstream out;
    Progress(out, 100, false).update(50);
    Progress(out, 0, true).update(50);
    EXPECT_EQ(out.str(), "");
    EXPECT_EQ(complaint("scan " + data() + "stock-leases4.csv").out, "");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
