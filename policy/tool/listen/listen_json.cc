// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_json.h>
#include <tool/listen/listen_json.h>
#include <tool/listen/listen_wording.h>
#include <tool/scan/scan_json.h>

#include <core/audit/identifier_json.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

Json
observedMachineJson(const SeenMachine& machine, const Inventory& inventory) {
    auto object = machineJson(machine, inventory);
    object["messages"] = machine.leases;
    return (object);
}

Json
identifierJson(const ObservedIdentifier& found, bool is_live, const ScanNames& names) {
    const auto known = explain(found, names);
    const auto& evidence = found.shared.evidence;
    Json object{{"sharing", jsonName(found.shared.sharing)}};
    object.update(identifierJson(found.shared.identifier, known));
    object["segments"] = segmentTexts(found.segments, is_live);
    object["evidence"] = {{"changes", evidence.changes},   {"returns", evidence.returns},
                          {"live", evidence.live_changes}, {"open", found.unreturned},
                          {"confirmed", found.confirmed},  {"text", evidenceText(found)}};
    object["machines"] = Json::array();
    for (const auto& machine : found.shared.machines) {
        object["machines"].push_back(observedMachineJson(machine, names.inventory));
    }
    object["remedy"] = known.remedy;
    return (object);
}

Json
addressJson(const SeenAddress& address, uint32_t vlan) {
    Json object{{"address", address.toText()}};
    if (vlan != 0) {
        object["vlan"] = vlanText(vlan);
    }
    return (object);
}

Json
serverJson(const ObservedServer& server, bool is_live) {
    Json object{{"server", server.server.toText()}};
    if (!server.duid.empty()) {
        object["duid"] = toHex(server.duid);
    }
    if (!server.hw_address.bytes().empty()) {
        object["hw_address"] = server.hw_address.toText();
    }
    object["segments"] = segmentTexts(server.segments, is_live);
    object["offers"] = server.offers;
    object["acks"] = server.acknowledgements;
    object["naks"] = server.refusals;
    object["competing"] = server.competing;
    object["with_client_id"] = server.with_identifier;
    object["without_client_id"] = server.without_identifier;
    return (object);
}

Json
countsJson(const Observation& found, const CaptureCounts& counts) {
    Json object{{"frames", counts.frames},
                {"queries", found.queries},
                {"replies", found.replies},
                {"machines", found.machines},
                {"client_ids", found.known_identifiers},
                {"damaged", counts.damaged},
                {"cut", counts.cut},
                {"dropped", counts.dropped},
                {"unidentified", found.unidentified},
                {"omitted", found.omitted}};
    if (found.queries + found.replies > 0) {
        object["first"] = utcRfc3339(found.first);
        object["last"] = utcRfc3339(found.last);
    }
    return (object);
}

}  // namespace

Json
listenJson(const Observation& found, const CaptureCounts& counts, const ScanNames& names) {
    Json object{{"clones", Json::array()},   {"sealed", Json::array()},  {"moved", Json::array()},
                {"apart", Json::array()},    {"duids", Json::array()},   {"addresses", Json::array()},
                {"declined", Json::array()}, {"servers", Json::array()}, {"sources", Json::array()}};
    for (const auto& one : found.identifiers) {
        object[jsonName(one.shared.sharing)].push_back(identifierJson(one, counts.is_live, names));
    }
    for (const auto& one : found.duids) {
        auto entry = sharedDuidJson(one, names, [&names](const SeenMachine& machine) {
            return (observedMachineJson(machine, names.inventory));
        });
        const auto proof = inventoryText(one, names.inventory);
        if (!proof.empty()) {
            entry["inventory"] = proof;
        }
        object["duids"].push_back(std::move(entry));
    }
    for (const auto& one : found.addresses) {
        auto entry = addressJson(one.address, one.vlan);
        entry["changes"] = one.changes;
        entry["machines"] = Json::array();
        for (const auto& machine : one.machines) {
            entry["machines"].push_back(machine.toText());
        }
        object["addresses"].push_back(std::move(entry));
    }
    for (const auto& one : found.declined) {
        auto entry = addressJson(one.address, one.vlan);
        entry["count"] = one.count;
        entry["hw_address"] = one.machine.toText();
        entry["last"] = utcRfc3339(one.last);
        object["declined"].push_back(std::move(entry));
    }
    for (const auto& server : found.servers) {
        object["servers"].push_back(serverJson(server, counts.is_live));
    }
    for (const auto& source : counts.sources) {
        Json entry{{"name", escape(source.name)}};
        if (!source.failure.empty()) {
            entry["failure"] = source.failure;
        }
        object["sources"].push_back(std::move(entry));
    }
    if (!names.inventory.empty()) {
        object["duplicate_hw_addresses"] = duplicatesJson(names.inventory);
    }
    object["counts"] = countsJson(found, counts);
    return (object);
}

}  // namespace clone_guard
