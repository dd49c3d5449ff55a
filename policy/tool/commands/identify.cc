// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/table.h>
#include <tool/cli/utc_time.h>
#include <tool/commands/command.h>

#include <core/audit/identifier_json.h>
#include <core/explain/systemd.h>
#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// The names of the first interface of a virtual machine under common hypervisors.
constexpr std::array<std::pair<const char*, const char*>, 7> FIRST_NICS{{{"ens18", "Proxmox"},
                                                                         {"enp1s0", "libvirt"},
                                                                         {"ens3", "OpenStack"},
                                                                         {"ens192", "VMware"},
                                                                         {"ens33", "VMware"},
                                                                         {"enp0s3", "VirtualBox"},
                                                                         {"eth0", "any"}}};

constexpr size_t IAID_SIZE = 4;

constexpr const char* SEALED_AGAIN = "systemd makes an empty machine-id of a VM from its SMBIOS UUID: "
                                     "give each VM a UUID of its own, or run "
                                     "'systemd-id128 new >/etc/machine-id' in each clone and reboot it";

/// RFC 2132 uses hardware types, of which the registry has 38 in one byte.
constexpr uint8_t MAX_HARDWARE_TYPE = 38;

std::string
withHint(const std::string& text, const std::string& hint) {
    return (hint.empty() ? text : text + " (" + hint + ")");
}

/// Returns true if a DUID is shorter than its type allows (RFC 8415 section 11, RFC 6355).
bool
isCut(ByteView duid) {
    switch (static_cast<DuidType>(toNumber(ByteView(duid.data(), 2)))) {
    case DuidType::LLT:
        return (duid.size() <= 8);
    case DuidType::EN:
        return (duid.size() <= 6);
    case DuidType::LL:
        return (duid.size() <= 4);
    case DuidType::UUID:
        return (duid.size() < 18);
    }
    return (false);
}

void
addDuid(Table& table, ByteView duid, const Explanation& known) {
    table.add({"DUID", toHex(duid)});
    table.add({"DUID type", known.duid_type});
    if (known.enterprise) {
        table.add(
            {"enterprise number", withHint(std::to_string(*known.enterprise), known.enterprise_name)});
    }
    if (!known.duid_address.empty()) {
        table.add({"made by", withHint(toHex(known.duid_address), known.duid_vendor) +
                                  ", the first network card of the machine that made the DUID"});
    }
    if (known.duid_time > 0) {
        table.add({"made at", utcRfc3339(utcFromSeconds(known.duid_time))});
    }
    if (!known.duid_uuid.empty()) {
        table.add({"UUID", known.duid_uuid});
    }
    if (isCut(duid)) {
        table.add({"note", "too short for a " + known.duid_type + "; its end seems to be missing"});
    }
}

void
addRemedy(Table& table, const Explanation& known) {
    table.add({"if it is cloned", known.remedy});
    if (known.enterprise == systemd::ENTERPRISE) {
        table.add({"if it comes back", SEALED_AGAIN});
    }
}

/// Explains whether clones share an IAID that was made of a hardware address.
std::string
iaidNote(const Explanation& known, const Sender& sender) {
    if (sender.address.bytes().empty()) {
        return (": clones share it only if the client keeps its IAID in a file, as wicked does");
    }
    return (sender.address.bytes() == ByteView(known.iaid_address)
                ? ": several machines may have the DUID, but not the identifier"
                : ", not of the sender: the IAID was copied with a file, as by clones with wicked");
}

void
addIaid(Table& table, ByteView iaid, const Explanation& known, const Sender& sender) {
    table.add({"IAID", toHex(iaid)});
    if (!known.iaid_address.empty()) {
        table.add({"IAID made of", toHex(known.iaid_address) + iaidNote(known, sender)});
    } else if (!known.nic.empty()) {
        table.add({"interface", withHint(known.nic, "systemd derives the IAID from this name")});
    }
}

/// Returns true if bytes without the type 255 have the form of a DUID; otherwise they are an identifier of type 0.
bool
isBareDuid(ByteView bytes) {
    if (bytes.size() < MIN_DUID || bytes[0] != 0) {
        return (false);
    }
    switch (static_cast<DuidType>(toNumber(ByteView(bytes.data(), 2)))) {
    case DuidType::LLT:
        return (bytes.size() > 8 && bytes[2] == 0 && bytes[3] != 0);
    case DuidType::EN:
        return (bytes.size() > 6);
    case DuidType::LL:
        return (bytes.size() > 4 && bytes[2] == 0 && bytes[3] != 0);
    case DuidType::UUID:
        return (bytes.size() == 18);
    }
    return (false);
}

std::string
textOf(ByteView bytes) {
    return (escape({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

/// Returns true if bytes are an RFC 4361 identifier without its first byte.
bool
lacksType(ByteView identifier) {
    return (identifier.size() > IAID_SIZE && isBareDuid(identifier.from(IAID_SIZE)));
}

bool
isText(ByteView bytes) {
    return (!bytes.empty() && std::all_of(bytes.begin(), bytes.end(),
                                          [](uint8_t byte) { return (byte >= 0x20 && byte < 0x7f); }));
}

std::string
kindOf(ByteView identifier) {
    if (identifier.size() < MIN_IDENTIFIER) {
        return ("malformed: an option 61 has at least 2 bytes (RFC 2132 section 9.14)");
    }
    if (identifier[0] == TYPE_RFC4361) {
        return ("malformed: type 255 takes an IAID of 4 bytes and a DUID of 3 to 130 bytes (RFC 4361)");
    }
    if (lacksType(identifier)) {
        return ("an IAID and a DUID without a type: the first byte 'ff' may be missing, which tcpdump "
                "prints as 'hardware-type 255'");
    }
    if (identifier[0] == 0) {
        return ("type 0: a value of the client's own choice (RFC 2132 section 9.14)");
    }
    const auto type = "type " + std::to_string(identifier[0]);
    if (identifier[0] <= MAX_HARDWARE_TYPE) {
        return (type + ": a hardware address");
    }
    return (isText(identifier) ? "text without a type: a value of the client's own choice"
                               : type + " is not a hardware type: a value of the client's own choice");
}

/// Explains what follows the type in an identifier without a DUID.
void
addOther(Table& table, ByteView identifier) {
    const auto rest = identifier.from(1);
    if (rest.empty() || identifier[0] == TYPE_RFC4361) {
        return;
    }
    if (lacksType(identifier)) {
        return;
    }
    if (identifier[0] > MAX_HARDWARE_TYPE) {
        if (isText(identifier)) {
            table.add({"text", textOf(identifier)});
        }
    } else if (identifier[0] != 0) {
        table.add({"hardware address", withHint(toHex(rest), hardwareVendor(rest))});
    } else if (isText(rest)) {
        // Containers send their name or number as text.
        table.add({"text", textOf(rest)});
    }
}

void
explainTo(Table& table, ByteView identifier, const Explainer& explainer, const Sender& sender) {
    table.add({"client identifier", toHex(identifier)});
    table.add(
        {"length", std::to_string(identifier.size()) + (identifier.size() == 1 ? " byte" : " bytes")});
    if (const auto derived = parseDerived(identifier)) {
        table.add({"kind", "derived identifier: made by the clone guard for a claimant"});
        table.add({"claimant", derived->address.toText()});
        if (derived->identifier.empty()) {
            table.add({"made from", "an identifier with the SHA-256 " + toHex(derived->digest) + "..."});
            return;
        }
        table.add({"made from", "this identifier:"});
        explainTo(table, derived->identifier, explainer, {derived->address, {}, {}});
        return;
    }
    const auto known = explainer.explain(identifier, sender);
    const auto parts = parseRfc4361(identifier);
    if (!parts) {
        table.add({"kind", kindOf(identifier)});
        addOther(table, identifier);
        return;
    }
    table.add({"kind", "RFC 4361 (IAID and DUID)"});
    addIaid(table, parts->iaid, known, sender);
    addDuid(table, parts->duid, known);
    addRemedy(table, known);
}

Json
explainJson(ByteView identifier, const Explainer& explainer, const Sender& sender) {
    if (const auto derived = parseDerived(identifier)) {
        Json object{{"derived_client_id", toHex(identifier)}, {"claimant", derived->address.toText()}};
        if (!derived->identifier.empty()) {
            object.update(explainJson(derived->identifier, explainer, {derived->address, {}, {}}));
        }
        return (object);
    }
    if (isBareDuid(identifier)) {
        const auto known = explainer.explainDuid(identifier);
        auto object = duidJson(identifier, known);
        object["remedy"] = known.remedy;
        return (object);
    }
    const auto known = explainer.explain(identifier, sender);
    auto object = identifierJson(identifier, known);
    if (parseRfc4361(identifier)) {
        object["remedy"] = known.remedy;
    } else {
        object["kind"] = kindOf(identifier);
    }
    return (object);
}

void
explainBytes(ByteView bytes, const Explainer& explainer, const Sender& sender = {}) {
    Table table;
    if (isBareDuid(bytes) && !looksDerived(bytes)) {
        const auto known = explainer.explainDuid(bytes);
        table.add(
            {"kind",
             "a DUID without type and IAID; a client that sends it as option 61 is guarded only with "
             "client-id-types 'all'"});
        addDuid(table, bytes, known);
        addRemedy(table, known);
    } else {
        explainTo(table, bytes, explainer, sender);
    }
    if (!sender.address.bytes().empty()) {
        table.add(
            {"sent by", withHint(sender.address.toText(), hardwareVendor(sender.address.bytes()))});
    }
    table.print(std::cout);
}

/// Strips what Kea's log and tcpdump print around hexadecimal: "cid=[ff:ca:...]", "hardware-type 255, ca:...".
std::string
bare(std::string text) {
    const std::string type = "hardware-type ";
    if (const auto at = text.find(type); at != std::string::npos) {
        const auto data = text.find_first_not_of(", ", text.find(',', at));
        const auto number = std::strtol(text.c_str() + at + type.size(), nullptr, 10);
        if (data != std::string::npos && number > 0 && number <= 255) {
            const auto byte = static_cast<uint8_t>(number);
            return (toHex(ByteView(&byte, 1)) + ":" + text.substr(data));
        }
    }
    if (const auto begin = text.find('['); begin != std::string::npos && text.back() == ']') {
        text = text.substr(begin + 1, text.size() - begin - 2);
    }
    return (text);
}

void
printJson(const Json& object) {
    std::cout << object.dump(2) << '\n';
}

class Identify : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "identify",
            "HEX",
            "explain an option 61 or a DUID, or what a template will send",
            "[--json] [--hw-address MAC] HEX...\n[--json] --machine-id ID [--nic NAME]\n[--json] --uuid "
            "UUID "
            "[--nic NAME]",
            R"(Explains an option 61 or a DUID as copied from a log line, a lease file or a packet capture, with or
without ':' between the bytes. With --hw-address, the address of the machine that sent the identifier, it
also finds identifiers made from that address. With --machine-id it computes what machines made from a
template with this /etc/machine-id will send (systemd-networkd, and netplan on top of it). With --uuid it
computes what a VM with this SMBIOS UUID and an empty machine-id will send.

    clone-guard identify ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b
    clone-guard identify --machine-id d31ba602070b463aac004744a10d3e28
)",
            Complete::NOTHING,
            {}});
    }

    void declare(Options& options) override {
        options.value("machine-id", "ID", machine_id_, "the content of the template's /etc/machine-id");
        options.value("uuid", "UUID", uuid_, "the SMBIOS UUID of a VM");
        options.value("nic", "NAME", nic_, "the persistent name of the interface");
        options.value("hw-address", "MAC", hw_address_,
                      "the hardware address of the machine that sent HEX");
        options.flag("json", json_, "print JSON, with the field names of the audit log");
    }

    int run(const Arguments& words) override {
        if (machine_id_ || uuid_) {
            if (!words.empty() || (machine_id_ && uuid_)) {
                throw UsageError("identify takes either an identifier or --machine-id or --uuid");
            }
            explainTemplate();
            return (EXIT_OK);
        }
        if (words.empty()) {
            throw UsageError("identify needs an identifier in hexadecimal, for example "
                             "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
        }
        std::string text;
        for (const auto& word : words) {
            text += (text.empty() ? "" : " ") + word;
        }
        const auto bytes = fromHex(bare(text));
        if (!bytes || bytes->empty()) {
            throw UsageError("'" + text +
                             "' is not hexadecimal: two digits a byte, with or without ':'");
        }
        if (json_) {
            printJson(explainJson(*bytes, Explainer(), sender()));
        } else {
            explainBytes(*bytes, Explainer(), sender());
        }
        return (EXIT_OK);
    }

private:
    /// Returns what is known of the machine that sent the identifier.
    [[nodiscard]] Sender sender() const {
        if (!hw_address_) {
            return {};
        }
        const auto bytes = fromHex(*hw_address_);
        if (!bytes || bytes->empty() || bytes->size() > HardwareAddress::MAX_SIZE) {
            throw UsageError("'" + *hw_address_ + "' is not a hardware address");
        }
        return {HardwareAddress(HardwareAddress::ETHERNET, *bytes), {}, {}};
    }

    void explainTemplate() const {
        const auto machine_id = systemd::parseMachineId(machine_id_ ? *machine_id_ : *uuid_);
        if (!machine_id && machine_id_) {
            throw UsageError("'" + *machine_id_ +
                             "' is not a machine-id: 32 hexadecimal digits, as in /etc/machine-id");
        }
        if (!machine_id) {
            throw UsageError(
                "'" + *uuid_ +
                "' is not a UUID: 32 hexadecimal digits, as in /sys/class/dmi/id/product_uuid");
        }
        const auto duid = systemd::duidOf(*machine_id);
        if (nic_) {
            explainInterface(*machine_id);
        } else if (json_) {
            printJson(explainJson(duid, Explainer(), {}));
        } else {
            if (uuid_) {
                std::cout
                    << "With an empty machine-id, systemd makes the machine-id of a VM from its UUID. "
                       "dhcpcd sends the UUID\nitself: DUID 00:04:"
                    << toHex(*machine_id) << "\n\n";
            }
            std::cout
                << "DUID  " << toHex(duid)
                << "\n\nIts machines send, by the name of the interface (choose one with --nic):\n";
            Table table({"interface", "usual with", "client identifier"});
            for (const auto& [nic, hypervisor] : FIRST_NICS) {
                table.add({nic, hypervisor, toHex(systemd::identifierOf(*machine_id, nic))});
            }
            table.print(std::cout);
        }
    }

    void explainInterface(const Bytes& machine_id) const {
        if (!systemd::isNicName(*nic_)) {
            throw UsageError("'" + *nic_ + "' is not a name of an interface");
        }
        const auto identifier = systemd::identifierOf(machine_id, *nic_);
        const Explainer explainer({}, {*nic_});
        if (json_) {
            printJson(explainJson(identifier, explainer, {}));
        } else {
            explainBytes(identifier, explainer);
        }
    }

    std::optional<std::string> machine_id_;
    std::optional<std::string> uuid_;
    std::optional<std::string> nic_;
    std::optional<std::string> hw_address_;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeIdentify() {
    return (std::make_unique<Identify>());
}

}  // namespace clone_guard
