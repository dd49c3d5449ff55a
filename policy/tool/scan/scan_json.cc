// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_json.h>
#include <tool/scan/declined_report.h>
#include <tool/scan/scan_json.h>
#include <tool/scan/scan_wording.h>

#include <core/audit/identifier_json.h>
#include <core/explain/vendors.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

Json
seenMachineJson(const SeenMachine& machine, const Inventory& inventory) {
    auto object = machineJson(machine, inventory);
    if (machine.prefix == 0) {
        object["subnet_id"] = machine.subnet;
    } else {
        object["subnet"] = subnetText(machine);
    }
    object["records"] = machine.leases;
    object["set_aside"] = machine.set_aside;
    return (object);
}

Json
evidenceJson(const SharedIdentifier& shared) {
    const auto& evidence = shared.evidence;
    return {{"changes", evidence.changes},     {"returns", evidence.returns},
            {"live", evidence.live_changes},   {"deleted", evidence.deletions},
            {"both", evidence.simultaneous},   {"open", evidence.undecided},
            {"set_aside", evidence.set_aside}, {"text", evidenceText(shared)}};
}

Json
sharedIdentifierJson(const SharedIdentifier& shared, const ScanNames& names) {
    const auto explanation = explain(shared, names);
    Json object{{"sharing", jsonName(shared.sharing)}};
    if (looksDerived(shared.identifier)) {
        object["client_id_sha256"] = toHex(ByteView(shared.identifier).from(4));
    } else {
        object.update(identifierJson(shared.identifier, explanation));
    }
    object["evidence"] = evidenceJson(shared);
    object["machines"] = Json::array();
    for (const auto& machine : shared.machines) {
        object["machines"].push_back(seenMachineJson(machine, names.inventory));
    }
    object["remedy"] = explanation.remedy;
    return (object);
}

}  // namespace

const char*
jsonName(Sharing sharing) noexcept {
    switch (sharing) {
    case Sharing::CLONES:
        return ("clones");
    case Sharing::SEALED:
        return ("sealed");
    case Sharing::MOVED:
        return ("moved");
    case Sharing::SEPARATE_SUBNETS:
        break;
    }
    return ("apart");
}

nlohmann::ordered_json
sharedDuidJson(const SharedDuid& shared, const ScanNames& names,
               const std::function<nlohmann::ordered_json(const SeenMachine&)>& machine_json) {
    auto object = duidJson(shared.duid, explain(shared, names));
    object["machines"] = Json::array();
    for (const auto& [identifier, machine] : shared.machines) {
        auto entry = machine_json(machine);
        entry["client_id"] = toHex(identifier);
        object["machines"].push_back(std::move(entry));
    }
    return (object);
}

nlohmann::ordered_json
machineJson(const SeenMachine& machine, const Inventory& inventory) {
    Json object{{"hw_address", machine.address.toText()}};
    const auto vendor = hardwareVendor(machine.address.bytes());
    if (!vendor.empty()) {
        object["hw_vendor"] = vendor;
    }
    if (!machine.hostname.empty()) {
        object["hostname"] = escape(machine.hostname);
    }
    putInventory(object, inventory, machine.address.bytes());
    object["state"] = toText(machine.state);
    object["addresses"] = Json::array();
    for (const auto& address : machine.addresses) {
        object["addresses"].push_back(address.toText());
    }
    object["first_seen"] = utcRfc3339(machine.first);
    object["last_seen"] = utcRfc3339(machine.last);
    return (object);
}

Json
scanJson(const ScanResult& result, const ScanNames& names) {
    Json object{{"clones", Json::array()}, {"sealed", Json::array()}, {"moved", Json::array()},
                {"apart", Json::array()},  {"duids", Json::array()},  {"files", Json::array()}};
    for (const auto& shared : result.shared) {
        object[jsonName(shared.sharing)].push_back(sharedIdentifierJson(shared, names));
    }
    for (const auto& shared : result.duids) {
        object["duids"].push_back(sharedDuidJson(shared, names, [&names](const SeenMachine& machine) {
            return (seenMachineJson(machine, names.inventory));
        }));
    }
    if (!names.inventory.empty()) {
        object["duplicate_hw_addresses"] = duplicatesJson(names.inventory);
    }
    object["declined"] =
        result.isOfServer() ? declinedJson(result.declined_counts) : declinedJson(result.declined);
    if (result.not_compared > 0) {
        object["not_compared"] = result.not_compared;
    }
    object["without_client_id"] = result.without_identifier;
    for (const auto& file : result.files) {
        Json entry{{"path", escape(file.path)},
                   {"format", formatName(file.format)},
                   {"records", file.leases},
                   {"damaged", file.damaged}};
        if (*formatLimit(file.format) != '\0') {
            entry["limit"] = formatLimit(file.format);
        }
        object["files"].push_back(std::move(entry));
    }
    return (object);
}

}  // namespace clone_guard
