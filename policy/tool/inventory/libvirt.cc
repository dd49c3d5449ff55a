// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/libvirt.h>

#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/inventory/disk_image.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>
#include <system_error>

namespace clone_guard {

namespace {

namespace fs = std::filesystem;
namespace pt = boost::property_tree;

/// A definition has some 10 KB, and a few hundred elements.
constexpr size_t MAX_DEFINITION = size_t{4} << 20U;
/// The parser is recursive, so the number of elements is its depth at most.
constexpr std::ptrdiff_t MAX_ELEMENTS = 5000;

struct Card {
    Bytes hw_address;
    std::string bridge;
    std::string vlan;
};

struct Domain {
    std::string name;
    std::vector<Card> cards;
    std::vector<std::string> disks;                 ///< paths of its images
    std::vector<std::vector<std::string>> backing;  ///< the images below each, from the definition
};

/// Returns an attribute or text, or an empty text if it is absent.
std::string
textAt(const pt::ptree& node, const char* path) {
    return (node.get<std::string>(path, ""));
}

/// Returns the image of a <disk>, <backingStore> or <source>: a file, a block device, or a volume's name.
std::string
imageOf(const pt::ptree& node) {
    for (const auto* attribute : {"file", "dev", "volume", "name"}) {
        auto image = textAt(node, (std::string("source.<xmlattr>.") + attribute).c_str());
        if (!image.empty()) {
            return (image);
        }
    }
    return {};
}

void
readDisk(const pt::ptree& disk, Domain& domain) {
    const auto device = textAt(disk, "<xmlattr>.device");
    const auto image = imageOf(disk);
    if ((!device.empty() && device != "disk") || image.empty()) {
        return;
    }
    std::vector<std::string> backing;
    // `virsh dumpxml` shows the chain of a running domain.
    for (auto store = disk.get_child_optional("backingStore"); store;
         store = store->get_child_optional("backingStore")) {
        const auto below = imageOf(*store);
        if (!below.empty()) {
            backing.push_back(below);
        }
    }
    domain.disks.push_back(image);
    domain.backing.push_back(std::move(backing));
}

void
readCard(const pt::ptree& interface, Domain& domain) {
    const auto mac = parseMac(textAt(interface, "mac.<xmlattr>.address"));
    if (!mac) {
        return;
    }
    Card card{*mac, "", textAt(interface, "vlan.tag.<xmlattr>.id")};
    for (const auto* attribute : {"bridge", "network", "dev"}) {
        if (card.bridge.empty()) {
            card.bridge = textAt(interface, (std::string("source.<xmlattr>.") + attribute).c_str());
        }
    }
    domain.cards.push_back(std::move(card));
}

Domain
readDomain(const pt::ptree& node) {
    Domain domain;
    domain.name = textAt(node, "name");
    const auto devices = node.get_child_optional("devices");
    if (devices) {
        for (const auto& [key, device] : *devices) {
            if (key == "disk") {
                readDisk(device, domain);
            } else if (key == "interface") {
                readCard(device, domain);
            }
        }
    }
    return (domain);
}

/// Removes the declaration of each document, which a file with several outputs of `virsh dumpxml` repeats.
std::string
withoutDeclarations(std::string text) {
    for (auto begin = text.find("<?xml"); begin != std::string::npos;
         begin = text.find("<?xml", begin)) {
        const auto end = text.find("?>", begin);
        text.erase(begin, end == std::string::npos ? end : end + 2 - begin);
    }
    return (text);
}

/// Reads the domains of a file.
///
/// @param text the text of the file.
/// @throw Failure if the text is not XML.
void
readText(const std::string& path, const std::string& text, std::vector<Domain>& domains) {
    if (std::count(text.begin(), text.end(), '<') > MAX_ELEMENTS) {
        throw Failure(inQuotes(path) + " has too many elements for a definition of libvirt");
    }
    pt::ptree tree;
    try {
        std::istringstream in("<all>" + withoutDeclarations(text) + "</all>");
        pt::read_xml(in, tree, pt::xml_parser::no_comments);
    } catch (const pt::xml_parser_error& error) {
        throw Failure(inQuotes(path) + " is not valid XML: line " + std::to_string(error.line()) + ": " +
                      error.message());
    }
    for (const auto& [name, node] : tree.front().second) {
        // libvirt keeps the definition of a running domain inside its state.
        const auto inner = name == "domstatus" ? node.get_child_optional("domain") : boost::none;
        if (name == "domain" || inner) {
            domains.push_back(readDomain(inner ? *inner : node));
        }
    }
}

std::string
textOfFile(const std::string& path) {
    LineReader lines(path);
    std::string text;
    if (!lines.readRest(text, MAX_DEFINITION)) {
        throw Failure(inQuotes(path) + " is too long for a definition of libvirt");
    }
    return (text);
}

/// Returns the *.xml in a directory, by name.
std::vector<std::string>
filesIn(const std::string& directory, std::error_code& error) {
    std::vector<std::string> files;
    for (auto entry = fs::directory_iterator(directory, error);
         !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() == ".xml" && fs::is_regular_file(entry->path(), ignored)) {
            files.push_back(entry->path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return (files);
}

/// Returns the images below an image: by its header, otherwise by the definition.
BackingChain
chainOf(const Domain& domain, size_t disk) {
    auto chain = backingChain(domain.disks[disk]);
    if (chain.files.empty() && !domain.backing[disk].empty()) {
        chain.files = domain.backing[disk];
        chain.is_complete = true;
    }
    return (chain);
}

/// Finds the template of a domain.
///
/// @param owners the names of the domains by their images.
void
findOrigin(const Domain& domain, const std::map<std::string, std::string>& owners,
           KnownMachine& machine) {
    bool is_complete = true;
    for (size_t disk = 0; disk < domain.disks.size(); ++disk) {
        const auto chain = chainOf(domain, disk);
        is_complete = is_complete && chain.is_complete;
        for (const auto& file : chain.files) {
            const auto owner = owners.find(file);
            if (owner != owners.end() && owner->second != domain.name) {
                machine.from.name = owner->second;
                return;
            }
        }
        if (!chain.files.empty()) {
            machine.from.name = fs::path(chain.files.back()).filename().string();
            return;
        }
    }
    machine.lacks_origin = !domain.disks.empty() && is_complete;
}

void
addDomains(const std::vector<Domain>& domains, Inventory& inventory) {
    std::map<std::string, std::string> owners;
    for (const auto& domain : domains) {
        for (const auto& disk : domain.disks) {
            owners.emplace(disk, domain.name);
        }
    }
    for (const auto& domain : domains) {
        KnownMachine machine;
        machine.kind = MachineKind::DOMAIN;
        machine.name = domain.name;
        findOrigin(domain, owners, machine);
        for (const auto& card : domain.cards) {
            machine.bridge = card.bridge;
            machine.vlan = card.vlan;
            inventory.add(card.hw_address, machine);
        }
    }
}

}  // namespace

bool
isLibvirt(const std::string& directory) {
    std::error_code ignored;
    const auto files = filesIn(directory, ignored);
    return (std::any_of(files.begin(), files.end(), [](const std::string& path) {
        try {
            return (textOfFile(path).find("<domain") != std::string::npos);
        } catch (const Failure&) {
            return (false);
        }
    }));
}

void
readLibvirt(const std::string& source, Inventory& inventory) {
    std::vector<Domain> domains;
    std::error_code error;
    if (!fs::is_directory(source, error)) {
        readText(source, textOfFile(source), domains);
        if (domains.empty()) {
            throw Failure(inQuotes(source) + " has no domain of libvirt");
        }
    } else {
        for (const auto& path : filesIn(source, error)) {
            try {
                readText(path, textOfFile(path), domains);
            } catch (const Failure& failure) {
                inventory.addMistake(failure.what());
            }
        }
        if (domains.empty()) {
            throw Failure(inventory.mistakes().empty() ? inQuotes(source) + " has no domain of libvirt"
                                                       : inventory.mistakes().back());
        }
    }
    addDomains(domains, inventory);
}

}  // namespace clone_guard
