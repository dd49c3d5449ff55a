// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clone_guard {
namespace test {

// Help goes to standard output, with an exit status of 0.
TEST(CommandTest, help) {
    for (const auto* option : {"--help", "-h"}) {
        const auto outcome = run(option);
        EXPECT_EQ(outcome.status, 0) << option;
        EXPECT_TRUE(contains(outcome.out, "Usage: clone-guard")) << outcome.out;
        EXPECT_TRUE(contains(outcome.out, "identify HEX")) << outcome.out;
        EXPECT_TRUE(complaint(option).out.empty());
    }
}

// Each command explains itself, with an exit status of 0, and nothing but its own options.
TEST(CommandTest, helpOfEachCommand) {
    for (const auto* command :
         {"identify", "templates", "scan", "status", "conflicts", "watch", "report"}) {
        const auto outcome = run(std::string(command) + " --help");
        EXPECT_EQ(outcome.status, 0) << command;
        EXPECT_TRUE(contains(outcome.out, std::string("Usage: clone-guard ") + command)) << outcome.out;
        EXPECT_TRUE(contains(outcome.out, "--help")) << outcome.out;
    }
}

// The version is the project's.
TEST(CommandTest, version) {
    const auto outcome = run("--version");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "clone-guard " CLONE_GUARD_VERSION "\n");
    EXPECT_EQ(run("-V").out, outcome.out);
}

// R12: an identifier is explained in its parts, with what to do about it.
TEST(CommandTest, rule12Identify) {
    const auto outcome = run("identify " + toHex(cloneIdentifier()));
    EXPECT_EQ(outcome.status, 0);
    for (const auto* part :
         {"ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d", "19 bytes", "RFC 4361",
          "IAID               ca:53:09:5a", "ens18", "DUID-EN", "43793 (systemd)", "truncate -s 0"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
}

// Hexadecimal is accepted in each spelling of logs and tools, also as several arguments.
TEST(CommandTest, identifySpellings) {
    const auto expected = run("identify ff:ca:53:09:5a:00:04:aa").out;
    for (const auto* text : {"ffca53095a0004aa", "0xFFCA53095A0004AA", "FF-CA-53-09-5A-00-04-AA",
                             "'ff ca 53 09 5a 00 04 aa'", "ff ca 53 09 5a 00 04 aa"}) {
        const auto outcome = run(std::string("identify ") + text);
        EXPECT_EQ(outcome.status, 0) << text;
        EXPECT_EQ(outcome.out, expected) << text;
    }
}

// R6: a derived identifier from the lease database is explained: its claimant, and the identifier it was made from.
TEST(CommandTest, rule06IdentifyDerived) {
    const auto whole = run("identify 00:43:47:01:01:06:bc:24:11:00:00:02:" + toHex(cloneIdentifier()));
    EXPECT_EQ(whole.status, 0);
    EXPECT_TRUE(contains(whole.out, "derived identifier"));
    EXPECT_TRUE(contains(whole.out, "claimant           bc:24:11:00:00:02"));
    EXPECT_TRUE(contains(whole.out, "ca:53:09:5a"));
    const auto digest = run("identify 00:43:47:81:01:06:bc:24:11:00:00:02:" + toHex(filled(16)));
    EXPECT_EQ(digest.status, 0);
    EXPECT_TRUE(contains(digest.out, "SHA-256 aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa:aa..."));
}

// R12: any bytes are explained as far as possible; only an argument that is not hexadecimal is an error.
TEST(CommandTest, rule12IdentifyAnything) {
    EXPECT_TRUE(contains(run("identify 01:bc:24:11:00:00:02").out, "type 1: a hardware address"));
    EXPECT_TRUE(contains(run("identify 00:61:62").out, "type 0"));
    EXPECT_TRUE(contains(run("identify ff").out, "malformed"));
    EXPECT_TRUE(contains(run("identify ff:00:00:00:01:00").out, "malformed"));
    EXPECT_TRUE(contains(run("identify ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56").out,
                         "made by            52:54:00:12:34:56 (QEMU/KVM)"));
    EXPECT_TRUE(contains(run("identify 00:43:47").out, "type 0"));
    EXPECT_EQ(run("identify " + toHex(filled(300))).status, 0);
}

// R12: the identifier that clones will send is computed from the machine-id of the template.
TEST(CommandTest, rule12IdentifyMachineId) {
    const std::string machine_id = "identify --machine-id d31ba602070b463aac004744a10d3e28";
    const auto identifier = toHex(cloneIdentifier());
    EXPECT_TRUE(contains(run(machine_id + " --nic ens18").out, identifier));
    const auto json = nlohmann::json::parse(run(machine_id + " --nic ens18 --json").out);
    EXPECT_EQ(json["client_id"], identifier);
    EXPECT_EQ(json["nic"], "ens18");
    const auto all = run(machine_id).out;
    EXPECT_TRUE(contains(all, "ens18") && contains(all, identifier)) << all;
    EXPECT_EQ(nlohmann::json::parse(run(machine_id + " --json").out)["duid"],
              "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
}

// R12: a DUID alone is recognised by its form, without the type and the IAID.
TEST(CommandTest, rule12IdentifyDuid) {
    const auto json =
        nlohmann::json::parse(run("identify --json 00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56").out);
    EXPECT_EQ(json["duid_type"], "DUID-LLT");
    EXPECT_EQ(json["duid_hw_address"], "52:54:00:12:34:56");
    EXPECT_EQ(json["duid_time"], "2023-06-01T19:12:16.000Z");
    EXPECT_TRUE(contains(run("identify 00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33").out,
                         "4c4c4544-0042-3510-8053-b4c04f564433"));
}

// R12: identifiers of common clients are explained; with the hardware address of the sender, also whether they collide.
TEST(CommandTest, rule12IdentifyWhatClientsSend) {
    struct Sent {
        const char* what;
        const char* arguments;
        std::vector<const char*> explained;
    };
    const std::vector<Sent> all{
        {"networkd in VirtualBox",
         "ff:e2:34:3f:3e:00:02:00:00:ab:11:61:77:40:de:13:42:c3:a2",
         {"enp0s3", "DUID-EN", "systemd", "/etc/machine-id"}},
        {"networkd whose interface has a name made of the MAC",
         "ff:5f:d6:0b:50:00:02:00:00:ab:11:61:77:40:de:13:42:c3:a2 --hw-address 52:54:00:12:34:56",
         {"enx525400123456", "sent by            52:54:00:12:34:56 (QEMU/KVM)"}},
        {"dhcpcd with a DUID-LLT",
         "ff:00:12:34:56:00:01:00:01:2c:0b:aa:10:52:54:00:65:43:21 --hw-address 52:54:00:12:34:56",
         {"IAID made of       52:54:00:12:34:56", "made by            52:54:00:65:43:21 (QEMU/KVM)",
          "2023-06-01"}},
        {"dhcpcd with the board's UUID",
         "ff:00:12:34:56:00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33",
         {"4c4c4544-0042-3510-8053-b4c04f564433", "SMBIOS UUID"}},
        {"dhclient -i",
         "ff:00:12:34:56:00:03:00:01:52:54:00:12:34:56",
         {"DUID-LL", "IAID made of       52:54:00:12:34:56"}},
        {"wicked, seen without its sender",
         "ff:27:47:64:71:00:01:00:01:2a:78:0b:aa:08:00:27:47:64:71",
         {"IAID made of       08:00:27:47:64:71: clones share it only if", "wicked"}},
        {"a clone with wicked",
         "ff:27:47:64:71:00:01:00:01:2a:78:0b:aa:08:00:27:47:64:71 --hw-address 08:00:27:00:00:02",
         {"08:00:27:47:64:71, not of the sender: the IAID was copied"}},
        {"the machine with that address",
         "ff:27:47:64:71:00:01:00:01:2a:78:0b:aa:08:00:27:47:64:71 --hw-address 08:00:27:47:64:71",
         {"several machines may have the DUID, but not the identifier"}},
        {"text", "7765622d766970", {"text without a type", "text               web-vip"}},
        {"text of a MAC address", "30302d36302d33342d31372d61662d6238", {"00-60-34-17-af-b8"}},
        {"other bytes", "78:00:7a", {"type 120 is not a hardware type"}},
        {"wicked", "ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:65:43:21", {"/var/lib/wicked"}},
        {"udhcpc, iPXE, Windows, NetworkManager",
         "01:bc:24:11:00:00:02",
         {"type 1: a hardware address", "bc:24:11:00:00:02 (Proxmox)"}},
        {"Talos with duid",
         "00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33",
         {"a DUID without type and IAID", "client-id-types 'all'"}},
        {"a container", "00:33:66:61:39", {"type 0", "3fa9"}},
        {"NetworkManager with stable", "00:8e:11:02", {"type 0: a value of the client's own choice"}}};
    for (const auto& [what, arguments, explained] : all) {
        const auto outcome = run(std::string("identify ") + arguments);
        EXPECT_EQ(outcome.status, 0) << what;
        for (const auto* part : explained) {
            EXPECT_TRUE(contains(outcome.out, part)) << what << ": " << part << " is missing in\n"
                                                     << outcome.out;
        }
    }
}

// R12: only bytes with the form of an IAID and a DUID are taken for an identifier without its type.
TEST(CommandTest, rule12IdentifyMissingType) {
    for (const auto* text : {"ca:53:09:5a:00:02:00:00:ab:11:01", "08:24:45:0e:00:02:00:00:ab:11:01",
                             "00:12:34:56:00:03:00:01:52:54:00:12:34:56"}) {
        EXPECT_TRUE(
            contains(run(std::string("identify ") + text).out, "the first byte 'ff' may be missing"))
            << text;
    }
    for (const auto* text : {"78797a", "3035", "01:bc:24:11:00:00:02",
                             "30302d36302d33342d31372d61662d6238", "00:33:66:61:39", "78:00:7a"}) {
        EXPECT_FALSE(contains(run(std::string("identify ") + text).out, "may be missing")) << text;
    }
}

// R12: systemd takes an empty machine-id of a VM from the UUID of the VM, so clones with one UUID stay clones.
TEST(CommandTest, rule12IdentifyUuid) {
    const std::string uuid = "identify --uuid D31BA602-070B-463A-AC00-4744A10D3E28";
    const auto all = run(uuid).out;
    EXPECT_TRUE(contains(all, "ens18") && contains(all, toHex(cloneIdentifier()))) << all;
    EXPECT_TRUE(contains(all, "DUID 00:04:d3:1b:a6:02")) << all;
    EXPECT_TRUE(contains(run(uuid + " --nic ens18").out, "systemd-id128 new >/etc/machine-id"));
    EXPECT_EQ(nlohmann::json::parse(run(uuid + " --json").out)["duid"],
              "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
    EXPECT_TRUE(contains(complaint("identify --uuid 12").out, "'12' is not a UUID"));
    EXPECT_EQ(run(uuid + " --machine-id d31ba602070b463aac004744a10d3e28").status, 2);
}

// R12: an identifier is accepted as Kea's log and tcpdump print it; a truncated one is reported as such.
TEST(CommandTest, rule12IdentifyAsItIsPrinted) {
    const auto expected = run("identify ff:ca:53:09:5a:00:02:00:00:ab:11:01").out;
    EXPECT_EQ(run("identify 'cid=[ff:ca:53:09:5a:00:02:00:00:ab:11:01]'").out, expected);
    EXPECT_EQ(run("identify 'hardware-type 255, ca:53:09:5a:00:02:00:00:ab:11:01'").out, expected);
    EXPECT_TRUE(contains(run("identify ca:53:09:5a:00:02:00:00:ab:11:01").out,
                         "the first byte 'ff' may be missing"));
    EXPECT_TRUE(contains(run("identify ff:ca:53:09:5a:00:02:00").out, "too short for a DUID-EN"));
    EXPECT_FALSE(contains(expected, "too short"));
    EXPECT_EQ(nlohmann::json::parse(run("identify --json ff:00").out).count("remedy"), 0U);
}

// If a system restricts its programs to FIPS, which has no SipHash, templates and interfaces are still found.
TEST(CommandTest, rule12IdentifyUnderFips) {
    const auto outcome =
        runShell("conf=$(mktemp); printf '%s\\n' 'openssl_conf = all' '[all]' 'alg_section = "
                 "algorithms' '[algorithms]' "
                 "'default_properties = fips=yes' > $conf; OPENSSL_CONF=$conf '" CLONE_GUARD_COMMAND
                 "' identify " +
                 toHex(cloneIdentifier()) + "; status=$?; rm -f $conf; exit $status");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "ens18")) << outcome.out;
}

// Lost output ends with status 2, and arguments reach the terminal without their escape sequences.
TEST(CommandTest, outputThatIsLost) {
    const auto full = runShell("'" CLONE_GUARD_COMMAND "' identify ff:00 2>&1 >/dev/full");
    EXPECT_EQ(full.status, 2);
    EXPECT_TRUE(contains(full.out, "could not be written")) << full.out;
    EXPECT_TRUE(contains(complaint("identify \"$(printf '\\033[31mff')\"").out, "\\x1b[31mff"));
}

// Bad usage ends with status 2; standard error has the reason and a hint at --help.
TEST(CommandTest, badUsage) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "no command given"},
        {"fly", "there is no command 'fly'"},
        {"identify", "identify needs an identifier in hexadecimal"},
        {"identify ff:c", "'ff:c' is not hexadecimal"},
        {"identify zz", "'zz' is not hexadecimal"},
        {"identify 'hardware-type 255,'", "is not hexadecimal"},
        {"identify 'hardware-type 255'", "is not hexadecimal"},
        {"identify '['", "is not hexadecimal"},
        {"identify ''", "'' is not hexadecimal"},
        {"identify 0x", "'0x' is not hexadecimal"},
        {"identify --colour", "--colour"},
        {"identify ff:00 --hw-address x", "'x' is not a hardware address"},
        {"identify --machine-id 12", "'12' is not a machine-id"},
        {"identify --machine-id d31ba602070b463aac004744a10d3e28 --nic a/b", "'a/b' is not a name"},
        {"identify --machine-id d31ba602070b463aac004744a10d3e28 ff", "either"},
        {"templates", "templates needs a file or a mounted image"},
        {"templates --name a b c", "--name takes a name, for one file"},
        {"templates --name '' b", "--name takes a name, for one file"},
        {"scan", "scan needs a lease file"},
        {"scan --fast x", "--fast"},
    };
    for (const auto& [arguments, text] : cases) {
        EXPECT_EQ(run(arguments).status, 2) << arguments;
        EXPECT_TRUE(run(arguments).out.empty()) << arguments;
        const auto said = complaint(arguments).out;
        EXPECT_EQ(said.rfind("clone-guard: ", 0), 0U) << said;
        EXPECT_TRUE(contains(said, text)) << said;
        EXPECT_TRUE(contains(said, " --help'.")) << said;
    }
}

}  // namespace test
}  // namespace clone_guard
