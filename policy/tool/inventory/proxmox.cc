// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/proxmox.h>

#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/text.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>

namespace clone_guard {

namespace {

namespace fs = std::filesystem;

constexpr const char* VMS = "qemu-server";
constexpr const char* CONTAINERS = "lxc";
constexpr std::string_view DIGITS = "0123456789";
/// A hardware address with colons.
constexpr size_t MAC_TEXT = 17;

/// The keys of disks, without their numbers. A disk that is detached ("unused0") shows no origin.
constexpr std::array<std::string_view, 6> DISKS{{"scsi", "virtio", "sata", "ide", "rootfs", "mp"}};

struct Card {
    Bytes hw_address;
    std::string bridge;
    std::string vlan;
};

/// A machine with its network cards, before its template is known.
struct Definition {
    KnownMachine machine;
    std::vector<Card> cards;
    std::string base;  ///< number of the template
};

bool
isDirectory(const fs::path& path) {
    std::error_code ignored;
    return (fs::is_directory(path, ignored));
}

bool
isNode(const fs::path& directory) {
    return (isDirectory(directory / VMS) || isDirectory(directory / CONTAINERS));
}

/// Returns the entries of a directory by name; std::nullopt if it cannot be read.
std::optional<std::vector<fs::path>>
entriesOf(const fs::path& directory, std::error_code& error) {
    std::vector<fs::path> all;
    for (auto entry = fs::directory_iterator(directory, error);
         !error && entry != fs::directory_iterator(); entry.increment(error)) {
        all.push_back(entry->path());
    }
    if (error) {
        return (std::nullopt);
    }
    std::sort(all.begin(), all.end());
    return (all);
}

/// Returns the directories of the nodes. /etc/pve has links to the local node beside nodes/, so nodes/ comes first.
std::vector<fs::path>
nodesOf(const fs::path& directory) {
    for (const auto& parent : {directory / "nodes", directory}) {
        std::vector<fs::path> nodes;
        std::error_code ignored;
        for (const auto& path : entriesOf(parent, ignored).value_or(std::vector<fs::path>())) {
            if (isNode(path)) {
                nodes.push_back(path);
            }
        }
        if (!nodes.empty()) {
            return (nodes);
        }
        if (parent == directory && isNode(directory)) {
            return {directory};
        }
    }
    return {};
}

/// Calls back with key and value of each "key=value", and with an empty key for other parts.
template <typename Callback>
void
forEachPart(std::string_view value, const Callback& callback) {
    for (size_t begin = 0; begin <= value.size();) {
        const auto end = std::min(value.find(',', begin), value.size());
        const auto part = trimmed(value.substr(begin, end - begin));
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) {
            callback(std::string_view(), part);
        } else {
            callback(part.substr(0, equals), part.substr(equals + 1));
        }
        begin = end + 1;
    }
}

/// Checks for a key with a number: "net0" for "net".
bool
isNumbered(std::string_view key, std::string_view name) {
    return (key.substr(0, name.size()) == name &&
            key.find_first_not_of(DIGITS, name.size()) == std::string_view::npos &&
            (key.size() > name.size() || name == "rootfs"));
}

bool
isDisk(std::string_view key) {
    return (std::any_of(DISKS.begin(), DISKS.end(),
                        [key](std::string_view name) { return (isNumbered(key, name)); }));
}

/// Reads a network card: "virtio=BC:24:11:5E:00:01,bridge=vmbr0,tag=5", or "name=eth0,hwaddr=...,bridge=vmbr0".
std::optional<Card>
readCard(std::string_view value) {
    Card card;
    forEachPart(value, [&card](std::string_view key, std::string_view part) {
        if (key == "bridge") {
            card.bridge = std::string(part);
        } else if (key == "tag") {
            card.vlan = std::string(part);
        } else if (part.size() == MAC_TEXT && part.find(':') != std::string_view::npos) {
            card.hw_address = parseMac(part).value_or(card.hw_address);
        }
    });
    return (card.hw_address.empty() ? std::nullopt : std::make_optional(card));
}

/// Reads a disk: "local-zfs:base-9000-disk-0/vm-101-disk-0,size=8G".
void
readDisk(std::string_view value, Definition& definition) {
    const auto volume = value.substr(0, value.find(','));
    const auto colon = volume.find(':');
    if (colon == std::string_view::npos || volume.find("cloudinit") != std::string_view::npos ||
        value.find("media=cdrom") != std::string_view::npos) {
        return;
    }
    const auto base = baseOfVolume(volume.substr(colon + 1));
    if (definition.base.empty()) {
        definition.base = base;
    }
    definition.machine.lacks_origin = true;  // until a disk with a base is found
}

/// Reads the configuration of a machine up to its first section, which is a snapshot or a pending change.
void
readLines(LineReader& lines, Definition& definition) {
    std::string_view line;
    while (lines.next(line)) {
        line = trimmed(line);
        if (!line.empty() && line.front() == '[') {
            break;
        }
        const auto colon = line.find(':');
        if (line.empty() || line.front() == '#' || colon == std::string_view::npos) {
            continue;
        }
        const auto key = line.substr(0, colon);
        const auto value = trimmed(line.substr(colon + 1));
        if (key == "name" || key == "hostname") {
            definition.machine.name = std::string(value);
        } else if (key == "template") {
            definition.machine.is_template = value == "1";
        } else if (isNumbered(key, "net")) {
            if (auto card = readCard(value)) {
                definition.cards.push_back(std::move(*card));
            }
        } else if (isDisk(key)) {
            readDisk(value, definition);
        }
    }
    auto& machine = definition.machine;
    machine.lacks_origin = machine.lacks_origin && definition.base.empty() && !machine.is_template;
}

/// Reads the files of one kind in a node.
///
/// @return the number of files that were read.
size_t
readFiles(const fs::path& node, const char* folder, MachineKind kind,
          std::vector<Definition>& definitions, Inventory& inventory) {
    size_t count = 0;
    std::error_code error;
    const auto files = entriesOf(node / folder, error);
    if (!files) {
        if (isDirectory(node / folder)) {
            inventory.addMistake(inQuotes((node / folder).string()) +
                                 " cannot be read: " + error.message());
        }
        return (isDirectory(node / folder) ? 0 : 1);
    }
    for (const auto& file : *files) {
        const auto number = file.stem().string();
        if (file.extension() != ".conf" || number.empty() ||
            number.find_first_not_of(DIGITS) != std::string::npos) {
            continue;
        }
        Definition definition;
        definition.machine.kind = kind;
        definition.machine.number = number;
        definition.machine.node = node.filename().string();
        try {
            LineReader lines(file.string());
            readLines(lines, definition);
        } catch (const Failure& failure) {
            inventory.addMistake(failure.what());
            continue;
        }
        ++count;
        definitions.push_back(std::move(definition));
    }
    return (count + (files->empty() ? 1 : 0));
}

}  // namespace

std::string
baseOfVolume(std::string_view volume) {
    for (size_t begin = 0; begin < volume.size();) {
        const auto end = volume.find('/', begin);
        if (end == std::string_view::npos) {
            break;  // the last part is the machine's own volume
        }
        const auto part = volume.substr(begin, end - begin);
        for (const std::string_view mark : {"base-", "basevol-"}) {
            const auto number = part.substr(std::min(mark.size(), part.size()));
            const auto digits = std::min(number.find_first_not_of(DIGITS), number.size());
            if (part.substr(0, mark.size()) == mark && digits > 0 && number.substr(digits, 1) == "-") {
                return (std::string(number.substr(0, digits)));
            }
        }
        begin = end + 1;
    }
    return {};
}

bool
isProxmox(const std::string& directory) {
    return (!nodesOf(directory).empty());
}

void
readProxmox(const std::string& directory, Inventory& inventory) {
    std::vector<Definition> definitions;
    size_t read = 0;
    auto root = fs::absolute(directory).lexically_normal();
    root = root.has_filename()
               ? root
               : root.parent_path();  // the name of a node's directory is that of the node
    for (const auto& node : nodesOf(root)) {
        read += readFiles(node, VMS, MachineKind::VM, definitions, inventory);
        read += readFiles(node, CONTAINERS, MachineKind::CONTAINER, definitions, inventory);
    }
    if (read == 0 && !inventory.mistakes().empty()) {
        throw Failure(inventory.mistakes().back() + "; run this as root, or name a copy of " +
                      inQuotes(directory));
    }
    // A number is unique in the cluster.
    std::map<std::string, std::string> names;
    for (const auto& [machine, cards, base] : definitions) {
        names.emplace(machine.number, machine.name);
        if (machine.is_template) {
            inventory.addTemplate({machine.number, machine.name});
        }
    }
    for (auto& [machine, cards, base] : definitions) {
        if (!base.empty()) {
            const auto name = names.find(base);
            machine.from = {base, name == names.end() ? std::string() : name->second};
        }
        for (const auto& card : cards) {
            machine.bridge = card.bridge;
            machine.vlan = card.vlan;
            inventory.add(card.hw_address, machine);
        }
    }
}

}  // namespace clone_guard
