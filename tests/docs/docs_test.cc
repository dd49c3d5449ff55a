// SPDX-License-Identifier: MPL-2.0
//
// The documents agree with the sources: parameters, messages, audit fields, commands, statistics, examples.

#include <tests/docs/markdown.h>

#include <core/audit/audit_event.h>
#include <core/audit/audit_field.h>
#include <core/audit/audit_record.h>
#include <core/decision/parameters.h>
#include <hook/clone_guard_messages.h>
#include <hook/commands/commands.h>
#include <hook/config/configuration.h>
#include <hook/config/settings_parser.h>
#include <hook/report/statistics.h>

#include <cc/data.h>
#include <log/logger_support.h>
#include <log/message_dictionary.h>
#include <stats/stats_mgr.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using isc::data::ConstElementPtr;
using isc::data::Element;

const char*
typeName(ParameterType type) {
    switch (type) {
    case ParameterType::INTEGER:
        return ("integer");
    case ParameterType::MAP:
        return ("map");
    case ParameterType::LIST:
        return ("list");
    case ParameterType::STRING:
        break;
    }
    return ("string");
}

/// The rows of the reference for rows of the table of parameters.
template <size_t N>
std::vector<Row>
rowsOf(const std::array<const Parameter*, N>& parameters) {
    std::vector<Row> rows;
    for (const auto* row : parameters) {
        rows.push_back({row->name, typeName(row->type), row->defaultJson(), row->allowed()});
    }
    return (rows);
}

/// The rows of a table of keys inside a parameter.
template <size_t N>
std::vector<Row>
innerRowsOf(const std::array<const Parameter*, N>& keys) {
    std::vector<Row> rows;
    for (const auto* row : keys) {
        rows.push_back({row->name, row->allowed()});
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

/// Parses the settings of the guard in an example, which may also be a subnet or a whole server.
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
    if (element->contains("exempt") && element->size() == 1) {
        parseSettings(element);
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

/// Returns a record with every field that does not depend on the kind of identifier.
AuditRecord
fullRecord(const char* identifier) {
    AuditRecord record;
    record.time_ms = 1;
    record.client_id = fromHex(identifier).value();
    const auto address = fromHex("bc:24:11:00:00:01").value();
    record.hw_address = HardwareAddress(HardwareAddress::ETHERNET, address);
    record.holder = record.hw_address;
    for (auto* text : {&record.event, &record.policy, &record.action, &record.hostname,
                       &record.vendor_class, &record.interface, &record.relay, &record.circuit_id,
                       &record.remote_id, &record.network, &record.address, &record.holder_address,
                       &record.holder_hostname, &record.one_machine, &record.reason}) {
        *text = "text";
    }
    record.subnet_id = 1;
    record.holder_last_seen = 1;
    record.claimants = 1;
    record.transaction_id = 1;
    return (record);
}

/// Returns records that together have every field: each type of DUID, a known interface, an IAID made of the hardware
/// address, and a template.
std::vector<nlohmann::ordered_json>
fullRecords() {
    Template named;
    named.name = "base";
    named.duid = fromHex("00:02:00:00:ab:11:01:02:03:04:05:06:07:08").value();
    const Explainer explainer({named});
    std::vector<nlohmann::ordered_json> records;
    for (const auto* identifier :
         {"ff:ca:53:09:5a:00:02:00:00:ab:11:01:02:03:04:05:06:07:08",
          "ff:11:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56",
          "ff:ca:53:09:5a:00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33"}) {
        records.push_back(nlohmann::ordered_json::parse(fullRecord(identifier).toJson(explainer)));
    }
    return (records);
}

/// Parses docs/audit.schema.json, with its fields in their order.
nlohmann::ordered_json
schema() {
    std::ifstream file(CLONE_GUARD_SOURCE_DIR "/docs/audit.schema.json");
    return (nlohmann::ordered_json::parse(file));
}

/// Returns the fields of the schema with their types, as in the table of fields.
std::vector<Row>
schemaRows(const nlohmann::ordered_json& all, const nlohmann::ordered_json& properties,
           const std::string& prefix = "") {
    std::vector<Row> rows;
    for (const auto& [name, field] : properties.items()) {
        auto described = field;
        if (field.contains("$ref")) {
            const auto target = field["$ref"].get<std::string>();
            described = all.at(nlohmann::ordered_json::json_pointer(target.substr(1)));
        }
        const auto type = described.at("type").get<std::string>();
        rows.push_back({prefix + name, type == "integer" ? "number" : type});
        if (field.contains("properties")) {
            const auto inner = schemaRows(all, field["properties"], name + ".");
            rows.insert(rows.end(), inner.begin(), inner.end());
        }
    }
    return (rows);
}

/// The fields of a record with their types, in their order; those inside "holder" as "holder.address".
std::vector<std::pair<std::string, std::string>>
fieldsOf(const nlohmann::ordered_json& record) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& [name, value] : record.items()) {
        fields.emplace_back(name, value.type_name());
        if (value.is_object()) {
            for (const auto& [inner, text] : value.items()) {
                fields.emplace_back(name + "." + inner, text.type_name());
            }
        }
    }
    return (fields);
}

/// Starts Kea's logging, which loads the message catalogue.
class Logging : public ::testing::Environment {
public:
    void SetUp() override {
        // A reference to one message makes the linker include all.
        ASSERT_STREQ(CLONE_GUARD_LOADED, "CLONE_GUARD_LOADED");
        isc::log::initLogger("docs_test", isc::log::NONE);
    }
};

const auto* const logging = ::testing::AddGlobalTestEnvironment(new Logging);

/// Returns a message as it is logged.
std::string
message(const std::string& id, const std::string& argument) {
    auto text = isc::log::MessageDictionary::globalDictionary()->getText(id);
    return (id + " " + text.replace(text.find("%1"), 2, argument));
}

/// Returns the pattern that every line with a message matches.
std::regex
patternOf(const std::string& text) {
    const std::regex special(R"([.*+?^${}()|[\]\\])");
    return (std::regex(
        std::regex_replace(std::regex_replace(text, special, R"(\$&)"), std::regex("%[0-9]"), ".*")));
}

/// A subnet in the shared network "lab" that overrides the policy.
void
addSubnetWithOverride(isc::dhcp::SrvConfig& config) {
    using namespace isc::dhcp;
    const SharedNetwork4Ptr network(new SharedNetwork4("lab"));
    const Subnet4Ptr subnet(
        new Subnet4(isc::asiolink::IOAddress("192.0.2.0"), 24, 900, 1800, 3600, SubnetID(1)));
    subnet->setContext(Element::fromJSON(R"({ "clone-guard": { "policy": "off" } })"));
    network->add(subnet);
    config.getCfgSharedNetworks4()->add(network);
    config.getCfgSubnets4()->add(subnet);
}

/// Returns the error text of a call; empty if it succeeds.
template <typename Call>
std::string
errorOf(Call call) {
    try {
        call();
    } catch (const BadSetting& error) {
        return (error.what());
    }
    return {};
}

}  // namespace

// The error texts in the reference are those that the library logs.
TEST(Configuration, errorTextsAreThoseOfTheLibrary) {
    const char* const id = "CLONE_GUARD_CONFIG_REJECTED";
    auto& config = *isc::dhcp::CfgMgr::instance().getStagingCfg();
    addSubnetWithOverride(config);
    const std::vector<std::string> produced{
        message(id, errorOf([] { parseSettings(Element::fromJSON(R"({ "policy": "foo" })")); })),
        message(id, errorOf([] { parseSettings(Element::fromJSON(R"({ "audit-repeat": -1 })")); })),
        message(id, errorOf([&config] { configuration::check(config, Settings()); }))};
    EXPECT_EQ(Page("docs/configuration.md").linesWith(id), produced);
}

// Every log line in a code block of the documents has a text of the message catalogue.
TEST(Messages, quotedLinesAreThoseOfTheCatalogue) {
    size_t quotes = 0;
    for (const auto& file : std::filesystem::directory_iterator(CLONE_GUARD_SOURCE_DIR "/docs")) {
        if (file.path().extension() != ".md") {
            continue;
        }
        for (const auto& line :
             Page("docs/" + file.path().filename().string()).linesWith("CLONE_GUARD_")) {
            const auto space = line.find(' ');
            if (space == std::string::npos) {
                continue;
            }
            ++quotes;
            const auto text =
                isc::log::MessageDictionary::globalDictionary()->getText(line.substr(0, space));
            EXPECT_TRUE(std::regex_match(line.substr(space + 1), patternOf(text)))
                << file.path().filename() << ": " << line << "\nthe catalogue has: " << text;
        }
    }
    EXPECT_GE(quotes, 6U);
}

// The reference has the rows of the table of parameters: name, type, default, allowed values.
TEST(Configuration, parametersAreThoseOfTheTable) {
    EXPECT_EQ(Page("docs/configuration.md").table("## Parameters"), rowsOf(parameter::ALL));
}

// The reference of the overrides has the rows of the parameters that a shared network or a subnet may override.
TEST(Configuration, overridesAreThoseOfTheTable) {
    EXPECT_EQ(Page("docs/configuration.md").table("## Overrides"), rowsOf(parameter::OF_SCOPES));
}

// Every parameter has a section.
TEST(Configuration, everyParameterIsExplained) {
    const Page page("docs/configuration.md");
    for (const auto* row : parameter::ALL) {
        EXPECT_TRUE(page.hasLine(std::string("### ") + row->name)) << row->name;
    }
}

// The keys inside "exempt" and "templates" are listed in full, with their allowed values.
TEST(Configuration, innerKeysAreThoseOfTheTable) {
    const Page page("docs/configuration.md");
    EXPECT_EQ(page.table("### exempt"), innerRowsOf(parameter::OF_EXEMPT));
    EXPECT_EQ(page.table("### templates"), innerRowsOf(parameter::OF_TEMPLATES));
}

// The parser accepts the examples in the documents.
TEST(Configuration, examplesAreAccepted) {
    size_t examples = 0;
    for (const auto* name :
         {"README.md", "docs/configuration.md", "docs/operator.md", "docs/audit.md"}) {
        for (const auto& block : Page(name).blocks("json")) {
            SCOPED_TRACE(std::string(name) + ":\n" + block);
            ConstElementPtr element;
            // A fragment such as "policy": "off" needs braces.
            ASSERT_NO_THROW(element =
                                Element::fromJSON(block.at(0) == '{' ? block : "{" + block + "}", true));
            EXPECT_NO_THROW(readExample(element));
            ++examples;
        }
    }
    EXPECT_GE(examples, 5U);
}

// The table of the fields and the schema list the declared fields, in the declared order, with the declared types.
TEST(Audit, fieldsAreThoseThatAreDeclared) {
    std::vector<Row> declared;
    for (const auto& field : audit_field::ALL) {
        declared.push_back({field.name, field.type});
    }
    std::vector<Row> listed;
    for (const auto& row : Page("docs/audit.md").table("## Fields")) {
        listed.push_back({row.at(0), row.at(1)});
    }
    EXPECT_EQ(listed, declared);
    const auto all = schema();
    EXPECT_EQ(schemaRows(all, all.at("properties")), declared);
}

// The library writes each declared field with its type, in the declared order, and no other field.
TEST(Audit, fieldsAreThoseThatAreWritten) {
    std::set<std::string> written;
    for (const auto& record : fullRecords()) {
        const auto* place = audit_field::ALL.begin();
        for (const auto& [field, type] : fieldsOf(record)) {
            const auto* const found =
                std::find_if(place, audit_field::ALL.end(),
                             [&name = field](const auto& one) { return (name == one.name); });
            ASSERT_NE(found, audit_field::ALL.end())
                << field << " is not declared, or not at this place";
            EXPECT_EQ(type, found->type) << field;
            place = found;
            written.insert(field);
        }
    }
    for (const auto& field : audit_field::ALL) {
        EXPECT_EQ(written.count(field.name), 1U) << field.name;
    }
}

// The table of the events and the schema list the declared events.
TEST(Audit, eventsAreThoseThatAreDeclared) {
    const std::set<std::string> declared(audit_event::ALL.begin(), audit_event::ALL.end());
    const auto in_schema = schema().at("properties").at("event").at("enum");
    EXPECT_EQ(in_schema.get<std::set<std::string>>(), declared);
    EXPECT_EQ(firstColumn(Page("docs/audit.md").table("## Events")), declared);
}

// The example records have only known fields and events, and there is one of each event.
TEST(Audit, thereIsAnExampleOfEachEvent) {
    const Page page("docs/audit.md");
    const auto fields = firstColumn(page.table("## Fields"));
    const auto events = firstColumn(page.table("## Events"));
    std::set<std::string> shown;
    for (const auto& block : page.blocks("jsonl")) {
        std::istringstream lines(block);
        for (std::string line; std::getline(lines, line);) {
            const auto record = nlohmann::ordered_json::parse(line);
            shown.insert(record["event"].get<std::string>());
            for (const auto& [field, type] : fieldsOf(record)) {
                EXPECT_EQ(fields.count(field), 1U) << field << " in " << line;
            }
        }
    }
    EXPECT_FALSE(events.empty());
    EXPECT_EQ(shown, events);
}

// The manual has the commands that the library registers, each with a section, a request and an answer as JSON.
TEST(Commands, areThoseThatAreRegistered) {
    const Page page("docs/commands.md");
    std::vector<std::string> registered;
    for (const auto& command : commands::table()) {
        registered.emplace_back(command.name);
        EXPECT_TRUE(page.hasLine(std::string("## ") + command.name)) << command.name;
    }
    std::vector<std::string> listed;
    for (const auto& row : page.table("# Commands")) {
        listed.push_back(row.at(0));
    }
    EXPECT_EQ(listed, registered);
    std::set<std::string> asked;
    size_t answers = 0;
    for (const auto& block : page.blocks("json")) {
        const auto json = nlohmann::json::parse(block);
        if (json.contains("command")) {
            asked.insert(json["command"].get<std::string>());
        } else {
            EXPECT_TRUE(json["result"].is_number() && json["text"].is_string()) << block;
            ++answers;
        }
    }
    EXPECT_EQ(asked, std::set<std::string>(registered.begin(), registered.end()));
    EXPECT_GE(answers, registered.size());
}

// The manual has the statistics that the library declares.
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
