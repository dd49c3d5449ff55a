// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/kea_reservations.h>

#include <tool/cli/failure.h>
#include <tool/cli/kea_json.h>
#include <tool/cli/line_reader.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t MAX_CONFIGURATION = size_t{256} << 20U;
/// A configuration has "reservations" a few levels deep; deeper levels are not searched.
constexpr int MAX_DEPTH = 16;

std::string
stringMember(const Json& map, const char* key) {
    const auto found = map.find(key);
    return (found != map.end() && found->is_string() ? found->get<std::string>() : std::string());
}

size_t
readReservations(const Json& list, Inventory& inventory) {
    size_t count = 0;
    for (const auto& reservation : list) {
        if (!reservation.is_object()) {
            continue;
        }
        const auto bytes = fromHex(stringMember(reservation, "hw-address"));
        KnownMachine machine;
        machine.kind = MachineKind::RESERVED;
        machine.name = stringMember(reservation, "hostname");
        if (bytes && !bytes->empty() && !machine.name.empty()) {
            inventory.add(*bytes, machine);
            ++count;
        }
    }
    return (count);
}

size_t
search(const Json& node, Inventory& inventory, int depth) {
    size_t count = 0;
    if (depth >= MAX_DEPTH || !node.is_structured()) {
        return (count);
    }
    for (const auto& item : node.items()) {
        count += node.is_object() && item.key() == "reservations" && item.value().is_array()
                     ? readReservations(item.value(), inventory)
                     : search(item.value(), inventory, depth + 1);
    }
    return (count);
}

}  // namespace

void
readKeaReservations(const std::string& path, Inventory& inventory) {
    LineReader lines(path);
    std::string text;
    if (!lines.readRest(text, MAX_CONFIGURATION)) {
        throw Failure(inQuotes(path) + " is too long for a configuration of Kea");
    }
    const auto json = Json::parse(standardJson(text), nullptr, false);
    if (json.is_discarded()) {
        throw Failure(inQuotes(path) + " is not valid JSON" +
                      (text.find("<?include") == std::string::npos
                           ? ""
                           : ": name the files of its <?include?> instead"));
    }
    if (search(json, inventory, 0) == 0) {
        throw Failure(inQuotes(path) +
                      " is not an inventory: it has no reservation with hw-address and hostname");
    }
}

}  // namespace clone_guard
