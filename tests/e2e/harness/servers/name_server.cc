// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/name_server.h>

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

const char* const ZONE = "@ 3600 SOA ns hostmaster 1 3600 600 86400 60\n"
                         "@ 3600 NS ns.example.\n";

/// @brief Returns the output of a shell command.
std::string
outputOf(const std::string& command) {
    const std::string line = "PATH=" + programPath() + " " + command;
    FILE* const pipe = popen(line.c_str(), "re");
    if (pipe == nullptr) {
        throw std::runtime_error("cannot start another process");
    }
    std::string output;
    char part[4096];
    for (size_t size = 0; (size = fread(part, 1, sizeof(part), pipe)) > 0;) {
        output.append(part, size);
    }
    pclose(pipe);
    return (output);
}

std::string
withoutFinalDot(std::string name) {
    if (!name.empty() && name.back() == '.') {
        name.pop_back();
    }
    return (name);
}

/// @brief Writes a name as in packets: each label in lower case after its length.
Bytes
wireName(const std::string& name) {
    Bytes wire;
    std::istringstream stream(name);
    for (std::string label; std::getline(stream, label, '.');) {
        wire.push_back(uint8_t(label.size()));
        for (const char letter : label) {
            wire.push_back(uint8_t(std::tolower(letter)));
        }
    }
    wire.push_back(0);
    return (wire);
}

}  // namespace

NameServer::NameServer() {
    const std::string here = daemon_.path("");
    std::ostringstream config;
    config << "server:\n    rundir: \"" << here << "\"\n    listen: 127.0.0.1@" << port() << "\n"
           << "    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"
           << "control:\n    listen: \"" << daemon_.path("control") << "\"\n"
           << "database:\n    storage: \"" << here << "\"\n"
           << "    journal-db-max-size: 16M\n    kasp-db-max-size: 8M\n    timer-db-max-size: 8M\n"
           << "log:\n  - target: stdout\n    any: info\n"
           << "acl:\n  - id: all\n    address: 127.0.0.0/8\n    action: update\n"
           // The zones are never written to disk.
           << "template:\n  - id: default\n    storage: \"" << here << "\"\n    acl: all\n"
           << "    zonefile-sync: -1\n    journal-content: none\n"
           << "zone:\n";
    for (const char* zone : {FORWARD_ZONE, REVERSE_ZONE}) {
        config << "  - domain: " << zone << "\n    file: " << zone << "zone\n";
        daemon_.write(std::string(zone) + "zone", "$ORIGIN " + std::string(zone) + "\n" + ZONE);
    }
    daemon_.write("knot.conf", config.str());
    daemon_.start({"knotd", "-c", daemon_.path("knot.conf")}, {}, [this] { return (answers()); });
}

bool
NameServer::answers() const {
    const std::string console = daemon_.file("console");
    for (const char* zone : {FORWARD_ZONE, REVERSE_ZONE}) {
        if (console.find("[" + std::string(zone) + "] loaded") == std::string::npos) {
            return (false);
        }
    }
    return (console.find("server started") != std::string::npos);
}

std::vector<std::string>
NameServer::recordsOf(const std::string& zone) const {
    std::vector<std::string> found;
    bool complete = false;
    const std::string said =
        outputOf("knotc -s '" + daemon_.path("control") + "' zone-read " + zone + " 2>&1");
    std::istringstream stream(said);
    for (std::string line; std::getline(stream, line);) {
        std::istringstream fields(line);
        std::string zone_in_brackets;
        std::string name;
        std::string ttl;
        std::string type;
        std::string data;
        fields >> zone_in_brackets >> name >> ttl >> type >> data;
        complete = complete || type == "SOA";
        if (type != "SOA" && type != "NS") {
            found.push_back(withoutFinalDot(name) + " " + type + " " + withoutFinalDot(data));
        }
    }
    if (!complete) {
        throw std::runtime_error("cannot read " + zone + ":\n" + said + daemon_.file("console"));
    }
    return (found);
}

std::vector<std::string>
NameServer::records() const {
    std::vector<std::string> all = recordsOf(FORWARD_ZONE);
    const std::vector<std::string> more = recordsOf(REVERSE_ZONE);
    all.insert(all.end(), more.begin(), more.end());
    std::sort(all.begin(), all.end());
    return (all);
}

std::string
reverseName(Address address) {
    std::string name = "in-addr.arpa";
    for (int shift = 24; shift >= 0; shift -= 8) {
        name.insert(0, std::to_string((address.value >> shift) & 0xff) + ".");
    }
    return (name);
}

Bytes
dhcid(const Bytes& identifier, const std::string& name) {
    const bool has_duid = identifier.at(0) == 255;
    const Bytes counted(identifier.begin() + (has_duid ? 5 : 0), identifier.end());
    const Bytes data = counted + wireName(name);
    Bytes digest(32);
    if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("cannot compute SHA-256");
    }
    return (Bytes{0, uint8_t(has_duid ? 2 : 1), 1} + digest);
}

std::string
toBase64(const Bytes& bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    text.resize(size_t(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                       int(bytes.size()))));
    return (text);
}

}  // namespace e2e
}  // namespace clone_guard
