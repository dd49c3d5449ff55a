// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/inventory/cluster.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/fake_server.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

constexpr const char* STOCK = CLONE_GUARD_TEST_DATA "/stock-leases4.csv";

class InventoryCommandsTest : public ::testing::Test {
protected:
    InventoryCommandsTest() {
        cluster_.addTemplate(1, 9000, "debian-12-base", Storage::ZFS);
        for (unsigned i = 1; i <= 3; ++i) {
            cluster_.addVm(i, 100 + i, "web-0" + std::to_string(i), hwAddressNumber(i), Storage::ZFS,
                           9000);
        }
    }

    [[nodiscard]] std::string option() const {
        return ("--inventory '" + cluster_.path() + "' ");
    }

    /// Writes the sample of an audit log, whose first conflict is that of the cluster.
    [[nodiscard]] std::string auditLog() const {
        std::string text;
        for (const auto& line : sampleAudit()) {
            text += line + "\n";
        }
        return (folder_.write("audit.jsonl", text));
    }

    /// Returns the page of a report.
    [[nodiscard]] std::string page() const {
        const auto path = folder_.path() + "/report.html";
        run("report " + option() + "--html " + path + " " + auditLog());
        std::ifstream file(path);
        std::ostringstream text;
        text << file.rdbuf();
        return (text.str());
    }

    /// The answer of a server with a conflict of two machines of the cluster.
    [[nodiscard]] static std::string conflictAnswer() {
        const Json conflict{
            {"client-id", "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d"},
            {"subnet-id", 1},
            {"level", "confirmed"},
            {"policy", "mac-fallback"},
            {"holder", {{"hw-address", hwAddressNumber(1)}, {"ip-address", "192.0.2.100"}}},
            {"claimants", {{{"hw-address", hwAddressNumber(2)}}, {{"hw-address", hwAddressNumber(99)}}}},
            {"lease", {{"hw-address", hwAddressNumber(2)}, {"ip-address", "192.0.2.100"}}},
            {"remedy", "in the template run 'truncate -s 0 /etc/machine-id', shut it down"}};
        return (Json{{"result", 0},
                     {"text", "1 conflict found."},
                     {"arguments", {{"count", 1}, {"conflicts", {conflict}}}}}
                    .dump());
    }

    Cluster cluster_;
    TemporaryFolder folder_;
};

// R12: the scan names each machine as its owner does, and the remedy names the template by number and name.
TEST_F(InventoryCommandsTest, rule12Scan) {
    const auto outcome = run("scan " + option() + STOCK);
    EXPECT_EQ(outcome.status, 1);
    for (const auto* part :
         {"template   9000 debian-12-base",
          "remedy     in the template 9000 debian-12-base run 'truncate",
          "web-01 (VM 101 on pve1, from template 9000 debian-12-base)  bc:24:11:5e:00:01",
          "web-03 (VM 103 on pve3, from template 9000 debian-12-base)  bc:24:11:5e:00:03",
          "-                                                           bc:24:11:5e:00:04"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    EXPECT_FALSE(contains(outcome.out, "In two places"));
    const auto found = Json::parse(run("scan --json " + option() + STOCK).out);
    const auto& clones = found["clones"][0];
    EXPECT_EQ(clones["template"], "9000 debian-12-base");
    const auto& machine = clones["machines"][0]["inventory"][0];
    EXPECT_EQ(machine["text"], "web-01 (VM 101 on pve1, from template 9000 debian-12-base)");
    EXPECT_EQ(machine["number"], "101");
    EXPECT_EQ(machine["template_number"], "9000");
    EXPECT_FALSE(clones["machines"][3].contains("inventory"));
}

// R12: a table with the names of an inventory fits 100 columns in a pipe, and each terminal. Long names are broken, and
// nothing is left out.
TEST_F(InventoryCommandsTest, rule12TableFits) {
    cluster_.addVm(2, 104, std::string(120, 'x') + "\x1b[31m", hwAddressNumber(4), Storage::ZFS, 9000);
    const auto arguments = "scan --color never " + option() + STOCK;
    const auto table = [](const std::string& text) {
        const auto begin = text.find("\n    machine");
        return (begin == std::string::npos ? std::string() : text.substr(begin));
    };
    const auto characters = [](std::string text) {
        text.erase(
            std::remove_if(text.begin(), text.end(), [](char one) { return (std::isspace(one)); }),
            text.end());
        std::sort(text.begin(), text.end());
        return (text);
    };
    const auto wide = table(runOnTerminal(1000, arguments).out);
    EXPECT_TRUE(
        contains(wide, "(VM 104 on pve2, from template 9000 debian-12-base)  bc:24:11:5e:00:04  "))
        << wide;
    const auto piped = table(run(arguments).out);
    EXPECT_LE(longestLine(piped), 100U) << piped;
    EXPECT_EQ(characters(piped), characters(wide)) << piped;
    for (const size_t columns : {60, 80, 100, 120, 200}) {
        const auto text = table(runOnTerminal(columns, arguments).out);
        EXPECT_LE(longestLine(text), columns) << text;
        EXPECT_EQ(characters(text), characters(wide)) << columns << ":\n" << text;
    }
}

// R12: in a pipe, the line of a machine's name has its hardware address too, and a second line has the rest.
TEST_F(InventoryCommandsTest, rule12TwoLines) {
    const auto text = run("scan " + option() + STOCK).out;
    EXPECT_TRUE(std::regex_search(
        text, std::regex("\n    web-02 \\(VM 102 on pve2, from template 9000 debian-12-base\\)  "
                         "bc:24:11:5e:00:02  Proxmox  [a-z]+ *\n        [^ ]+  [^\n]*\n    web-03 ")))
        << text;
}

// The name that the operator gave to the identity of a template gets the number of the inventory.
TEST_F(InventoryCommandsTest, templateList) {
    cluster_.addTemplate(2, 9100, "by-identity", Storage::ZFS);
    const auto list = folder_.write("list", "by-identity,d31ba602070b463aac004744a10d3e28\n");
    EXPECT_TRUE(contains(run("scan --templates " + list + " " + option() + STOCK).out,
                         "in the template 9100 by-identity run"));
}

// A hardware address in two places, and a disk that names no template, are said.
TEST_F(InventoryCommandsTest, twoPlacesAndNoOrigin) {
    cluster_.addVm(2, 104, "web-04", hwAddressNumber(4), Storage::LVM_THIN, 9002);
    cluster_.addVm(3, 105, "web-05", hwAddressNumber(4), Storage::LVM_THIN, 9002);
    const auto outcome = run("scan " + option() + STOCK);
    for (const auto* part :
         {"web-04 (VM 104 on pve2) or web-05 (VM 105 on pve3)  ",
          "In two places: 1 hardware address of the inventory.",
          "bc:24:11:5e:00:04 belongs to web-04 (VM 104 on pve2) and web-05 (VM 105 on pve3)",
          "inventory  the disks of web-04 (VM 104 on pve2) and web-05 (VM 105 on pve3) name no "
          "template"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    const auto found = Json::parse(run("scan --json " + option() + STOCK).out);
    EXPECT_EQ(found.at("duplicate_hw_addresses").at(0).at("inventory").size(), 2U);
}

// Several sources may be given. A directory of another kind ends the command with status 2 and an explanation.
TEST_F(InventoryCommandsTest, sources) {
    const auto list = folder_.write("list.csv", "bc:24:11:5e:00:04,printer\n");
    EXPECT_TRUE(
        contains(run("scan " + option() + "--inventory=" + list + " " + STOCK).out, "printer   "));
    const auto error = complaint("scan --inventory " + folder_.path() + " " + STOCK);
    EXPECT_EQ(error.status, 2);
    EXPECT_TRUE(contains(error.out, "is not an inventory: it has neither")) << error.out;
    EXPECT_EQ(complaint("scan --inventory /absent " + std::string(STOCK)).status, 2);
}

// R12: the report names machines and templates as text, as fields and on the page.
TEST_F(InventoryCommandsTest, rule12Report) {
    cluster_.addVm(2, 107, "<b>web", hwAddressNumber(7), Storage::LVM_THIN, 9002);
    cluster_.addVm(3, 108, "web-08", hwAddressNumber(7), Storage::LVM_THIN, 9002);
    const auto text = run("report " + option() + auditLog()).out;
    for (const auto* part :
         {"1. CONFIRMED  template 9000 debian-12-base, network office",
          "to do       in the template 9000 debian-12-base run 'truncate",
          "holder    web-01 (VM 101 on pve1, from template 9000 debian-12-base)  bc:24:11:5e:00:01",
          "claimant  <b>web (VM 107 on pve2) or web-08 (VM 108 on pve3)          bc:24:11:5e:00:07",
          "inventory   the disks of <b>web (VM 107 on pve2) and web-08 (VM 108 on pve3) name no "
          "template",
          "  9000 debian-12-base                                    4 ",
          "In two places: 1 hardware address"}) {
        EXPECT_TRUE(contains(text, part)) << part << " is missing in\n" << text;
    }
    const auto report = Json::parse(run("report --json " + option() + auditLog()).out);
    const auto& conflict = report["conflicts"][0];
    EXPECT_EQ(conflict["template"], "9000 debian-12-base");
    EXPECT_EQ(conflict.at("machines").at(0).at("inventory").at(0).at("node"), "pve1");
    EXPECT_EQ(report.at("duplicate_hw_addresses").at(0).at("hw_address"), hwAddressNumber(7));
    const auto html = page();
    for (const auto* part :
         {"web-01 <small>VM 101 on pve1, from template 9000 debian-12-base</small>",
          ">9000 debian-12-base</h3>", "in the template 9000 debian-12-base run",
          "web-03 <small>VM 103 on pve3, from template 9000 debian-12-base</small> <small>host name "
          "build-runner</small>",
          "<span class=\"who\">web-01</span>", "&lt;b&gt;web or web-08",
          "<h2>Hardware addresses in two places</h2>"}) {
        EXPECT_TRUE(contains(html, part)) << part;
    }
    EXPECT_FALSE(contains(html, "<b>web"));
}

// R12: watch names machines, and the template of a record that does not name it.
TEST_F(InventoryCommandsTest, rule12Watch) {
    const auto text = run("watch --no-follow -n 100 " + option() + auditLog()).out;
    EXPECT_TRUE(contains(text,
                         "web-02 (VM 102 on pve2, from template 9000 debian-12-base) "
                         "[bc:24:11:5e:00:02, Proxmox] presents the identifier of web-01 (VM 101 on "
                         "pve1, from template 9000 debian-12-base) [bc:24:11:5e:00:01, 192.0.2.100]"))
        << text;
    EXPECT_TRUE(contains(text, "[bc:24:11:5e:00:03, host name build-runner, Proxmox]"));
    EXPECT_TRUE(contains(text, "template 9000 debian-12-base, interface ens18, network office"));
}

// R12: the conflicts of a server have the names of machines, and the remedy has the template, also for programs.
TEST_F(InventoryCommandsTest, rule12Conflicts) {
    const auto socket = folder_.path() + "/socket";
    const auto ask = [&](const std::string& options) {
        const FakeServer server(socket, conflictAnswer());
        return (run("conflicts --socket " + socket + " " + options).out);
    };
    const auto text = ask(option());
    for (const auto* part :
         {"template  9000 debian-12-base", "remedy    in the template 9000 debian-12-base run 'truncate",
          "last renewed by web-02 (VM 102 on pve2, from template 9000 debian-12-base) bc:24:11:5e:00:02",
          "web-01 (VM 101 on pve1, from template 9000 debian-12-base)  bc:24:11:5e:00:01  holder",
          "-                                                           bc:24:11:5e:00:63  claimant"}) {
        EXPECT_TRUE(contains(text, part)) << part << " is missing in\n" << text;
    }
    const auto conflict = Json::parse(ask("--json " + option()))[0];
    EXPECT_EQ(conflict["template"], "9000 debian-12-base");
    EXPECT_EQ(conflict["holder"]["inventory"][0]["name"], "web-01");
    EXPECT_EQ(conflict["claimants"][0]["inventory"][0]["number"], "102");
    EXPECT_FALSE(conflict["claimants"][1].contains("inventory"));
    EXPECT_FALSE(contains(ask("--json"), "inventory"));
}

// A directory of another kind ends each command before it reads anything.
TEST_F(InventoryCommandsTest, badSourceEverywhere) {
    for (const auto* command : {"report", "watch --no-follow", "scan"}) {
        const auto error = complaint(std::string(command) + " --inventory " + folder_.path() + " " +
                                     (command == std::string("scan") ? STOCK : auditLog()));
        EXPECT_EQ(error.status, 2) << command;
        EXPECT_TRUE(contains(error.out, "is not an inventory")) << command << ": " << error.out;
    }
    const auto error = complaint("conflicts --socket /absent --inventory " + folder_.path());
    EXPECT_EQ(error.status, 2);
    EXPECT_TRUE(contains(error.out, "is not an inventory")) << error.out;
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
