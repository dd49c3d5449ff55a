// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/server_leases.h>

#include <tool/cli/server_pages.h>
#include <tool/scan/lease_history.h>
#include <tool/scan/lease_text.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <tuple>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// A scan that another caller disturbs is repeated this often.
constexpr int ATTEMPTS = 3;

/// The beginning of a derived identifier with a digest, by which the report recognises one.
constexpr std::array<uint8_t, 4> DIGEST_MARK{{0x00, 0x43, 0x47, 0x81}};

std::string
textAt(const Json& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_string() ? found->get<std::string>() : std::string());
}

int64_t
numberAt(const Json& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0);
}

bool
flagAt(const Json& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_boolean() && found->get<bool>());
}

/// Returns the list with a name, or an empty list.
Json
listAt(const Json& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_array() ? *found : Json::array());
}

/// Returns the identifier, digest or DUID of a finding; empty if it is invalid.
Bytes
keyOf(const Json& found) {
    for (const auto* name : {"client-id", "duid"}) {
        const auto bytes = fromHex(textAt(found, name));
        if (bytes && !bytes->empty()) {
            return (*bytes);
        }
    }
    const auto digest = fromHex(textAt(found, "client-id-sha256"));
    Bytes key;
    if (digest && !digest->empty()) {
        key.assign(DIGEST_MARK.begin(), DIGEST_MARK.end());
        key.insert(key.end(), digest->begin(), digest->end());
    }
    return (key);
}

/// Adds a lease to the machine that has it.
void
addLease(const Json& lease, const HardwareAddress& address, SeenMachine& machine) {
    const auto time = utcFromSeconds(numberAt(lease, "cltt"));
    const bool is_new = machine.leases == 0;
    const auto ip = parseAddress(textAt(lease, "ip-address"));
    if (ip &&
        std::find(machine.addresses.begin(), machine.addresses.end(), *ip) != machine.addresses.end()) {
        return;  // an earlier page had it
    }
    machine.address = address;
    machine.subnet = static_cast<uint32_t>(numberAt(lease, "subnet-id"));
    machine.first = is_new ? time : std::min(machine.first, time);
    machine.last = std::max(machine.last, time);
    machine.set_aside = machine.set_aside || flagAt(lease, "claimant");
    machine.state = flagAt(lease, "expired") && (is_new || machine.state == MachineState::EXPIRED)
                        ? MachineState::EXPIRED
                        : MachineState::ACTIVE;
    if (!textAt(lease, "hostname").empty()) {
        machine.hostname = textAt(lease, "hostname");
    }
    if (ip) {
        machine.addresses.push_back(*ip);
    }
    ++machine.leases;
}

}  // namespace

void
ServerLeases::addLeases(const Json& found, Finding& finding) {
    finding.template_name = textAt(found, "template");
    for (const auto& lease : listAt(found, "leases")) {
        const auto bytes = fromHex(textAt(lease, "hw-address"));
        if (!bytes || bytes->empty()) {
            continue;
        }
        const HardwareAddress address(HardwareAddress::ETHERNET, *bytes);
        const auto place = std::make_pair(address, static_cast<uint32_t>(numberAt(lease, "subnet-id")));
        auto& machine = finding.machines[place];
        if (machine.addresses.size() < LeaseHistory::MAX_ADDRESSES) {
            addLease(lease, address, machine);
        }
        const auto identifier = fromHex(textAt(lease, "client-id"));
        finding.identifiers[place] = identifier ? *identifier : Bytes();
    }
}

void
ServerLeases::addFindings(const Json& page, const char* list) {
    auto& findings = std::string_view(list) == "duids" ? duids_ : identifiers_;
    for (const auto& found : listAt(page, list)) {
        const auto key = keyOf(found);
        if (!key.empty()) {
            addLeases(found, findings[key]);
        }
    }
}

void
ServerLeases::addDeclined(const Json& page) {
    for (const auto& found : listAt(page, "declined")) {
        const auto subnet = static_cast<uint32_t>(numberAt(found, "subnet-id"));
        const auto first = utcFromSeconds(numberAt(found, "first-until"));
        const auto last = utcFromSeconds(numberAt(found, "last-until"));
        auto& count = declined_.emplace(subnet, DeclinedCount{subnet, 0, first, last}).first->second;
        count.declined += static_cast<uint64_t>(std::max<int64_t>(numberAt(found, "count"), 0));
        count.first_free = std::min(count.first_free, first);
        count.last_free = std::max(count.last_free, last);
    }
}

void
ServerLeases::add(const Json& page) {
    leases_ += static_cast<uint64_t>(std::max<int64_t>(numberAt(page, "leases"), 0));
    not_compared_ += static_cast<uint64_t>(std::max<int64_t>(numberAt(page, "not-compared"), 0));
    is_whole_ =
        is_whole_ && (textAt(page, "compared-from").empty() || textAt(page, "compared-from") == "start");
    addFindings(page, "client-ids");
    addFindings(page, "duids");
    addDeclined(page);
}

/// Decides what the leases of one identifier prove.
SharedIdentifier
ServerLeases::sharedIdentifier(const Bytes& identifier, const Finding& finding) {
    SharedIdentifier shared;
    shared.identifier = identifier;
    shared.template_name = finding.template_name;
    std::map<uint32_t, std::pair<size_t, size_t>> counts;  // machines and active machines by subnet
    for (const auto& [place, machine] : finding.machines) {
        auto& [all, active] = counts[machine.subnet];
        ++all;
        active += machine.state == MachineState::ACTIVE && !machine.set_aside ? 1 : 0;
        shared.evidence.set_aside = shared.evidence.set_aside || machine.set_aside;
        shared.machines.push_back(machine);
    }
    for (const auto& [subnet, count] : counts) {
        shared.evidence.simultaneous = shared.evidence.simultaneous || count.second > 1;
        shared.evidence.changes += count.first - 1;
    }
    if (shared.evidence.set_aside || shared.evidence.simultaneous) {
        shared.sharing = Sharing::CLONES;
        shared.evidence.changes = 0;  // the order in which the machines took turns is unknown
    } else if (shared.evidence.changes > 0) {
        shared.sharing = Sharing::MOVED;
    }
    std::sort(shared.machines.begin(), shared.machines.end(),
              [](const SeenMachine& left, const SeenMachine& right) {
                  return (std::tie(left.first, left.address) < std::tie(right.first, right.address));
              });
    return (shared);
}

ScanResult
ServerLeases::result(const std::string& path) const {
    ScanResult result;
    for (const auto& [identifier, finding] : identifiers_) {
        if (!finding.machines.empty()) {
            result.shared.push_back(sharedIdentifier(identifier, finding));
        }
    }
    std::stable_sort(result.shared.begin(), result.shared.end(),
                     [](const SharedIdentifier& left, const SharedIdentifier& right) {
                         return (std::make_pair(left.sharing, right.machines.size()) <
                                 std::make_pair(right.sharing, left.machines.size()));
                     });
    for (const auto& [duid, finding] : duids_) {
        SharedDuid shared{duid, {}, finding.template_name};
        for (const auto& [place, machine] : finding.machines) {
            shared.machines.emplace_back(finding.identifiers.at(place), machine);
        }
        result.duids.push_back(std::move(shared));
    }
    for (const auto& [subnet, count] : declined_) {
        result.declined_counts.push_back(count);
    }
    result.files.push_back({path, leases_, 0, LeaseFormat::SERVER});
    result.not_compared = not_compared_;
    result.is_whole = is_whole_;
    return (result);
}

ScanResult
scanServer(const std::string& path) {
    const ControlSocket server(path);
    ServerLeases leases;
    for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
        leases = ServerLeases();
        forEachPage(server, "clone-guard-scan", Json(),
                    [&leases](const ControlSocket::Answer& page) { leases.add(page.arguments); });
        if (leases.isWhole()) {
            break;
        }
    }
    return (leases.result(path));
}

}  // namespace clone_guard
