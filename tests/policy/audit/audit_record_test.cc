// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/audit/audit_record.h>
#include <core/audit/rfc3339.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

AuditRecord
fullRecord() {
    AuditRecord record;
    record.time_ms = 1777629600123;
    record.event = "conflict-suspected";
    record.policy = "mac-fallback";
    record.action = "mac-fallback";
    record.client_id = cloneIdentifier();
    record.hw_address = mac(2);
    record.hostname = "web-02";
    record.vendor_class = "systemd";
    record.interface = "ens18";
    record.relay = "192.0.2.1";
    record.circuit_id = "01:02";
    record.remote_id = "03";
    record.network = "lab";
    record.subnet_id = 7;
    record.address = "192.0.2.102";
    record.holder = mac(1);
    record.holder_address = "192.0.2.101";
    record.holder_hostname = "web-01";
    record.holder_last_seen = 1777629540;
    record.claimants = 3;
    record.suppressed = 41;
    record.transaction_id = 0x0badcafe;
    return (record);
}

}  // namespace

// R12: a record has every field with its value: machines, place, action and remedy.
TEST(AuditRecordTest, rule12EveryField) {
    const auto expected = Json::parse(R"({
        "time": "2026-05-01T10:00:00.123Z",
        "event": "conflict-suspected",
        "policy": "mac-fallback",
        "action": "mac-fallback",
        "client_id": "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
        "iaid": "ca:53:09:5a",
        "nic": "ens18",
        "duid": "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
        "duid_type": "DUID-EN",
        "duid_enterprise": 43793,
        "duid_enterprise_name": "systemd",
        "hw_address": "bc:24:11:00:00:02",
        "hw_vendor": "Proxmox",
        "hostname": "web-02",
        "vendor_class": "systemd",
        "interface": "ens18",
        "relay": "192.0.2.1",
        "circuit_id": "01:02",
        "remote_id": "03",
        "network": "lab",
        "subnet_id": 7,
        "address": "192.0.2.102",
        "holder": { "hw_address": "bc:24:11:00:00:01", "address": "192.0.2.101", "hostname": "web-01",
                    "last_seen": "2026-05-01T09:59:00.000Z" },
        "claimants": 3,
        "suppressed": 41,
        "transaction_id": "0x0badcafe"
    })");
    auto record = Json::parse(fullRecord().toJson(explainer()));
    EXPECT_EQ(record["remedy"], explainer().explain(cloneIdentifier()).remedy);
    record.erase("remedy");
    EXPECT_EQ(record, expected);
}

// R11: a record is one JSON object on one line, and begins with time and event.
TEST(AuditRecordTest, rule11OneLine) {
    const auto line = fullRecord().toJson(explainer());
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.rfind(R"({"time":"2026-05-01T10:00:00.123Z","event":"conflict-suspected",)", 0), 0U)
        << line;
    EXPECT_EQ(line.back(), '}');
}

// Unknown fields are absent, not empty.
TEST(AuditRecordTest, unknownFieldsAreAbsent) {
    AuditRecord record;
    record.event = "guard-degraded";
    record.reason = "the lease database does not answer";
    EXPECT_EQ(Json::parse(record.toJson(explainer())),
              Json::parse(R"({"time": "1970-01-01T00:00:00.000Z", "event": "guard-degraded",
                              "reason": "the lease database does not answer"})"));
    record.holder = mac(1);
    EXPECT_EQ(Json::parse(record.toJson(explainer()))["holder"],
              Json::parse(R"({"hw_address": "bc:24:11:00:00:01"})"));
}

// A record about an identifier of another kind than RFC 4361 has a remedy and a count, but no DUID.
TEST(AuditRecordTest, otherIdentifiers) {
    auto record = fullRecord();
    record.client_id = hex("01:bc:24:11:00:00:09");
    record.suppressed = 0;
    const auto json = Json::parse(record.toJson(explainer()));
    EXPECT_EQ(json["client_id"], "01:bc:24:11:00:00:09");
    EXPECT_FALSE(json.contains("iaid"));
    EXPECT_FALSE(json.contains("duid"));
    EXPECT_FALSE(json.contains("duid_type"));
    EXPECT_EQ(json["suppressed"], 0);
    EXPECT_TRUE(json.contains("remedy"));
}

// The transaction ID 0 is written; an unknown one is absent.
TEST(AuditRecordTest, transactionOfZero) {
    auto record = fullRecord();
    record.transaction_id = 0;
    EXPECT_EQ(Json::parse(record.toJson(explainer()))["transaction_id"], "0x00000000");
    record.transaction_id.reset();
    EXPECT_FALSE(Json::parse(record.toJson(explainer())).contains("transaction_id"));
}

// R11: with any text from a client, escaped or not, a record is one line of ASCII and valid JSON, and the client
// cannot add a field.
TEST(AuditRecordTest, rule11HostileText) {
    using namespace std::string_literals;
    const auto hostile = "evil\",\"event\":\"conflict-ended\"}\n{\"\r\0\x1b[2J\xff\xfe%1\xe2\x80\xa8"s;
    for (const auto& text : {hostile, escape(hostile)}) {
        auto record = fullRecord();
        record.hostname = text;
        record.vendor_class = text;
        record.holder_hostname = text;
        record.interface = text;
        record.network = text;
        record.reason = text;
        const auto line = record.toJson(explainer());
        for (const char character : line) {
            ASSERT_GE(character, 0x20);
            ASSERT_LT(character, 0x7f);
        }
        const auto json = Json::parse(line);
        EXPECT_EQ(json["event"], "conflict-suspected");
        EXPECT_EQ(json.size(), Json::parse(fullRecord().toJson(explainer())).size() + 1)
            << "only the reason came in addition";
    }
}

// Times follow RFC 3339, in UTC with milliseconds.
TEST(AuditRecordTest, time) {
    EXPECT_EQ(toRfc3339(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(toRfc3339(1777629600007), "2026-05-01T10:00:00.007Z");
    EXPECT_EQ(toRfc3339(4102444799999), "2099-12-31T23:59:59.999Z");
    for (const int64_t time : {0LL, 1777629600007LL, 4102444799999LL}) {
        EXPECT_EQ(parseRfc3339(toRfc3339(time)), time);
    }
    EXPECT_EQ(parseRfc3339("2026-05-01T10:00:00Z"), 1777629600000);
    for (const auto* wrong :
         {"", "2026-05-01", "2026-05-01T10:00:00", "2026-05-01T10:00:00.000+02:00",
          "2026-05-01T10:00:00.0Z", "2026-05-01T10:00:00.000Zulu", "2026-13-01T10:00:00Z",
          "2026-05-01T24:00:00Z", "2026-05-00T10:00:00Z", "2026-5-001T10:00:00Z", "now"}) {
        EXPECT_FALSE(parseRfc3339(wrong)) << wrong;
    }
}

}  // namespace test
}  // namespace clone_guard
