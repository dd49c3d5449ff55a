// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/table.h>
#include <tool/commands/command.h>

#include <core/audit/escape.h>
#include <core/audit/rfc3339.h>
#include <core/audit/identifier_json.h>
#include <core/explain/systemd.h>
#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

namespace clone_guard {

namespace {

namespace options = boost::program_options;
using Json = nlohmann::ordered_json;

const char* const IDENTIFY_HELP = R"(Usage: clone-guard identify HEX [--hw-address MAC]
       clone-guard identify --machine-id ID [--nic NAME]

Explains an option 61 or a DUID, as it stands in a log line, a lease file or a packet capture, with
or without ':' between the bytes. With --hw-address, the address of the machine that sent it, it can
tell whether the identifier rests on it. With --machine-id it says what machines made from a template will
send that has this /etc/machine-id (systemd-networkd, and netplan with it).

    clone-guard identify ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d
    clone-guard identify --machine-id d31ba602070b463aac004744a10d3e28 --nic ens18
)";

/// The names that a virtual machine's first interface has with the usual hypervisors.
constexpr std::array<std::pair<const char*, const char*>, 7> FIRST_NICS{{{"ens18", "Proxmox"},
                                                                         {"enp1s0", "libvirt"},
                                                                         {"ens3", "OpenStack"},
                                                                         {"ens192", "VMware"},
                                                                         {"ens33", "VMware"},
                                                                         {"enp0s3", "VirtualBox"},
                                                                         {"eth0", "any"}}};

std::string
withHint(const std::string& text, const std::string& hint) {
    return (hint.empty() ? text : text + " (" + hint + ")");
}

/// Whether a DUID is shorter than its kind can be (RFC 8415 section 11, RFC 6355).
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
        table.add({"made at", toRfc3339(known.duid_time * 1000)});
    }
    if (!known.duid_uuid.empty()) {
        table.add({"UUID", known.duid_uuid});
    }
    if (isCut(duid)) {
        table.add({"note", "too short for a " + known.duid_type + ": the end seems to be missing"});
    }
}

void
addIaid(Table& table, ByteView iaid, const Explanation& known) {
    table.add({"IAID", toHex(iaid)});
    if (!known.iaid_address.empty()) {
        table.add({"IAID made of", toHex(known.iaid_address) +
                                       ": the DUID may be on several machines, the identifier is not"});
    } else if (!known.nic.empty()) {
        table.add({"interface", withHint(known.nic, "by systemd's way to make an IAID")});
    }
}

std::string
kindOf(ByteView identifier) {
    if (identifier.size() < MIN_IDENTIFIER) {
        return ("malformed: an option 61 has at least 2 bytes (RFC 2132 section 9.14)");
    }
    if (identifier[0] == TYPE_RFC4361) {
        return ("malformed: type 255 takes an IAID of 4 bytes and a DUID of 3 to 130 (RFC 4361)");
    }
    if (identifier[0] == 0) {
        return ("type 0: a value of the client's own choice (RFC 2132 section 9.14)");
    }
    const auto type = "type " + std::to_string(identifier[0]);
    // RFC 2132 takes hardware types; the registry's single bytes end at 38.
    return (identifier[0] <= 38
                ? type + ": a hardware address"
                : type + " is no hardware type: is the 'ff' in front missing, which tcpdump prints as "
                         "'hardware-type 255'?");
}

/// Whether bytes without the type 255 are a DUID rather than an identifier of type 0: each kind has its form.
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

/// What follows the type in an identifier without a DUID.
void
addOther(Table& table, ByteView identifier) {
    const auto rest = identifier.from(1);
    if (rest.empty() || identifier[0] == TYPE_RFC4361) {
        return;
    }
    if (identifier[0] > 38) {
        return;
    }
    if (identifier[0] != 0) {
        table.add({"hardware address", withHint(toHex(rest), hardwareVendor(rest))});
    } else if (std::all_of(rest.begin(), rest.end(),
                           [](uint8_t byte) { return (byte > 0x20 && byte < 0x7f); })) {
        // Containers send their name or number.
        table.add({"text", escape({reinterpret_cast<const char*>(rest.data()), rest.size()})});
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
    addIaid(table, parts->iaid, known);
    addDuid(table, parts->duid, known);
    table.add({"if it is cloned", known.remedy});
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
             "a DUID without type and IAID; a client that sends it as its option 61 is guarded only "
             "with client-id-types 'all'"});
        addDuid(table, bytes, known);
        table.add({"if it is cloned", known.remedy});
    } else {
        explainTo(table, bytes, explainer, sender);
    }
    if (!sender.address.bytes().empty()) {
        table.add(
            {"sent by", withHint(sender.address.toText(), hardwareVendor(sender.address.bytes()))});
    }
    table.print(std::cout);
}

/// Hexadecimal without what Kea's log and tcpdump put around it: "cid=[ff:ca:...]", "hardware-type 255, ca:...".
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

Sender
senderGiven(const options::variables_map& values) {
    if (values.count("hw-address") == 0) {
        return {};
    }
    const auto text = values["hw-address"].as<std::string>();
    const auto bytes = fromHex(text);
    if (!bytes || bytes->empty() || bytes->size() > HardwareAddress::MAX_SIZE) {
        throw UsageError("'" + text + "' is no hardware address");
    }
    return {HardwareAddress(HardwareAddress::ETHERNET, *bytes), {}, {}};
}

int
identifyTemplate(const options::variables_map& values, const Explainer& explainer) {
    const auto text = values["machine-id"].as<std::string>();
    const auto machine_id = systemd::parseMachineId(text);
    if (!machine_id) {
        throw UsageError("'" + text +
                         "' is no machine-id: 32 hexadecimal digits, as in /etc/machine-id");
    }
    if (values.count("nic") > 0) {
        const auto nic = values["nic"].as<std::string>();
        if (!systemd::isNicName(nic)) {
            throw UsageError("'" + nic + "' is no name of an interface");
        }
        const auto identifier = systemd::identifierOf(*machine_id, nic);
        if (values.count("json") > 0) {
            std::cout << explainJson(identifier, Explainer({}, {nic}), {}).dump(2) << '\n';
        } else {
            explainBytes(identifier, Explainer({}, {nic}));
        }
        return (EXIT_OK);
    }
    if (values.count("json") > 0) {
        std::cout << explainJson(systemd::duidOf(*machine_id), explainer, {}).dump(2) << '\n';
        return (EXIT_OK);
    }
    std::cout << "DUID  " << toHex(systemd::duidOf(*machine_id))
              << "\n\nIts machines send, by the name of the interface (say which with --nic):\n";
    Table table({"interface", "usual with", "client identifier"});
    for (const auto& [nic, hypervisor] : FIRST_NICS) {
        table.add({nic, hypervisor, toHex(systemd::identifierOf(*machine_id, nic))});
    }
    table.print(std::cout, 2);
    return (EXIT_OK);
}

}  // namespace

int
identify(const Arguments& arguments) {
    options::options_description known("Options", 100, 70);
    known.add_options()("machine-id", options::value<std::string>()->value_name("ID"),
                        "content of the template's /etc/machine-id")(
        "nic", options::value<std::string>()->value_name("NAME"), "persistent name of the interface")(
        "hw-address", options::value<std::string>()->value_name("MAC"),
        "hardware address of the machine that sent it")("json",
                                                        "print JSON, with the fields of the audit log");
    const auto values = parse(arguments, known, IDENTIFY_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    const auto words = positional(*values);
    const Explainer explainer;
    if (values->count("machine-id") > 0) {
        if (!words.empty()) {
            throw UsageError("identify takes either an identifier or --machine-id");
        }
        return (identifyTemplate(*values, explainer));
    }
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    if (words.empty()) {
        throw UsageError("identify needs an identifier in hexadecimal, for example "
                         "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
    }
    const auto bytes = fromHex(bare(text));
    if (!bytes || bytes->empty()) {
        throw UsageError("'" + text + "' is not hexadecimal: two digits a byte, with or without ':'");
    }
    const auto sender = senderGiven(*values);
    if (values->count("json") > 0) {
        std::cout << explainJson(*bytes, explainer, sender).dump(2) << '\n';
    } else {
        explainBytes(*bytes, explainer, sender);
    }
    return (EXIT_OK);
}

}  // namespace clone_guard
