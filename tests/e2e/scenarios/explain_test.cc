// SPDX-License-Identifier: MPL-2.0
//
// R12: a record and a log line name the template, the interface, the vendor of the network card, and the remedy.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <tests/e2e/harness/net/identifiers.h>

namespace clone_guard {
namespace test {

namespace {

const char* const LLT = "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56";
const char* const UUID = "00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33";

class Rule12Explain : public E2eTest {
protected:
    /// @brief Starts a server that knows three templates.
    void serveTemplates() {
        ServerSetup setup = guarded("mac-fallback");
        (*setup.guard)["templates"] = Json::parse(R"([
            { "name": "debian-12-base", "machine-id": "d31ba602070b463aac004744a10d3e28" },
            { "name": "old-router-image", "duid": "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56" },
            { "name": "50% \"board\"", "duid": "00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33" } ])");
        (*setup.guard)["nic-names"] = {"uplink0"};
        serve(setup);
    }

    /// @brief Makes two machines with one identifier; the second sends a vendor class.
    ///
    /// @param vendor the first bytes of the second machine's hardware address.
    /// @return the record of the conflict.
    Json conflict(const Bytes& identifier, const std::string& vendor, const std::string& vendor_class) {
        SimClient first(link(), fromHex("02:00:00:00:00:0" + std::to_string(++pairs_)), identifier,
                        relayOf(1));
        EXPECT_FALSE(first.acquire().isZero());
        SimClient second(link(), fromHex(vendor + ":00:00:0" + std::to_string(pairs_)), identifier,
                         relayOf(1));
        if (!vendor_class.empty()) {
            second.addOption(60, Bytes(vendor_class.begin(), vendor_class.end()));
        }
        EXPECT_FALSE(second.acquire().isZero());
        for (const auto& record : server().audit()) {
            if (record["event"] == "conflict-suspected" && record["client_id"] == toHex(identifier)) {
                expectSameRemedy(identifier, record);
                return (record);
            }
        }
        return (Json::object());
    }

private:
    /// @brief Expects the remedy of an audit record in the list of conflicts.
    void expectSameRemedy(const Bytes& identifier, const Json& record) {
        const Json listed =
            server().command("clone-guard-conflict-get", {{"client-id", toHex(identifier)}});
        ASSERT_EQ(listed["result"], 0) << listed;
        EXPECT_EQ(listed["arguments"]["conflicts"][0].value("remedy", ""), record.value("remedy", ""));
    }

    unsigned pairs_ = 0;
};

bool
has(const Json& record, const char* field, const std::string& part) {
    return (record.value(field, "").find(part) != std::string::npos);
}

// R12: the template of a Debian-like clone follows from its machine-id, and the interface from the IAID.
TEST_F(Rule12Explain, rule12MachineId) {
    serveTemplates();
    const auto record = conflict(cloneIdentifier(), "bc:24:11", "");
    EXPECT_EQ(record["template"], "debian-12-base") << record;
    EXPECT_EQ(record["nic"], "ens18");
    EXPECT_EQ(record["duid_enterprise_name"], "systemd");
    EXPECT_EQ(record["hw_vendor"], "Proxmox");
    EXPECT_TRUE(
        has(record, "remedy", "in the template debian-12-base run 'truncate -s 0 /etc/machine-id"));
    // The operator's log line says the same. No line contains the machine-id, which is a secret of the machine.
    const auto lines = server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(toHex(cloneIdentifier()) +
                            " (template debian-12-base, interface ens18) in subnet 1: held by"),
              std::string::npos)
        << lines[0];
    EXPECT_EQ(server().file("operator.log").find("d31ba602070b463a"), std::string::npos);
    EXPECT_EQ(server().file("audit.log").find("d31ba602070b463a"), std::string::npos);
}

// R12: a DUID-LLT shows the vendor of its network card and its time; option 60 shows which client's files to remove.
TEST_F(Rule12Explain, rule12LinkLayerPlusTime) {
    serveTemplates();
    const auto record = conflict(rfc4361(fromHex("00:00:00:01"), fromHex(LLT)), "00:50:56",
                                 "dhcpcd-9.4.1:Linux-6.1.0:x86_64:GenuineIntel");
    EXPECT_EQ(record["template"], "old-router-image") << record;
    EXPECT_EQ(record["duid_hw_address"], "52:54:00:12:34:56");
    EXPECT_EQ(record["duid_hw_vendor"], "QEMU/KVM");
    EXPECT_EQ(record["duid_time"], "2023-06-01T19:12:16.000Z");
    EXPECT_EQ(record["hw_vendor"], "VMware");
    EXPECT_FALSE(record.contains("nic"));
    EXPECT_TRUE(has(record, "remedy", "'rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease'")) << record;
}

// R12: if the holder's message confirms a conflict, the remedy is the same, because clones run the same client. The
// record is still about the claimant, and contains nothing of the holder's query.
TEST_F(Rule12Explain, rule12RemedyIsTheSameWhicheverMachineConfirms) {
    serveTemplates();
    const auto identifier = rfc4361(fromHex("00:00:00:01"), fromHex(LLT));
    const std::string dhcpcd = "dhcpcd-9.4.1:Linux-6.1.0:x86_64:GenuineIntel";
    SimClient& first = machine(1, identifier);
    SimClient& second = machine(2, identifier);
    for (auto* client : {&first, &second}) {
        client->addOption(60, Bytes(dhcpcd.begin(), dhcpcd.end()));
        ASSERT_FALSE(client->acquire().isZero());
    }
    for (auto* client : {&first, &second, &first}) {
        client->renew();
    }
    const auto confirmed = server().audit("conflict-confirmed");
    ASSERT_EQ(confirmed.size(), 1U);
    EXPECT_EQ(confirmed[0]["hw_address"], second.hwText());
    EXPECT_FALSE(confirmed[0].contains("vendor_class"));
    EXPECT_EQ(confirmed[0]["remedy"], server().audit("conflict-suspected").at(0)["remedy"]);
    EXPECT_TRUE(has(confirmed[0], "remedy", "'rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease'"));
}

// R12: the firmware of a board repeats its UUID; the operator has named the interface and the template. A template's
// name cannot break the log line.
TEST_F(Rule12Explain, rule12Uuid) {
    serveTemplates();
    // The IAID of uplink0.
    const auto record = conflict(rfc4361(fromHex("02:f5:2d:98"), fromHex(UUID)), "52:54:00", "");
    EXPECT_EQ(record["template"], "50\\x25 \\x22board\\x22") << record;
    EXPECT_EQ(record["nic"], "uplink0");
    EXPECT_EQ(record["duid_uuid"], "4c4c4544-0042-3510-8053-b4c04f564433");
    EXPECT_TRUE(has(record, "remedy", "virt-clone")) << record;
}

// R12: an IAID made from a hardware address is reported as such, without an invented interface.
TEST_F(Rule12Explain, rule12IaidOfAHardwareAddress) {
    serveTemplates();
    // 02:00:00:00:00:01 is the holder's hardware address.
    const auto record = conflict(
        rfc4361(fromHex("00:00:00:01"), fromHex("00:03:00:01:08:00:27:00:00:09")), "08:00:27", "");
    EXPECT_EQ(record["iaid_hw_address"], "02:00:00:00:00:01") << record;
    EXPECT_FALSE(record.contains("nic"));
    EXPECT_FALSE(record.contains("template"));
    EXPECT_EQ(record["duid_hw_vendor"], "VirtualBox");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
