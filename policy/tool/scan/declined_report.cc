// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/declined_report.h>

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>

namespace clone_guard {

namespace {

/// The part of the script that does not depend on the addresses.
constexpr const char* SCRIPT = R"SCRIPT(#!/bin/sh
# Frees declined addresses of a running kea-dhcp4, with lease4-get and lease4-del of its hook library lease_cmds.
# Review the script, then run it as root on the server. In high availability, run it on both servers.
#
# Before you run it, or clients decline the addresses again:
#  1. Load the clone guard, or seal the template and its clones.
#  2. Wait until each clone has renewed its lease once. Until then, it may use a declined address.
#
# The script skips an address that answers ping, and one that is not declined any more. Some machines do not answer
# ping: do not free an address that is configured on a machine.

for program in ping socat; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 1; }
done

ask() {
    echo "{ \"command\": \"$1\", \"arguments\": { \"ip-address\": \"$2\" } }" | socat -t 30 - "UNIX-CONNECT:$socket"
}

free_address() {
    if ping -c 1 -W 1 "$1" >/dev/null 2>&1; then
        echo "$1: not freed, because a machine answers ping"
        return
    fi
    lease=$(ask lease4-get "$1")
    case $lease in
    *'"state": 1,'*) echo "$1: $(ask lease4-del "$1")" ;;
    *) echo "$1: not freed: $lease" ;;
    esac
}
)SCRIPT";

constexpr std::array<DeclineCause, 3> CAUSES{DeclineCause::CLONES, DeclineCause::UNKNOWN,
                                             DeclineCause::OTHER_CLIENT};

/// Names a cause in the output, whose names programs rely on.
const char*
jsonName(DeclineCause cause) {
    switch (cause) {
    case DeclineCause::CLONES:
        return ("clones");
    case DeclineCause::OTHER_CLIENT:
        return ("other");
    case DeclineCause::UNKNOWN:
        break;
    }
    return ("unknown");
}

/// Explains a cause in the script, after a number of addresses.
const char*
describe(DeclineCause cause) {
    switch (cause) {
    case DeclineCause::CLONES:
        return (" of clones");
    case DeclineCause::OTHER_CLIENT:
        return (" that no clone had. A machine with a fixed address may use it.\n"
                "# Look for that machine. Remove the '#' if the address has no user");
    case DeclineCause::UNKNOWN:
        break;
    }
    return (" of unknown clients, because the server has cleaned its lease file up since");
}

struct SubnetCount {
    uint64_t declined = 0;
    std::map<DeclineCause, uint64_t> by_cause;
    UtcSeconds first_free = UtcSeconds::max();
    UtcSeconds last_free;
};

std::map<uint32_t, SubnetCount>
countBySubnet(const std::vector<DeclinedAddress>& declined) {
    std::map<uint32_t, SubnetCount> counts;
    for (const auto& one : declined) {
        auto& count = counts[one.subnet];
        ++count.declined;
        ++count.by_cause[one.cause];
        count.first_free = std::min(count.first_free, one.until);
        count.last_free = std::max(count.last_free, one.until);
    }
    return (counts);
}

/// Quotes a text for the shell.
std::string
shellQuoted(const std::string& text) {
    std::string quoted = "'";
    for (const char character : text) {
        quoted += character == '\'' ? "'\\''" : std::string(1, character);
    }
    return (quoted + "'");
}

void
printAddresses(std::ostream& out, const std::vector<DeclinedAddress>& declined, uint32_t subnet,
               DeclineCause cause) {
    for (const auto& one : declined) {
        if (one.subnet == subnet && one.cause == cause) {
            out << (cause == DeclineCause::OTHER_CLIENT ? "#" : "") << "free_address "
                << one.address.toText() << "  # declined until " << utcText(one.until) << " UTC\n";
        }
    }
}

}  // namespace

void
printDeclined(std::ostream& out, const std::vector<DeclinedAddress>& declined) {
    if (declined.empty()) {
        return;
    }
    out << '\n'
        << Styled(Style::WARNING, "Declined:") << ' '
        << countText(declined.size(), "address", "addresses")
        << ". The server leases them again at the times below.\n\n";
    Table table({"subnet", "declined", "of clones", "unknown", "of others", "first free", "last free"});
    for (const auto& [subnet, count] : countBySubnet(declined)) {
        std::vector<std::string> row{std::to_string(subnet), std::to_string(count.declined)};
        for (const auto cause : CAUSES) {
            const auto found = count.by_cause.find(cause);
            row.push_back(found == count.by_cause.end() ? "0" : std::to_string(found->second));
        }
        row.insert(row.end(), {utcText(count.first_free), utcText(count.last_free)});
        table.add(row);
    }
    table.print(out, 4);
    out << '\n';
    printParagraph(out, "The option --declined prints a script that frees them. Run it after the cure.");
}

nlohmann::ordered_json
declinedJson(const std::vector<DeclinedAddress>& declined) {
    using Json = nlohmann::ordered_json;
    auto list = Json::array();
    for (const auto& [subnet, count] : countBySubnet(declined)) {
        Json object{{"subnet_id", subnet},
                    {"count", count.declined},
                    {"first_until", utcRfc3339(count.first_free)},
                    {"last_until", utcRfc3339(count.last_free)},
                    {"addresses", Json::array()}};
        for (const auto& one : declined) {
            if (one.subnet != subnet) {
                continue;
            }
            Json entry{{"address", one.address.toText()},
                       {"since", utcRfc3339(one.since)},
                       {"until", utcRfc3339(one.until)},
                       {"cause", jsonName(one.cause)}};
            if (!one.identifier.empty()) {
                entry["client_id"] = toHex(one.identifier);
            }
            object["addresses"].push_back(std::move(entry));
        }
        list.push_back(std::move(object));
    }
    return (list);
}

void
printDeclined(std::ostream& out, const std::vector<DeclinedCount>& declined) {
    if (declined.empty()) {
        return;
    }
    uint64_t total = 0;
    Table table({"subnet", "declined", "first free", "last free"});
    for (const auto& count : declined) {
        total += count.declined;
        table.add({std::to_string(count.subnet), std::to_string(count.declined),
                   utcText(count.first_free), utcText(count.last_free)});
    }
    out << '\n'
        << Styled(Style::WARNING, "Declined:") << ' ' << countText(total, "address", "addresses")
        << ". The server leases them again at the times below.\n\n";
    table.print(out, 4);
}

nlohmann::ordered_json
declinedJson(const std::vector<DeclinedCount>& declined) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& count : declined) {
        list.push_back({{"subnet_id", count.subnet},
                        {"count", count.declined},
                        {"first_until", utcRfc3339(count.first_free)},
                        {"last_until", utcRfc3339(count.last_free)}});
    }
    return (list);
}

void
printFreeingScript(std::ostream& out, const std::vector<DeclinedAddress>& declined,
                   const std::string& socket) {
    out << SCRIPT << "\nsocket=" << shellQuoted(socket) << '\n';
    if (declined.empty()) {
        out << "\n# The lease files have no declined address.\n";
    }
    for (const auto& [subnet, count] : countBySubnet(declined)) {
        for (const auto& [cause, number] : count.by_cause) {
            out << "\n# Subnet " << subnet << ": "
                << countText(number, "declined address", "declined addresses") << describe(cause)
                << ".\n";
            printAddresses(out, declined, subnet, cause);
        }
    }
}

}  // namespace clone_guard
