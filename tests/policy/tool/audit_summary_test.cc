// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/support.h>

#include <tool/audit/audit_summary.h>
#include <tool/report/wording.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const char* const A = "bc:24:11:00:00:01";
const char* const B = "bc:24:11:00:00:02";
const char* const C = "bc:24:11:00:00:03";

class AuditStoryTest : public ::testing::Test {
protected:
    void take(const std::string& line) {
        std::string why;
        const auto entry = parseAuditLine(line, why);
        ASSERT_TRUE(entry) << why << ": " << line;
        story_.take(*entry);
    }

    /// A record, a minute after the one before.
    void take(const char* event, const char* speaker, const char* holder,
              const std::string& address = "") {
        auto record = sampleRecord(event, minutes_++ * 60, speaker, holder);
        record.address = address;
        take(sampleLine(record));
    }

    const AuditConflict& only() {
        const auto all = story_.conflicts();
        EXPECT_EQ(all.size(), 1U);
        return (*all.front());
    }

    const AuditMachine& machine(const std::string& hw_address) {
        for (const auto& one : only().machines) {
            if (one.hw_address == hw_address) {
                return (one);
            }
        }
        ADD_FAILURE() << "there is no " << hw_address;
        return (only().machines.front());
    }

    AuditStory story_;
    int64_t minutes_ = 0;
};

}  // namespace

// R12: who, where, which template, which interface, and what to do.
TEST_F(AuditStoryTest, rule12WhoWhereAndWhatToDo) {
    for (const auto& line : sampleAudit()) {
        take(line);
    }
    const auto all = story_.conflicts();
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
    // Another's address is not its own.
    EXPECT_EQ(web.machines[2].addresses, std::vector<std::string>{"192.0.2.102"});
    EXPECT_EQ(all[2]->machines[1].declines, 1U);
    ASSERT_EQ(story_.degraded().size(), 1U);
    EXPECT_EQ(story_.degraded()[0].reason, "the lease database does not answer");
}

// What needs a hand first comes first: confirmed, suspected, blocked, moved, ended; of equals the latest.
TEST_F(AuditStoryTest, order) {
    for (const auto& line : sampleAudit()) {
        take(line);
    }
    take("release-blocked", B, A);
    std::vector<std::string> standings;
    for (const auto* conflict : story_.conflicts()) {
        standings.emplace_back(toText(conflict->standing));
    }
    EXPECT_EQ(standings, (std::vector<std::string>{"confirmed", "confirmed", "suspected", "blocked",
                                                   "moved", "ended"}));
}

// R10: suspected becomes confirmed and stays so when the guard starts anew and suspects again.
TEST_F(AuditStoryTest, rule10Levels) {
    take("conflict-suspected", B, A);
    EXPECT_EQ(only().standing, Standing::SUSPECTED);
    take("conflict-confirmed", B, A);
    EXPECT_EQ(only().standing, Standing::CONFIRMED);
    take("conflict-suspected", B, A);
    take("address-assigned", B, A, "192.0.2.9");
    EXPECT_EQ(only().standing, Standing::CONFIRMED);
    take("conflict-ended", A, A);
    EXPECT_EQ(only().standing, Standing::ENDED);
    EXPECT_TRUE(machine(B).gone);
    EXPECT_FALSE(machine(A).gone);
    take("conflict-suspected", B, A);
    EXPECT_EQ(only().standing, Standing::SUSPECTED);
    EXPECT_FALSE(machine(B).gone);
}

// R9: a move between two is the end of it; where a third is left it is not.
TEST_F(AuditStoryTest, rule09Moves) {
    take("conflict-suspected", B, A);
    take("identity-moved", B, A);
    EXPECT_EQ(only().standing, Standing::MOVED);
    EXPECT_EQ(only().holder, B);
    EXPECT_TRUE(machine(A).gone);
    take("conflict-suspected", C, B);
    take("conflict-suspected", A, B);
    take("identity-moved", C, B);
    EXPECT_EQ(only().standing, Standing::SUSPECTED);
    EXPECT_EQ(only().holder, C);
}

// R9: of a conflict that an operator deleted nothing is said about the machines: they are where they were.
TEST_F(AuditStoryTest, rule09Deleted) {
    take("conflict-suspected", B, A);
    auto record = sampleRecord("conflict-ended", 600, "", A);
    record.is_open = false;
    record.reason = "deleted by command";
    take(sampleLine(record));
    EXPECT_EQ(only().standing, Standing::ENDED);
    EXPECT_TRUE(only().isHolder(machine(A)));
    for (const auto& one : only().machines) {
        EXPECT_FALSE(one.gone) << one.hw_address;
    }
}

// R2: an identifier in two networks is two stories, in two subnets of one shared network one.
TEST_F(AuditStoryTest, rule02Networks) {
    auto record = sampleRecord("conflict-suspected", 0, B, A);
    take(sampleLine(record));
    record.subnet_id = 8;
    take(sampleLine(record));
    EXPECT_EQ(story_.conflicts().size(), 2U);
    record.network = "lab";
    take(sampleLine(record));
    record.subnet_id = 9;
    take(sampleLine(record));
    EXPECT_EQ(story_.conflicts().size(), 3U);
}

// Who was alive when: the messages of a machine, and the renewals of the holder's lease, each once.
TEST_F(AuditStoryTest, signs) {
    auto record = sampleRecord("conflict-suspected", 600, B, A);
    record.holder_last_seen = record.time_ms / 1000 - 300;
    take(sampleLine(record));
    record.event = "address-assigned";
    record.time_ms += 1000;
    take(sampleLine(record));
    ASSERT_EQ(machine(A).signs.size(), 1U);
    EXPECT_EQ(machine(A).first(), record.holder_last_seen * 1000);
    EXPECT_EQ(machine(A).signs[0].event, "renewed");
    EXPECT_EQ(machine(B).signs.size(), 2U);
    // Years away from the record it is forged or wrong.
    record.holder_last_seen = 5;
    take(sampleLine(record));
    EXPECT_EQ(machine(A).signs.size(), 1U);
}

// R13: a log of any size takes a bounded memory: signs, machines and conflicts; what needs a hand is kept.
TEST_F(AuditStoryTest, rule13BoundedMemory) {
    take("conflict-confirmed", B, A);
    for (size_t i = 0; i < 3 * AuditMachine::MAX_SIGNS; ++i) {
        take("conflict-suspected", B, A);
    }
    EXPECT_EQ(machine(B).signs.size(), AuditMachine::MAX_SIGNS);
    EXPECT_EQ(machine(B).last(), only().last_ms);
    for (uint32_t i = 0; i < AuditConflict::MAX_MACHINES + 10; ++i) {
        take("conflict-suspected", mac(0x10000 + i).toText().c_str(), A);
    }
    EXPECT_EQ(only().machines.size(), AuditConflict::MAX_MACHINES);
    EXPECT_EQ(only().unlisted, 12U);

    AuditStory small(20);
    std::string why;
    small.take(*parseAuditLine(sampleLine(sampleRecord("conflict-confirmed", 0, B, A)), why));
    for (uint32_t i = 0; i < 1000; ++i) {
        auto record = sampleRecord("conflict-suspected", i, B, A);
        record.client_id = identifierNumber(i);
        small.take(*parseAuditLine(sampleLine(record), why));
    }
    EXPECT_LE(small.conflicts().size(), 20U);
    EXPECT_EQ(small.conflicts().size() + small.dropped(), 1001U);
    EXPECT_EQ(small.conflicts().front()->standing, Standing::CONFIRMED);
}

// Later versions may add events: they are counted and passed over.
TEST_F(AuditStoryTest, unknownEvents) {
    take(
        R"({"time":"2026-05-01T10:00:00.000Z","event":"clone-welcomed","client_id":"ff:00","hw_address":"02:00"})");
    EXPECT_TRUE(story_.conflicts().empty());
    EXPECT_EQ(story_.records(), 1U);
}

// R12: conflicts of one DUID in several networks and with several IAIDs come from one template.
TEST_F(AuditStoryTest, rule12Origins) {
    auto record = sampleRecord("conflict-suspected", 0, B, A);
    take(sampleLine(record));
    record.event = "conflict-confirmed";
    record.subnet_id = 9;
    record.client_id[1] = 0x11;
    record.hw_address = mac(3);
    take(sampleLine(record));
    const auto origins = originsOf(story_.conflicts());
    ASSERT_EQ(origins.size(), 1U);
    EXPECT_EQ(origins[0].name, "debian-12-base");
    EXPECT_EQ(origins[0].standing, Standing::CONFIRMED);
    EXPECT_EQ(origins[0].machines.size(), 3U);
    EXPECT_EQ(origins[0].networks.size(), 2U);
    EXPECT_EQ(headline(story_.conflicts()), "1 template to cure: 3 machines share 2 identities.");
}

}  // namespace test
}  // namespace clone_guard
