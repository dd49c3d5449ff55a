// SPDX-License-Identifier: MPL-2.0
//
// Sources of an inventory, as `--inventory` reads them. The first byte of an input chooses one of three: a file of any
// kind, a Proxmox cluster, or a directory of libvirt with disk images, which "/images/" begins in the definitions. The
// files of a directory have a line "---" between them.

#include <tests/fuzz/memory_file.h>
#include <tests/fuzz/properties.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/failure.h>
#include <tool/inventory/inventory_json.h>
#include <tool/inventory/inventory_report.h>
#include <tool/inventory/inventory_source.h>
#include <tool/scan/finding_report.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;

constexpr std::string_view SEPARATOR = "\n---\n";
constexpr std::string_view IMAGES = "/images/";

/// A directory whose files are in memory, so that an input writes to no disk.
class Directory {
public:
    /// @param names of the files, relative to the directory
    explicit Directory(std::initializer_list<const char*> names) {
        for (const auto* name : names) {
            const auto path = std::filesystem::path(folder_.path()) / name;
            std::filesystem::create_directories(path.parent_path());
            files_.push_back(std::make_unique<fuzz::MemoryFile>());
            std::filesystem::create_symlink(files_.back()->path(), path);
        }
    }

    /// Writes the files. The last ones may be empty.
    void write(std::string_view text) {
        for (const auto& file : files_) {
            const auto end = std::min(text.find(SEPARATOR), text.size());
            file->replace(text.data(), end);
            text.remove_prefix(std::min(end + SEPARATOR.size(), text.size()));
        }
    }

    [[nodiscard]] const std::string& path() const noexcept {
        return (folder_.path());
    }

private:
    test::TemporaryFolder folder_;
    std::vector<std::unique_ptr<fuzz::MemoryFile>> files_;
};

Directory&
cluster() {
    static Directory directory{"nodes/pve1/qemu-server/9000.conf", "nodes/pve1/qemu-server/101.conf",
                               "nodes/pve2/qemu-server/101.conf", "nodes/pve2/lxc/102.conf"};
    return (directory);
}

Directory&
domains() {
    static Directory directory{"base.xml", "web.xml", "base.qcow2", "web.qcow2"};
    return (directory);
}

/// Puts the place of the images in the definitions.
std::string
withImages(std::string text) {
    const auto place = domains().path() + "/";
    for (auto at = text.find(IMAGES); at != std::string::npos;
         at = text.find(IMAGES, at + place.size())) {
        text.replace(at, IMAGES.size(), place);
    }
    return (text);
}

/// Returns the hardware addresses of the seeds, and those in several places.
std::vector<SeenMachine>
someMachines(const Inventory& inventory) {
    std::vector<SeenMachine> machines;
    const auto add = [&machines](ByteView bytes) {
        machines.emplace_back();
        machines.back().address = HardwareAddress(1, bytes);
    };
    for (uint8_t number = 1; number <= 4; ++number) {
        add(Bytes{0xbc, 0x24, 0x11, 0x5e, 0, number});
    }
    for (const auto& address : inventory.duplicates()) {
        add(address);
    }
    return (machines);
}

/// Checks the texts about a machine. They are printed on a terminal, and in a remedy beside a quoted command.
void
checkMachine(const Inventory& inventory, ByteView address) {
    const auto found = inventory.find(address);
    const auto name = inventory.nameOf(address);
    require(name.empty() == found.empty(), "a known machine has a text");
    require(isPrintable(name), "the name of a machine is printable");
    require(inventoryJson(inventory, address).size() == found.size(), "JSON has each machine");
    inventoryJson(inventory, address).dump();
    MachineGroup group(inventory);
    group.add(address);
    require(group.templateText().find('\'') == std::string::npos, "a template has no quote");
    require(isPrintable(group.unknownOriginText()), "the note is printable");
    for (const auto& machine : found) {
        require(inventory.complete(machine.from) == machine.from, "a template is complete");
    }
}

void
check(const Inventory& inventory) {
    for (const auto& mistake : inventory.mistakes()) {
        require(isPrintable(mistake), "a mistake is printable");
    }
    const auto machines = someMachines(inventory);
    for (const auto& machine : machines) {
        checkMachine(inventory, machine.address.bytes());
    }
    for (const auto& address : inventory.duplicates()) {
        require(inventory.find(address).size() > 1, "a duplicate is in several places");
    }
    const bool are_known =
        std::any_of(machines.begin(), machines.end(), [&inventory](const SeenMachine& machine) {
            return (!inventory.find(machine.address.bytes()).empty());
        });
    std::ostringstream text;
    printMachines(text, machines, inventory, {"record", "records"});
    std::istringstream lines(text.str());
    for (std::string line; std::getline(lines, line);) {
        require(isPrintable(line), "the table is printable");
        require(line.size() <= FINDING_WIDTH || !are_known, "the table fits");
    }
    printDuplicates(text, inventory);
    require(fuzz::isPlain(text.str()), "the text has no control characters");
}

/// Reads a source twice: it adds nothing to itself.
void
readTwice(const std::string& source) {
    Inventory inventory;
    try {
        readInventory(source, inventory);
    } catch (const Failure& failure) {
        require(isPrintable(failure.what()), "a failure is printable");
        return;
    }
    check(inventory);
    const auto size = inventory.size();
    const auto duplicates = inventory.duplicates();
    readInventory(source, inventory);
    require(inventory.size() == size && inventory.duplicates() == duplicates,
            "a source that is read again adds no machine");
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) {
        return (0);
    }
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 3) {
    case 0:  // 'f' of a file
        readTwice(fuzz::MemoryFile(data + 1, size - 1).path());
        break;
    case 1:  // 'p' of Proxmox
        cluster().write(text);
        readTwice(cluster().path());
        break;
    default:  // 'q' of /etc/libvirt/qemu
        domains().write(withImages(std::string(text)));
        readTwice(domains().path());
    }
    return (0);
}
