// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_INVENTORY_H
#define CLONE_GUARD_TOOL_INVENTORY_INVENTORY_H

#include <tool/inventory/known_machine.h>

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief The machines of an operator by hardware address.
///
/// A hardware address with several machines is in several places: a server cannot distinguish them.
class Inventory {
public:
    using Machines = std::vector<KnownMachine>;

    /// @brief Adds a machine with one of its hardware addresses.
    ///
    /// A definition of a hypervisor takes the place of a row of a list, which only adds the template. Of two rows, the
    /// first has the name.
    void add(ByteView hw_address, const KnownMachine& machine);

    /// @brief Adds a template, by whose number or name others are completed.
    void addTemplate(const KnownTemplate& known);

    /// @brief Adds a line about a part of a source that was skipped, with the name of the file.
    void addMistake(const std::string& text) {
        mistakes_.push_back(text);
    }

    /// @return the machines with a hardware address; empty if it is unknown.
    [[nodiscard]] Machines find(ByteView hw_address) const;

    /// @return the name of the machine with a hardware address, see toText(const KnownMachine&); several are joined by
    /// "or". Empty if the address is unknown.
    [[nodiscard]] std::string nameOf(ByteView hw_address) const;
    [[nodiscard]] std::string nameOf(const HardwareAddress& address) const {
        return (nameOf(address.bytes()));
    }
    /// @param address hexadecimal with colons.
    [[nodiscard]] std::string nameOf(const std::string& address) const;

    /// @brief Completes the name of a template by its number, and its number by its name.
    ///
    /// @return the template, unchanged if it is unknown or not unique.
    [[nodiscard]] KnownTemplate complete(const KnownTemplate& known) const;

    /// @return the hardware addresses that are in several places.
    [[nodiscard]] std::vector<Bytes> duplicates() const;

    /// @return the lines about skipped parts of the sources.
    [[nodiscard]] const std::vector<std::string>& mistakes() const noexcept {
        return (mistakes_);
    }

    /// @return true without any machine.
    [[nodiscard]] bool empty() const noexcept {
        return (machines_.empty());
    }
    /// @return the number of hardware addresses.
    [[nodiscard]] size_t size() const noexcept {
        return (machines_.size());
    }

private:
    std::map<Bytes, Machines, ByteLess> machines_;
    std::vector<KnownTemplate> templates_;
    std::vector<std::string> mistakes_;
};

/// @brief The machines of one conflict or finding, as an inventory knows them.
class MachineGroup {
public:
    explicit MachineGroup(const Inventory& inventory) : inventory_(inventory) {}

    void add(ByteView hw_address);

    /// @param known the name by which an identifier's template is known; may be empty.
    /// @return the template with its number, or the templates of the machines: "9000 debian-12-base"; several are joined
    /// by "and". Empty if unknown. The text is raw.
    [[nodiscard]] std::string templateText(const std::string& known = "") const;

    /// @brief Names the template likewise, in text that is escaped already.
    [[nodiscard]] std::string templateName(const std::string& known) const;

    /// @return half a sentence about machines whose disks show no template; empty without such machines.
    [[nodiscard]] std::string unknownOriginText() const;

private:
    /// Longer lists of names are shortened to their number.
    static constexpr size_t MAX_NAMES = 3;

    const Inventory& inventory_;
    std::vector<std::string> templates_;
    std::vector<std::string> without_origin_;
};

}  // namespace clone_guard

#endif
