// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/support.h>

#include <core/audit/audit_event.h>
#include <core/conflicts/end_reason.h>
#include <core/identity/escape.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

constexpr int64_t BEGIN = 1777798800;  // 2026-05-03T09:00:00Z
constexpr int64_t HOUR = 3600;

const char* const BOARD = "ff:00:00:00:01:00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33";
const char* const ROUTER = "ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56";
const char* const LAPTOP = "ff:56:50:4d:98:00:02:00:00:ab:11:0c:5d:22:91:7e:40:11:a3";

const Explainer&
templates() {
    Template debian;
    debian.name = "debian-12-base";
    debian.machine_id = hex("d31ba602070b463aac004744a10d3e28");
    Template router;
    router.name = "old-router-image";
    router.duid = hex("00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56");
    static const Explainer one({debian, router});
    return (one);
}

HardwareAddress
address(const std::string& text) {
    return {HardwareAddress::ETHERNET, hex(text)};
}

/// A machine of the sample.
struct Player {
    std::string hw_address;
    std::string hostname;
    std::string ip;
    std::string vendor_class;
};

/// Writes the records of one conflict.
class Scene {
public:
    Scene(const char* identifier, const char* network, uint32_t subnet_id, const char* policy,
          Player holder) :
        identifier_(hex(identifier)),
        network_(network), subnet_id_(subnet_id), policy_(policy), holder_(std::move(holder)) {}

    /// @param seen when the holder's lease was renewed, in seconds since the beginning
    void say(const char* event, int64_t seconds, const Player& player, int64_t seen,
             const std::string& ip = "", uint64_t suppressed = 0) {
        auto record = sampleRecord(event, seconds, player.hw_address, holder_.hw_address);
        const bool over = event == std::string(audit_event::IDENTITY_MOVED) ||
                          event == std::string(audit_event::MACHINE_SEALED) ||
                          event == std::string(audit_event::CONFLICT_ENDED);
        record.policy = policy_;
        record.action = over || policy_ == "monitor" ? "none" : policy_;
        record.client_id = identifier_;
        record.hostname = escape(player.hostname);
        record.vendor_class = escape(player.vendor_class);
        record.client = record.vendor_class;
        record.network = network_;
        record.subnet_id = subnet_id_;
        record.address = ip;
        record.holder_address = holder_.ip;
        record.holder_hostname = escape(holder_.hostname);
        record.holder_last_seen = BEGIN + seen;
        record.claimants = over || event == std::string(audit_event::ADDRESS_ASSIGNED) ? 0 : claimants;
        record.one_machine = event == std::string(audit_event::CONFLICT_SUSPECTED) ? one_machine : "";
        record.suppressed = suppressed;
        record.is_open = !over;
        record.reason = event == std::string(audit_event::CONFLICT_ENDED) ? end_reason::SEALED : "";
        record.transaction_id = static_cast<uint32_t>(0x5eed0000 + seconds);
        lines.emplace_back(seconds, sampleLine(record));
    }

    std::vector<std::pair<int64_t, std::string>> lines;
    size_t claimants = 1;
    std::string one_machine;

private:
    Bytes identifier_;
    std::string network_;
    uint32_t subnet_id_;
    std::string policy_;
    Player holder_;
};

Scene
webServers() {
    const Player first{"bc:24:11:5e:00:01", "web-01", "192.0.2.100", ""};
    const Player second{"bc:24:11:5e:00:02", "web-02", "192.0.2.101", ""};
    const Player third{"bc:24:11:5e:00:03", "build-runner", "192.0.2.102", ""};
    const Player fourth{"bc:24:11:5e:00:07", "debian", "192.0.2.107", ""};
    Scene scene("ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d", "office", 7, "mac-fallback",
                first);
    scene.say(audit_event::CONFLICT_SUSPECTED, 1210, second, 1100);
    scene.say(audit_event::ADDRESS_ASSIGNED, 1211, second, 1100, second.ip);
    scene.say(audit_event::CONFLICT_CONFIRMED, 3020, second, 2900);
    scene.claimants = 2;
    scene.say(audit_event::CONFLICT_SUSPECTED, 7 * HOUR, third, 7 * HOUR - 300);
    scene.say(audit_event::ADDRESS_ASSIGNED, 7 * HOUR + 1, third, 7 * HOUR - 300, third.ip);
    scene.say(audit_event::CONFLICT_CONFIRMED, 8 * HOUR, third, 8 * HOUR - 200);
    scene.say(audit_event::CONFLICT_SUSPECTED, DAY + 1300, second, DAY + 1200, second.ip, 46);
    scene.claimants = 3;
    scene.say(audit_event::CONFLICT_SUSPECTED, DAY + 5 * HOUR, fourth, DAY + 5 * HOUR - 100);
    scene.say(audit_event::ADDRESS_ASSIGNED, DAY + 5 * HOUR + 1, fourth, DAY + 5 * HOUR - 100,
              fourth.ip);
    scene.say(audit_event::RELEASE_BLOCKED, DAY + 6 * HOUR, third, DAY + 6 * HOUR - 900, first.ip);
    scene.say(audit_event::CONFLICT_SUSPECTED, 2 * DAY + 1500, second, 2 * DAY + 1400, second.ip, 47);
    scene.say(audit_event::CONFLICT_SUSPECTED, 2 * DAY + 5 * HOUR, fourth, 2 * DAY + 5 * HOUR - 60,
              fourth.ip, 48);
    return (scene);
}

Scene
routers() {
    const Player first{"52:54:00:7a:10:01", "edge-a", "198.51.100.10", ""};
    const Player second{"52:54:00:7a:10:02", "edge-b", "198.51.100.11",
                        "dhcpcd-9.4.1:Linux-6.1.0-40-amd64:x86_64"};
    Scene scene(ROUTER, "", 12, "mac-fallback", first);
    scene.one_machine = "interface";
    scene.say(audit_event::CONFLICT_SUSPECTED, 20 * HOUR, second, 20 * HOUR - 700);
    scene.say(audit_event::ADDRESS_ASSIGNED, 20 * HOUR + 1, second, 20 * HOUR - 700, second.ip);
    scene.say(audit_event::DECLINE_BLOCKED, 20 * HOUR + 9, second, 20 * HOUR - 700, first.ip);
    scene.say(audit_event::CONFLICT_SUSPECTED, DAY + 21 * HOUR, second, DAY + 21 * HOUR - 300, second.ip,
              12);
    return (scene);
}

Scene
boards() {
    const Player first{"00:50:56:9a:44:01", "cam-north", "203.0.113.20", ""};
    const Player second{"00:50:56:9a:44:02", "cam-south", "",
                        "dhcpcd-10.1.0:Linux-6.12.0-1-arm64:aarch64"};
    Scene scene(BOARD, "plant", 31, "refuse", first);
    scene.say(audit_event::CONFLICT_SUSPECTED, 2 * DAY + 2 * HOUR, second, 2 * DAY + 2 * HOUR - 60);
    scene.say(audit_event::CONFLICT_CONFIRMED, 2 * DAY + 3 * HOUR, second, 2 * DAY + 3 * HOUR - 60);
    return (scene);
}

Scene
replacedCard() {
    const Player before{"08:00:27:33:00:0a", "archive", "192.0.2.150", ""};
    const Player after{"08:00:27:33:00:0b", "archive", "192.0.2.150", ""};
    Scene scene(LAPTOP, "office", 7, "mac-fallback", before);
    scene.say(audit_event::IDENTITY_MOVED, DAY + 10 * HOUR, after, DAY + 3 * HOUR);
    return (scene);
}

Scene
curedPair() {
    const Player first{"fa:16:3e:20:00:01", "ci-1", "192.0.2.61", ""};
    const Player second{"fa:16:3e:20:00:02", "ci-2", "192.0.2.62", ""};
    Scene scene("ff:b5:5e:67:ff:00:02:00:00:ab:11:77:20:aa:53:14:6b:c9:08", "office", 7, "monitor",
                first);
    scene.say(audit_event::CONFLICT_SUSPECTED, 2 * HOUR, second, 2 * HOUR - 90);
    scene.say(audit_event::CONFLICT_CONFIRMED, 3 * HOUR, second, 3 * HOUR - 10);
    scene.say(audit_event::MACHINE_SEALED, DAY + 15 * HOUR, second, DAY + 14 * HOUR, "192.0.2.66");
    scene.say(audit_event::CONFLICT_ENDED, DAY + 15 * HOUR, first, DAY + 14 * HOUR);
    return (scene);
}

std::vector<std::string>
inOrder(std::vector<std::pair<int64_t, std::string>> lines) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& one, const auto& other) { return (one.first < other.first); });
    std::vector<std::string> texts;
    for (auto& [seconds, text] : lines) {
        texts.push_back(std::move(text));
    }
    return (texts);
}

std::vector<std::pair<int64_t, std::string>>
allScenes() {
    std::vector<std::pair<int64_t, std::string>> lines;
    for (const auto& scene : {webServers(), routers(), boards(), replacedCard(), curedPair()}) {
        lines.insert(lines.end(), scene.lines.begin(), scene.lines.end());
    }
    return (lines);
}

}  // namespace

AuditRecord
sampleRecord(const char* event, int64_t seconds, const std::string& claimant,
             const std::string& holder) {
    AuditRecord record;
    record.time_ms = (BEGIN + seconds) * 1000 + 250;
    record.event = event;
    record.policy = "mac-fallback";
    record.action = "mac-fallback";
    record.client_id = cloneIdentifier();
    record.hw_address = address(claimant);
    record.interface = "ens18";
    record.subnet_id = 7;
    record.holder = address(holder);
    return (record);
}

std::string
sampleLine(const AuditRecord& record) {
    return (record.toJson(templates()));
}

std::vector<std::string>
sampleAudit() {
    auto lines = allScenes();
    AuditRecord degraded;
    degraded.event = audit_event::GUARD_DEGRADED;
    degraded.reason = "the lease database does not answer";
    degraded.time_ms = (BEGIN + DAY + 40) * 1000;
    lines.emplace_back(DAY + 40, sampleLine(degraded));
    return (inOrder(std::move(lines)));
}

std::vector<std::string>
hostileAudit() {
    auto lines = allScenes();
    const Player holder{"02:00:00:00:00:01", "<script>document.title='owned'</script>", "192.0.2.201",
                        ""};
    const std::vector<std::string> names{"<img src=x onerror=\"document.title='owned'\">",
                                         "</style></script></title><h1 class=injected>owned</h1>",
                                         "'><svg/onload=document.title='owned'>",
                                         "\" autofocus onfocus=\"document.title='owned'\" x=\"",
                                         "&lt;b class=injected&gt;&#60;b&#62;",
                                         "\x1b[2J\x1b]0;owned\x07<!--",
                                         "a-name-without-any-place-to-break-it-" + std::string(91, 'x')};
    Scene scene("ff:ca:53:09:5a:00:02:00:00:ab:11:01:02:03:04:05:06:07:08", "<b class=injected>net</b>",
                9, "mac-fallback", holder);
    int64_t seconds = 3 * HOUR;
    for (const auto& name : names) {
        scene.claimants = lines.size();
        const Player player{"02:00:00:00:01:" + toHex(filled(1, static_cast<uint8_t>(seconds / HOUR))),
                            name, "192.0.2.210", name};
        scene.say(audit_event::CONFLICT_SUSPECTED, seconds, player, seconds - 60);
        seconds += HOUR;
    }
    lines.insert(lines.end(), scene.lines.begin(), scene.lines.end());
    // Lines that the guard never writes.
    lines.emplace_back(
        seconds,
        R"({"time":"2026-05-03T23:00:00.000Z","event":"conflict-confirmed<i class=injected>","client_id":"x"})");
    lines.emplace_back(
        seconds,
        R"({"time":"2026-05-03T23:00:01.000Z","event":"conflict-confirmed","client_id":"<i class=injected>","hw_address":")"
        R"(<script>document.title='owned'</script>\u001b[31m\u0000\ud83d\ude00","template":"</title><script>)"
        R"(document.title='owned'</script>","remedy":"run '<script>document.title=\"owned\"</script>' now",)"
        R"("holder":{"hw_address":"\" onclick=\"x","last_seen":"0000-00-00T00:00:00.000Z"},"subnet_id":-1,"policy":7})");
    lines.emplace_back(seconds, R"({"time":"2026-05-03T23:00:02.000Z","event":"conflict-susp)");
    return (inOrder(std::move(lines)));
}

}  // namespace test
}  // namespace clone_guard
