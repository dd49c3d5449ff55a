// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_source.h>

#include <tool/cli/count_text.h>
#include <tool/cli/failure.h>
#include <tool/cli/kea_json.h>
#include <tool/cli/line_reader.h>
#include <tool/inventory/kea_reservations.h>
#include <tool/inventory/libvirt.h>
#include <tool/inventory/machine_list.h>
#include <tool/inventory/proxmox.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace clone_guard {

namespace {

namespace fs = std::filesystem;

/// A file shows its kind before this: comments are short.
constexpr size_t HEAD = 16384;
/// The number of mistakes that are printed.
constexpr size_t MAX_MISTAKES = 10;

/// Returns the first character of the content, after blanks and the comments that Kea accepts.
char
firstCharacter(const std::string& path) {
    LineReader lines(path);
    const auto text = standardJson(lines.peek(HEAD));
    const auto at = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return (at == std::string::npos ? '\0' : text[at]);
}

void
readDirectory(const std::string& source, Inventory& inventory) {
    if (isProxmox(source)) {
        readProxmox(source, inventory);
    } else if (isLibvirt(source)) {
        readLibvirt(source, inventory);
    } else {
        std::error_code error;
        const fs::directory_iterator readable(source, error);
        throw Failure(inQuotes(source) +
                      (error
                           ? " cannot be read: " + error.message()
                           : " is not an inventory: it has neither the qemu-server and lxc of Proxmox, "
                             "as /etc/pve has, nor definitions of libvirt"));
    }
}

}  // namespace

void
readInventory(const std::string& source, Inventory& inventory) {
    std::error_code error;
    if (fs::is_directory(source, error)) {
        readDirectory(source, inventory);
        return;
    }
    if (source == "-") {
        throw Failure("an inventory is a file or a directory, not the standard input");
    }
    switch (firstCharacter(source)) {
    case '\0':
        throw Failure(inQuotes(source) + " is not an inventory: it is empty");
    case '<':
        readLibvirt(source, inventory);
        break;
    case '{':
    case '[':
        readKeaReservations(source, inventory);
        break;
    default:
        readMachineList(source, inventory);
    }
}

void
InventoryOption::declare(Options& options) {
    options.files(
        "inventory", "SOURCE", sources_,
        "names of machines: a directory of Proxmox or libvirt, a CSV file (mac,name,template), "
        "or Kea's configuration; may be repeated (default: /etc/pve on a Proxmox host)");
}

Inventory
InventoryOption::read(const std::string& host) const {
    Inventory inventory;
    for (const auto& source : sources_) {
        readInventory(source, inventory);
    }
    if (sources_.empty() && isProxmox(host)) {
        try {
            readProxmox(host, inventory);
        } catch (const Failure& failure) {
            std::cerr << "clone-guard: " << failure.what()
                      << "; machines are shown without their names\n";
            return {};
        }
    }
    const auto& mistakes = inventory.mistakes();
    for (size_t i = 0; i < std::min(mistakes.size(), MAX_MISTAKES); ++i) {
        std::cerr << "clone-guard: " << mistakes[i] << '\n';
    }
    if (mistakes.size() > MAX_MISTAKES) {
        std::cerr << "clone-guard: " << countText(mistakes.size() - MAX_MISTAKES, "further mistake")
                  << " in the inventory\n";
    }
    return (inventory);
}

Inventory
InventoryOption::read() const {
    return (read(PROXMOX_DIRECTORY));
}

}  // namespace clone_guard
