// SPDX-License-Identifier: MPL-2.0
//
// The documents say what the sources say: parameters, audit fields, statistics, examples.

#include "markdown.h"

#include <core/audit_record.h>
#include <settings_parser.h>
#include <statistics.h>

#include <cc/data.h>
#include <stats/stats_mgr.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using isc::data::ConstElementPtr;
using isc::data::Element;
using Json = nlohmann::json;

/// A row of the reference as it has to be: "must be from 1 to 2" is "from 1 to 2" there.
Row
rowOf(const Keyword& keyword) {
    std::string rule = keyword.rule;
    const std::string must = "must be ";
    if (rule.compare(0, must.size(), must) == 0) {
        rule.erase(0, must.size());
    }
    return {keyword.name, Element::typeToName(keyword.type), keyword.standard, rule};
}

std::vector<Row>
rowsOf(const std::vector<Keyword>& keywords) {
    std::vector<Row> rows;
    for (const auto& keyword : keywords) {
        rows.push_back(rowOf(keyword));
    }
    return (rows);
}

std::set<std::string>
firstColumn(const std::vector<Row>& rows) {
    std::set<std::string> names;
    for (const auto& row : rows) {
        names.insert(row.at(0));
    }
    return (names);
}

/// The names that the parser lists when it meets one that it does not know.
std::set<std::string>
namesKnownTo(const std::string& parameters) {
    try {
        parseSettings(Element::fromJSON(parameters));
    } catch (const BadSetting& error) {
        const std::string text = error.what();
        const std::string mark = "must be one of ";
        std::istringstream list(text.substr(text.find(mark) + mark.size()));
        std::set<std::string> names;
        for (std::string name; std::getline(list, name, ',');) {
            names.insert(name.substr(name.find_first_not_of(' ')));
        }
        return (names);
    }
    return {};
}

/// Reads all that an example says to the guard; examples of a subnet or a whole server included.
void
readExample(const ConstElementPtr& element) {
    if (element->getType() == Element::list) {
        for (const auto& one : element->listValue()) {
            readExample(one);
        }
        return;
    }
    if (element->getType() != Element::map) {
        return;
    }
    if (const auto library = element->get("library")) {
        if (library->stringValue().find("libdhcp_clone_guard.so") != std::string::npos) {
            parseSettings(element->get("parameters"));
        }
    }
    for (const auto& [name, value] : element->mapValue()) {
        if (name == "user-context") {
            EXPECT_TRUE(mentionsGuard(value)) << value->str();
            parseScope(value, ScopeSettings());
        } else {
            readExample(value);
        }
    }
}

/// A record that has every field.
AuditRecord
fullRecord() {
    const std::vector<uint8_t> identifier{0xff, 1, 2, 3, 4, 0, 2, 0, 0, 0xab,
                                          0x11, 1, 2, 3, 4, 5, 6, 7, 8};
    const std::vector<uint8_t> mac{2, 0, 0, 0, 0, 1};
    AuditRecord record;
    record.time_ms = 1;
    record.client_id = Bytes(identifier.begin(), identifier.end());
    record.hw_address = HardwareAddress(1, ByteView(mac.data(), mac.size()));
    record.holder = record.hw_address;
    for (auto* text :
         {&record.event, &record.policy, &record.action, &record.hostname, &record.vendor_class,
          &record.interface, &record.relay, &record.circuit_id, &record.remote_id, &record.network,
          &record.address, &record.holder_address, &record.holder_hostname, &record.reason}) {
        *text = "text";
    }
    record.subnet_id = 1;
    record.holder_last_seen = 1;
    record.claimants = 1;
    record.transaction_id = 1;
    return (record);
}

/// The fields of a record, those inside "holder" as "holder.address".
std::set<std::string>
fieldsOf(const Json& record) {
    std::set<std::string> names;
    for (const auto& [name, value] : record.items()) {
        names.insert(name);
        if (value.is_object()) {
            for (const auto& [inner, unused] : value.items()) {
                names.insert(name + "." + inner);
            }
        }
    }
    return (names);
}

}  // namespace

// The reference of the parameters is the table that the parser goes by.
TEST(Configuration, parametersAreThoseOfTheParser) {
    EXPECT_EQ(Page("docs/configuration.md").table("## Parameters"), rowsOf(keywords()));
}

// So is that of what a shared network or a subnet may override.
TEST(Configuration, overridesAreThoseOfTheParser) {
    EXPECT_EQ(Page("docs/configuration.md").table("## Overrides"), rowsOf(scopeKeywords()));
}

// Every parameter has a section that says what it does.
TEST(Configuration, everyParameterIsExplained) {
    const Page page("docs/configuration.md");
    for (const auto& keyword : keywords()) {
        EXPECT_TRUE(page.hasLine(std::string("### ") + keyword.name)) << keyword.name;
    }
}

// What may stand in "exempt" and "templates" is listed in full.
TEST(Configuration, innerKeysAreThoseOfTheParser) {
    const Page page("docs/configuration.md");
    EXPECT_EQ(firstColumn(page.table("### exempt")), namesKnownTo(R"({ "exempt": { "nobody": [] } })"));
    EXPECT_EQ(firstColumn(page.table("### templates")),
              namesKnownTo(R"({ "templates": [ { "nobody": 1 } ] })"));
}

// The examples in the documents are configurations that the parser takes.
TEST(Configuration, examplesAreAccepted) {
    size_t examples = 0;
    for (const auto* name :
         {"README.md", "docs/configuration.md", "docs/operator.md", "docs/audit.md"}) {
        for (const auto& block : Page(name).blocks("json")) {
            SCOPED_TRACE(std::string(name) + ":\n" + block);
            ConstElementPtr element;
            // A fragment such as "policy": "off" is put between braces.
            ASSERT_NO_THROW(element =
                                Element::fromJSON(block.at(0) == '{' ? block : "{" + block + "}", true));
            EXPECT_NO_THROW(readExample(element));
            ++examples;
        }
    }
    EXPECT_GE(examples, 5U);
}

// The fields of the audit log are those that the library writes, in the same order.
TEST(Audit, fieldsAreThoseThatAreWritten) {
    const auto record = nlohmann::ordered_json::parse(fullRecord().toJson(Explainer()));
    std::vector<std::string> written;
    for (const auto& [name, value] : record.items()) {
        written.push_back(name);
        if (value.is_object()) {
            for (const auto& [inner, unused] : value.items()) {
                written.push_back(name + "." + inner);
            }
        }
    }
    std::vector<std::string> listed;
    for (const auto& row : Page("docs/audit.md").table("## Fields")) {
        listed.push_back(row.at(0));
    }
    EXPECT_EQ(listed, written);
}

// The example records have known fields and events only, and there is one of each event.
TEST(Audit, thereIsAnExampleOfEachEvent) {
    const Page page("docs/audit.md");
    const auto fields = firstColumn(page.table("## Fields"));
    const auto events = firstColumn(page.table("## Events"));
    std::set<std::string> shown;
    for (const auto& block : page.blocks("jsonl")) {
        std::istringstream lines(block);
        for (std::string line; std::getline(lines, line);) {
            const auto record = Json::parse(line);
            shown.insert(record["event"].get<std::string>());
            for (const auto& field : fieldsOf(record)) {
                EXPECT_EQ(fields.count(field), 1U) << field << " in " << line;
            }
        }
    }
    EXPECT_FALSE(events.empty());
    EXPECT_EQ(shown, events);
}

// The statistics in the manual are those that the server shows.
TEST(Statistics, areThoseThatAreDeclared) {
    declareStatistics();
    std::set<std::string> declared;
    const auto all = isc::stats::StatsMgr::instance().getAll();
    for (const auto& [name, value] : all->mapValue()) {
        declared.insert(name);
    }
    EXPECT_EQ(firstColumn(Page("docs/operator.md").table("## Statistics")), declared);
}

}  // namespace test
}  // namespace clone_guard
