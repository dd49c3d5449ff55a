// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/report/page_assets.h>
#include <tool/report/report_html.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

class ReportTest : public ::testing::Test {
protected:
    std::string write(const std::string& name, const std::vector<std::string>& lines) {
        std::string text;
        for (const auto& line : lines) {
            text += line + "\n";
        }
        return (folder_.write(name, text));
    }

    static std::string contentOf(const std::string& path) {
        std::ifstream file(path);
        std::ostringstream text;
        text << file.rdbuf();
        return (text.str());
    }

    static size_t count(const std::string& text, const std::string& part) {
        size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos;
             at = text.find(part, at + part.size())) {
            ++found;
        }
        return (found);
    }

    TemporaryFolder folder_;
    std::string log_ = write("audit.jsonl", sampleAudit());
    std::string page_ = folder_.path() + "/report.html";
};

}  // namespace

// R12: the text begins with the most urgent: counts, templates, machines, and the command that seals each template.
TEST_F(ReportTest, rule12Text) {
    const auto outcome = run("report " + log_);
    EXPECT_EQ(outcome.status, 0);
    for (const auto* part :
         {"Clone guard report\n2026-05-03 09:20 to 2026-05-05 14:00 UTC, 24 records\n",
          "3 templates to seal: 8 machines share 3 identities.", "2  confirmed", "1  suspected",
          "1. CONFIRMED  template debian-12-base, network office (subnet 7)",
          "DUID-EN (systemd), interface ens18",
          "in the template debian-12-base run 'truncate -s 0 /etc/machine-id",
          "claimant  bc:24:11:5e:00:02  Proxmox  web-02        192.0.2.101  2026-05-03 09:20:10  "
          "2026-05-05 09:25:00",
          "got an address of its own; 1 RELEASE blocked", "got no address (policy refuse)",
          "DUID-LLT (52:54:00:12:34:56, QEMU/KVM), created 2023-06-01", "4. MOVED",
          "took over identifier and address", "5. ENDED", "sealed      fa:16:3e:20:00:02",
          "uses an identifier of its own", "the lease database does not answer"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
}

// R12: a suspected conflict whose machines may be one machine has a note, in the text and on the page. A confirmed one has
// none.
TEST_F(ReportTest, rule12NoteAboutOneMachine) {
    auto record = sampleRecord("conflict-suspected", 10, "bc:24:11:5e:00:02", "bc:24:11:5e:00:01");
    record.claimants = 1;
    record.one_machine = "host-name";
    const auto first = sampleLine(record);
    const auto note = "both may be one machine that changed its hardware address (same host name)";
    const auto suspected = write("suspected.jsonl", {first});
    EXPECT_TRUE(contains(run("report " + suspected).out, note));
    EXPECT_TRUE(contains(run("report --json " + suspected).out, "\"one_machine\": \"host-name\""));
    run("report " + suspected + " --html " + page_);
    EXPECT_TRUE(contains(contentOf(page_), note));
    record.event = "conflict-confirmed";
    record.one_machine.clear();
    const auto confirmed = write("confirmed.jsonl", {first, sampleLine(record)});
    EXPECT_FALSE(contains(run("report " + confirmed).out, note));
}

// The same for programs, the worst first, with the fields of the audit log.
TEST_F(ReportTest, json) {
    const auto report = Json::parse(run("report --json " + log_).out);
    EXPECT_EQ(report["records"], 24);
    ASSERT_EQ(report["conflicts"].size(), 5U);
    const auto& worst = report["conflicts"][0];
    EXPECT_EQ(worst["standing"], "confirmed");
    EXPECT_EQ(worst["open"], true);
    EXPECT_EQ(worst["template"], "debian-12-base");
    EXPECT_EQ(worst["nic"], "ens18");
    EXPECT_EQ(worst["machines"][0]["role"], "holder");
    EXPECT_EQ(worst["machines"][1]["addresses"][0], "192.0.2.101");
    EXPECT_EQ(worst["machines"][2]["release_blocked"], 1);
    EXPECT_EQ(report["conflicts"][4]["standing"], "ended");
    EXPECT_EQ(report["conflicts"][4]["reason"], "sealed");
    EXPECT_EQ(report["degraded"][0]["times"], 1);
}

// An empty log is good news and no error.
TEST_F(ReportTest, emptyLog) {
    const auto empty = folder_.write("empty", "");
    const auto outcome = run("report " + empty);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "No two machines share a client identifier.")) << outcome.out;
    EXPECT_EQ(run("report " + empty + " --html " + page_).status, 0);
    EXPECT_TRUE(contains(contentOf(page_), "The audit log is empty."));
}

// Damaged lines are counted at the end, and -v names them. The report is complete without them.
TEST_F(ReportTest, damagedLines) {
    auto lines = sampleAudit();
    lines.insert(lines.begin() + 2, "{\"time\":");
    const auto damaged = write("damaged", lines);
    EXPECT_EQ(run("report " + damaged).out, run("report " + log_).out);
    EXPECT_TRUE(contains(complaint("report " + damaged).out,
                         "1 line without a valid record was skipped; -v names it"));
    EXPECT_TRUE(contains(complaint("report -v " + damaged).out, "damaged line 3: the JSON is damaged"));
    EXPECT_EQ(Json::parse(run("report --json " + damaged).out)["skipped_lines"], 1);
}

// Rotated logs and the standard input give the same report.
TEST_F(ReportTest, severalFiles) {
    const auto lines = sampleAudit();
    const auto older = write("log.1", {lines.begin(), lines.begin() + 9});
    const auto newer = write("log", {lines.begin() + 9, lines.end()});
    EXPECT_EQ(run("report " + newer + " " + older).out, run("report " + log_).out);
    EXPECT_EQ(run("report - <" + log_).out, run("report " + log_).out);
}

// The page has a card for each conflict with timeline, machines and remedy, and refers to nothing outside it.
TEST_F(ReportTest, html) {
    const auto outcome = run("report " + log_ + " --html " + page_ + " --title 'Clones & <friends>'");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "3 templates to seal: 8 machines share 3 identities.\n");
    const auto page = contentOf(page_);
    EXPECT_EQ(page.rfind("<!DOCTYPE html>\n<html lang=\"en\">", 0), 0U);
    EXPECT_TRUE(contains(page, "<title>Clones &amp; &lt;friends&gt;</title>"));
    EXPECT_EQ(count(page, "<article class=\"card "), 5U);
    EXPECT_EQ(count(page, "<ul class=\"timeline\">"), 5U);
    // A conflict that is over has no remedy.
    EXPECT_EQ(count(page, "<p class=\"remedy\">"), 3U);
    EXPECT_TRUE(contains(
        page, "<pre tabindex=\"0\"><code>rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease</code>"));
    for (const auto* outside : {"http:", "https:", "src=", "url(", "@import", "<link"}) {
        EXPECT_FALSE(contains(page, outside)) << outside;
    }
}

// R11: text of a client or of a forged log stays text in the page: no other element, no control character.
TEST_F(ReportTest, rule11HostileText) {
    const auto log = write("hostile", hostileAudit());
    ASSERT_EQ(run("report " + log + " --html " + page_).status, 0);
    const auto page = contentOf(page_);
    EXPECT_TRUE(contains(page, "&lt;img src=x onerror=\\x22document.title=&#39;owned&#39;\\x22&gt;"));
    for (const auto* forbidden :
         {"<img", "<h1 class", "<svg", "<b class", "<i class=injected", "<!--", "onclick=\"x"}) {
        EXPECT_FALSE(contains(page, forbidden)) << forbidden;
    }
    EXPECT_EQ(count(page, "<script"), 1U);
    EXPECT_EQ(count(page, "</title>"), 1U);
    for (const auto& text : {page, run("report " + log).out, run("report --json " + log).out}) {
        for (const char character : text) {
            ASSERT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f))
                << static_cast<int>(character);
        }
    }
}

// On a terminal of 80 columns no line of the report or of watch is longer.
TEST_F(ReportTest, fitsTheTerminal) {
    for (const auto* command : {"report ", "watch --no-follow -n 100 "}) {
        const auto out =
            runShell("TERM=xterm script -qec \"stty cols 80; NO_COLOR=1 '" CLONE_GUARD_COMMAND "' " +
                     (command + log_) + "\" /dev/null </dev/null | tr -d '\\r'")
                .out;
        EXPECT_GT(count(out, "\n"), 50U) << out;
        std::istringstream lines(out);
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(line.size(), 80U) << line;
        }
    }
}

// Escaped text cannot end an element or an attribute.
TEST_F(ReportTest, htmlText) {
    EXPECT_EQ(htmlText("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
}

// The page allows the script that it has, and no other.
TEST_F(ReportTest, scriptIsTheOneThatIsAllowed) {
    const std::string script = PAGE_SCRIPT;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ASSERT_EQ(EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha256(), nullptr), 1);
    std::array<unsigned char, 64> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    EXPECT_STREQ(reinterpret_cast<const char*>(base64.data()), PAGE_SCRIPT_SHA256);
}

// A page is complete or absent: a failed write leaves the old page, and no other file.
TEST_F(ReportTest, writtenAtomically) {
    folder_.write("report.html", "the old one");
    const auto files = "ls -A '" + folder_.path() + "'";
    const auto before = runShell(files).out;
    // The limit is smaller than the page.
    const auto outcome = runShell("(ulimit -f 2; trap '' XFSZ; exec '" CLONE_GUARD_COMMAND "' report " +
                                  log_ + " --html " + page_ + ") 2>&1");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_TRUE(contains(outcome.out, "cannot write '" + page_ + "'")) << outcome.out;
    EXPECT_EQ(contentOf(page_), "the old one");
    EXPECT_EQ(runShell(files).out, before);
    EXPECT_EQ(run("report " + log_ + " --html " + page_).status, 0);
    EXPECT_TRUE(contains(contentOf(page_), "</html>"));
    EXPECT_EQ(runShell(files).out, before);
}

// Bad usage, a file that is not an audit log and a page that cannot be written: one line, status 2, no output.
TEST_F(ReportTest, badUsage) {
    const auto other = folder_.write("other", "no log\n");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "report needs an audit log"},
        {"--html", "--html"},
        {log_ + " --html x --json", "either --html or --json"},
        {other, "is not an audit log of the clone guard"},
        {folder_.path(), "is a directory"},
        {folder_.path() + "/none", "No such file"},
        {log_ + " --html " + folder_.path() + "/none/report.html", "cannot write"},
        {log_ + " --html " + folder_.path(), "is a directory; name a file in it for the page"}};
    for (const auto& [arguments, text] : cases) {
        EXPECT_EQ(run("report " + arguments).status, 2) << arguments;
        EXPECT_TRUE(run("report " + arguments).out.empty()) << arguments;
        const auto said = complaint("report " + arguments).out;
        EXPECT_EQ(said.rfind("clone-guard: ", 0), 0U) << said;
        EXPECT_TRUE(contains(said, text)) << said;
    }
}

// The page does not overwrite its audit log, and a device stays a device.
TEST_F(ReportTest, pageOverwritesNothingElse) {
    EXPECT_EQ(run("report '" + log_ + "' --html '" + log_ + "'").status, 2);
    EXPECT_EQ(contentOf(log_).substr(0, 8), "{\"time\":");
    EXPECT_EQ(run("report '" + log_ + "' --html /dev/null").status, 0);
    EXPECT_EQ(runShell("test -c /dev/null").status, 0);
}

}  // namespace test
}  // namespace clone_guard
