// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/support.h>

#include <tool/audit/audit_parser.h>
#include <tool/audit/audit_summary.h>
#include <tool/report/wording.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const char* const A = "bc:24:11:00:00:01";
const char* const B = "bc:24:11:00:00:02";
const char* const C = "bc:24:11:00:00:03";

class AuditSummaryTest : public ::testing::Test {
protected:
    void add(const std::string& line) {
        std::string error;
        const auto entry = parseAuditLine(line, error);
        ASSERT_TRUE(entry) << error << ": " << line;
        summary_.add(*entry);
    }

    /// Adds a record, one minute after the previous one.
    void add(const char* event, const char* speaker, const char* holder,
             const std::string& address = "") {
        auto record = sampleRecord(event, minutes_++ * 60, speaker, holder);
        record.address = address;
        add(sampleLine(record));
    }

    const AuditConflict& only() {
        const auto all = summary_.conflicts();
        EXPECT_EQ(all.size(), 1U);
        return (*all.front());
    }

    const AuditMachine& machine(const std::string& hw_address) {
        for (const auto& one : only().machines) {
            if (one.hw_address == hw_address) {
                return (one);
            }
        }
        ADD_FAILURE() << hw_address << " is missing";
        return (only().machines.front());
    }

    AuditSummary summary_;
    int64_t minutes_ = 0;
};

}  // namespace

// R12: the machines, the network, the template, the interface and the remedy of each conflict.
TEST_F(AuditSummaryTest, rule12MachinesNetworkAndRemedy) {
    for (const auto& line : sampleAudit()) {
        add(line);
    }
    const auto all = summary_.conflicts();
    ASSERT_EQ(all.size(), 5U);
    const auto& web = *all[0];
    EXPECT_EQ(web.where(), "network office (subnet 7)");
    EXPECT_EQ(web.known("template"), "debian-12-base");
    EXPECT_EQ(web.known("nic"), "ens18");
    EXPECT_NE(web.known("remedy").find("in the template debian-12-base run 'truncate"),
              std::string::npos);
    ASSERT_EQ(web.machines.size(), 4U);
    EXPECT_EQ(web.machines[0].hostname, "web-01");
    EXPECT_TRUE(web.isHolder(web.machines[0]));
    EXPECT_EQ(web.machines[0].hw_vendor, "Proxmox");
    EXPECT_EQ(web.machines[1].addresses, std::vector<std::string>{"192.0.2.101"});
    EXPECT_EQ(web.machines[1].suppressed, 46U + 47U);
    EXPECT_EQ(web.machines[2].releases, 1U);
    // The holder's address in the record of a blocked RELEASE is not the sender's.
    EXPECT_EQ(web.machines[2].addresses, std::vector<std::string>{"192.0.2.102"});
    EXPECT_EQ(all[2]->machines[1].declines, 1U);
    ASSERT_EQ(summary_.degradations().size(), 1U);
    EXPECT_EQ(summary_.degradations()[0].reason, "the lease database does not answer");
}

// The most urgent conflict comes first: confirmed, suspected, blocked, moved, ended. The latest of equal ones comes first.
TEST_F(AuditSummaryTest, order) {
    for (const auto& line : sampleAudit()) {
        add(line);
    }
    add("release-blocked", B, A);
    std::vector<std::string> statuses;
    for (const auto* conflict : summary_.conflicts()) {
        statuses.emplace_back(toText(conflict->status));
    }
    EXPECT_EQ(statuses, (std::vector<std::string>{"confirmed", "confirmed", "suspected", "blocked",
                                                  "moved", "ended"}));
}

// R10: a confirmed conflict stays confirmed if the guard starts anew and reports it as suspected again.
TEST_F(AuditSummaryTest, rule10Levels) {
    add("conflict-suspected", B, A);
    EXPECT_EQ(only().status, ConflictStatus::SUSPECTED);
    add("conflict-confirmed", B, A);
    EXPECT_EQ(only().status, ConflictStatus::CONFIRMED);
    add("conflict-suspected", B, A);
    add("address-assigned", B, A, "192.0.2.9");
    EXPECT_EQ(only().status, ConflictStatus::CONFIRMED);
    add("conflict-ended", A, A);
    EXPECT_EQ(only().status, ConflictStatus::ENDED);
    EXPECT_TRUE(machine(B).isGone());
    EXPECT_FALSE(machine(A).isGone());
    add("conflict-suspected", B, A);
    EXPECT_EQ(only().status, ConflictStatus::SUSPECTED);
    EXPECT_FALSE(machine(B).isGone());
}

// R9: a move ends a conflict of two machines. A conflict with a third machine stays open.
TEST_F(AuditSummaryTest, rule09Moves) {
    add("conflict-suspected", B, A);
    add("identity-moved", B, A);
    EXPECT_EQ(only().status, ConflictStatus::MOVED);
    EXPECT_EQ(only().holder, B);
    EXPECT_TRUE(machine(A).isGone());
    add("conflict-suspected", C, B);
    add("conflict-suspected", A, B);
    add("identity-moved", C, B);
    EXPECT_EQ(only().status, ConflictStatus::SUSPECTED);
    EXPECT_EQ(only().holder, C);
}

// R9: the machines of a conflict that an operator deleted are not gone.
TEST_F(AuditSummaryTest, rule09Deleted) {
    add("conflict-suspected", B, A);
    auto record = sampleRecord("conflict-ended", 600, "", A);
    record.is_open = false;
    record.reason = "deleted by command";
    add(sampleLine(record));
    EXPECT_EQ(only().status, ConflictStatus::ENDED);
    EXPECT_TRUE(only().isHolder(machine(A)));
    for (const auto& one : only().machines) {
        EXPECT_FALSE(one.isGone()) << one.hw_address;
    }
}

// R2: an identifier in two networks is two conflicts, in two subnets of one shared network it is one.
TEST_F(AuditSummaryTest, rule02Networks) {
    auto record = sampleRecord("conflict-suspected", 0, B, A);
    add(sampleLine(record));
    record.subnet_id = 8;
    add(sampleLine(record));
    EXPECT_EQ(summary_.conflicts().size(), 2U);
    record.network = "lab";
    add(sampleLine(record));
    record.subnet_id = 9;
    add(sampleLine(record));
    EXPECT_EQ(summary_.conflicts().size(), 3U);
}

// A machine's sightings are its messages and the renewals of the holder's lease, each once.
TEST_F(AuditSummaryTest, sightings) {
    auto record = sampleRecord("conflict-suspected", 600, B, A);
    record.holder_last_seen = record.time_ms / 1000 - 300;
    add(sampleLine(record));
    record.event = "address-assigned";
    record.time_ms += 1000;
    add(sampleLine(record));
    ASSERT_EQ(machine(A).sightings.size(), 1U);
    EXPECT_EQ(machine(A).firstSeen(), utcFromSeconds(record.holder_last_seen));
    EXPECT_EQ(machine(A).sightings[0].event, Sighting::RENEWED);
    EXPECT_EQ(machine(B).sightings.size(), 2U);
    // A renewal years before its record is forged or wrong.
    record.holder_last_seen = 5;
    add(sampleLine(record));
    EXPECT_EQ(machine(A).sightings.size(), 1U);
}

// R13: memory is bounded for a log of any size: sightings, machines and conflicts. The most urgent conflicts are kept.
TEST_F(AuditSummaryTest, rule13BoundedMemory) {
    add("conflict-confirmed", B, A);
    for (size_t i = 0; i < 3 * AuditMachine::MAX_SIGHTINGS; ++i) {
        add("conflict-suspected", B, A);
    }
    EXPECT_EQ(machine(B).sightings.size(), AuditMachine::MAX_SIGHTINGS);
    EXPECT_EQ(machine(B).lastSeen(), only().last);
    for (uint32_t i = 0; i < AuditConflict::MAX_MACHINES + 10; ++i) {
        add("conflict-suspected", mac(0x10000 + i).toText().c_str(), A);
    }
    EXPECT_EQ(only().machines.size(), AuditConflict::MAX_MACHINES);
    EXPECT_EQ(only().unlisted, 12U);

    AuditSummary small(20);
    std::string error;
    small.add(*parseAuditLine(sampleLine(sampleRecord("conflict-confirmed", 0, B, A)), error));
    for (uint32_t i = 0; i < 1000; ++i) {
        auto record = sampleRecord("conflict-suspected", i, B, A);
        record.client_id = identifierNumber(i);
        small.add(*parseAuditLine(sampleLine(record), error));
    }
    EXPECT_LE(small.conflicts().size(), 20U);
    EXPECT_EQ(small.conflicts().size() + small.dropped(), 1001U);
    EXPECT_EQ(small.conflicts().front()->status, ConflictStatus::CONFIRMED);
}

// R13: the number of machines is bounded too if they appear in conflicts that are known already.
TEST_F(AuditSummaryTest, rule13BoundedMachines) {
    constexpr size_t LIMIT = 100;
    AuditSummary small(AuditSummary::MAX_CONFLICTS, LIMIT);
    std::string error;
    for (uint32_t i = 0; i < 600; ++i) {
        auto record = sampleRecord("conflict-suspected", i, B, A);
        record.client_id = identifierNumber(i % 20);
        record.hw_address = mac(0x10000 + i);
        small.add(*parseAuditLine(sampleLine(record), error));
    }
    size_t machines = 0;
    for (const auto* conflict : small.conflicts()) {
        machines += conflict->machines.size();
    }
    EXPECT_GT(machines, LIMIT / 4);
    // A record adds two machines at most.
    EXPECT_LE(machines, LIMIT + 2);
    EXPECT_GT(small.dropped(), 0U);
}

// The sightings beyond the limit are dropped between the first ones and the last, in whatever order the records come.
TEST_F(AuditSummaryTest, sightingsBeyondTheLimit) {
    const auto minute = [](int64_t at) { return (sampleRecord("conflict-suspected", at * 60, B, A)); };
    for (int64_t at = 0; at < static_cast<int64_t>(AuditMachine::MAX_SIGHTINGS); ++at) {
        add(sampleLine(minute(2 * at)));
    }
    const auto times = [this] {
        std::vector<int64_t> minutes;
        for (const auto& sighting : machine(B).sightings) {
            minutes.push_back((sighting.time - *machine(B).firstSeen()) / std::chrono::minutes(1));
        }
        return (minutes);
    };
    auto expected = times();
    // Before the last: the last stays, and the new one is the one that is dropped.
    add(sampleLine(minute(61)));
    EXPECT_EQ(times(), expected);
    // In between: the one before the last is dropped.
    add(sampleLine(minute(5)));
    expected.erase(expected.end() - 2);
    expected.insert(expected.begin() + 3, 5);
    EXPECT_EQ(times(), expected);
    // After the last.
    add(sampleLine(minute(100)));
    expected.back() = 100;
    EXPECT_EQ(times(), expected);
}

// Events of a later version are counted and ignored.
TEST_F(AuditSummaryTest, unknownEvents) {
    add(R"({"time":"2026-05-01T10:00:00.000Z","event":"clone-welcomed","client_id":"ff:00","hw_address":"02:00"})");
    EXPECT_TRUE(summary_.conflicts().empty());
    EXPECT_EQ(summary_.records(), 1U);
}

// R12: conflicts of one DUID in several networks and with several IAIDs come from one template.
TEST_F(AuditSummaryTest, rule12Origins) {
    auto record = sampleRecord("conflict-suspected", 0, B, A);
    add(sampleLine(record));
    record.event = "conflict-confirmed";
    record.subnet_id = 9;
    record.client_id[1] = 0x11;
    record.hw_address = mac(3);
    add(sampleLine(record));
    const auto origins = originsOf(summary_.conflicts());
    ASSERT_EQ(origins.size(), 1U);
    EXPECT_EQ(origins[0].name, "debian-12-base");
    EXPECT_EQ(origins[0].status, ConflictStatus::CONFIRMED);
    EXPECT_EQ(origins[0].machines.size(), 3U);
    EXPECT_EQ(origins[0].networks.size(), 2U);
    EXPECT_EQ(headline(summary_.conflicts()), "1 template to seal: 3 machines share 2 identities.");
}

// R10: a sealed machine stays ticked off until it sends the shared identifier again, whatever other machines do.
TEST_F(AuditSummaryTest, rule10Sealed) {
    add("conflict-suspected", B, A);
    add("conflict-suspected", C, A);
    add("machine-sealed", B, A, "192.0.2.50");
    EXPECT_EQ(only().status, ConflictStatus::SUSPECTED);
    EXPECT_EQ(machine(B).departure, Departure::SEALED);
    add("conflict-confirmed", C, A);
    EXPECT_EQ(roleText(only(), machine(B)), "sealed");
    EXPECT_EQ(actionText(only(), machine(B)), "uses an identifier of its own");
    EXPECT_EQ(headline(summary_.conflicts()), "1 template to seal: 2 machines share 1 identity.");
    add("conflict-suspected", B, A);
    EXPECT_FALSE(machine(B).isGone());
}

// R10: a conflict that ended because machines were off is not cured, and the report says what each machine did.
TEST_F(AuditSummaryTest, rule10EndReasons) {
    const auto end = [this](const std::string& reason, const char* left) {
        auto record = sampleRecord("conflict-ended", minutes_++ * 60, left, A);
        record.is_open = false;
        record.reason = reason;
        add(sampleLine(record));
        return (headline(summary_.conflicts()));
    };
    const std::string unsealed =
        "No conflict is open, but 1 conflict ended because machines were off. Seal "
        "their template before they start again.";
    const std::string done = "Nothing is left to do: the conflict is over.";
    add("conflict-suspected", B, A);
    EXPECT_EQ(end("off", A), unsealed);
    EXPECT_EQ(roleText(only(), machine(B)), "off");
    EXPECT_EQ(actionText(only(), machine(B)), "released its lease");
    EXPECT_EQ(end("expired", A), unsealed);
    EXPECT_EQ(actionText(only(), machine(B)), "its lease ran out");
    EXPECT_EQ(end("off or expired", A), unsealed);
    EXPECT_EQ(actionText(only(), machine(B)), "released its lease, or its lease ran out");
    EXPECT_EQ(end("sealed", A), done);
    EXPECT_EQ(roleText(only(), machine(B)), "sealed");
    EXPECT_EQ(roleText(only(), machine(A)), "has it now");
    EXPECT_EQ(end("sealed", ""), done);
    EXPECT_EQ(roleText(only(), machine(A)), "sealed");
    add("conflict-suspected", B, A);
    EXPECT_EQ(only().status, ConflictStatus::SUSPECTED);
}

// R10: the log of version 0.1.0 has no reasons. It is read, and a shutdown in it does not count as a cure.
TEST_F(AuditSummaryTest, rule10LogOfVersion010) {
    for (
        const char* line :
        {R"({"time":"2026-11-22T10:51:04.843Z","event":"conflict-suspected","policy":"mac-fallback",)"
         R"("action":"mac-fallback","client_id":"ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",)"
         R"("hw_address":"bc:24:11:00:00:02","hostname":"web-02","subnet_id":1,"holder":)"
         R"({"hw_address":"bc:24:11:00:00:01","address":"192.0.2.100","hostname":"web-01",)"
         R"("last_seen":"2026-11-22T10:51:04.000Z"},"claimants":1,"suppressed":0,"remedy":"seal it"})",
         R"({"time":"2026-11-22T12:21:40.113Z","event":"conflict-ended","policy":"mac-fallback",)"
         R"("action":"none","client_id":"ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",)"
         R"("hw_address":"bc:24:11:00:00:01","subnet_id":1,"holder":{"hw_address":"bc:24:11:00:00:01",)"
         R"("address":"192.0.2.100"}})"}) {
        add(line);
    }
    EXPECT_EQ(only().status, ConflictStatus::ENDED);
    EXPECT_TRUE(only().isUnsealed());
    EXPECT_EQ(roleText(only(), machine(B)), "gone");
    EXPECT_EQ(actionText(only(), machine(B)), "released its lease, or its lease ran out");
    EXPECT_EQ(headline(summary_.conflicts()).rfind("No conflict is open", 0), 0U);
}

}  // namespace test
}  // namespace clone_guard
