// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_CONFIG_EXAMPLE_H
#define CLONE_GUARD_TESTS_CONFIG_EXAMPLE_H

#include <tests/e2e/harness/fixtures/e2e_test.h>
#include <tests/e2e/harness/servers/database.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace clone_guard {
namespace test {

using Replacements = std::vector<std::pair<std::string, std::string>>;

inline const char* const LIBRARIES_OF_KEA = "/usr/lib/x86_64-linux-gnu/kea/hooks/";
inline const char* const LIBRARY = "/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_clone_guard.so";

inline std::string
replaceAll(std::string text, const Replacements& replacements) {
    for (const auto& [what, with] : replacements) {
        for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
            text.replace(at, what.size(), with);
        }
    }
    return (text);
}

inline std::string
guardOf(const KeaServer& server) {
    return (server.directory() + "/" + e2e::LIBRARIES + "/" + e2e::GUARD);
}

/// @brief Returns the example with an unknown parameter.
inline std::string
misspelt(const std::string& example) {
    return (replaceAll(example, {{"\"parameters\": {", "\"parameters\": { \"polcy\": \"refuse\", "}}));
}

inline std::vector<std::string>
examples() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(CLONE_GUARD_EXAMPLES)) {
        if (entry.path().extension() == ".json") {
            names.push_back(entry.path().stem());
        }
    }
    std::sort(names.begin(), names.end());
    return (names);
}

inline std::string
read(const std::string& example, const std::string& extension = ".json") {
    std::ifstream stream(std::string(CLONE_GUARD_EXAMPLES) + "/" + example + extension);
    return (std::string(std::istreambuf_iterator<char>(stream), {}));
}

inline const char* const SHARED = "shared-";

/// @brief True if an example keeps its leases in a database server, as its file name shows.
inline bool
isShared(const std::string& example) {
    return (example.rfind(SHARED, 0) == 0);
}

class Example : public E2eTest {
protected:
    /// @brief Starts the database server of an example without leases, and returns its parameters as replacements.
    static Replacements databaseOf(const std::string& example) {
        if (!isShared(example)) {
            return {};
        }
        const std::string engine = example.substr(std::string(SHARED).size());
        auto& mine = databases()[engine];
        if (!mine) {
            mine = Database::make(engine);
        }
        mine->clear();
        Replacements changes{{"\"host\": \"192.0.2.5\"", "\"host\": \"127.0.0.1\""}};
        for (const char* key : {"name", "user"}) {
            const std::string begin = std::string("\"") + key + "\": \"";
            changes.emplace_back(begin + "kea\"", begin + "keatest\"");
        }
        changes.emplace_back("\"secret\"", std::string("\"") + Database::PASSWORD + "\"");
        if (isLibrary(engine)) {
            changes.emplace_back("// { \"library\"", "{ \"library\"");
        }
        return (changes);
    }

    /// @brief True if Kea has the engine in a library of its own.
    static bool isLibrary(const std::string& engine) {
        return (KeaServer::ships(engine == "mysql" ? "libdhcp_mysql.so" : "libdhcp_pgsql.so"));
    }

    /// @brief Returns the example adapted to a server of this test.
    std::string adapted(const std::string& example, const KeaServer& server) const {
        const std::string& directory = server.directory();
        return (replaceAll(replaceAll(read(example), databaseOf(example)),
                           {{LIBRARIES_OF_KEA, server.directory() + "/" + e2e::LIBRARIES + "/"},
                            {"\"interfaces\": [ \"eth0\" ]",
                             "\"interfaces\": [ \"lo/127.0.0.1\" ], \"dhcp-socket-type\": \"udp\""},
                            {"/run/kea/kea4-ctrl-socket", directory + "/control"},
                            {"/var/lib/kea/kea-leases4.csv", directory + "/leases.csv"},
                            {"/var/log/kea/kea-dhcp4.log", directory + "/server.log"},
                            // Files replace the system log, which the test cannot read.
                            {"\"syslog\", \"pattern\"", "\"" + directory + "/audit.log\", \"pattern\""},
                            {"\"syslog\" }", "\"" + directory + "/operator.log\" }"},
                            {"192.0.2.", "10.1.0."},
                            {"198.51.100.", "10.2.0."},
                            {"203.0.113.", "10.3.0."}}));
    }

    /// @brief Returns the text of a server with a list of control sockets, as Kea 3.3.1 needs it.
    static std::string withControlSockets(const std::string& text) {
        const std::string key = "\"control-socket\": ";
        const size_t begin = text.find(key);
        const size_t end = text.find('}', begin) + 1;
        const size_t value = begin + key.size();
        return (text.substr(0, begin) + "\"control-sockets\": [ " + text.substr(value, end - value) +
                " ]" + text.substr(end));
    }

    static void write(const KeaServer& server, const std::string& text) {
        std::ofstream(server.directory() + "/kea-dhcp4.conf") << text;
    }

    /// @brief Starts a server with an example instead of the configuration that it was made with.
    void serveExample(const std::string& example, const Replacements& changes = {}) {
        serve(ServerSetup().withoutGuard()).stop();
        write(server(), replaceAll(adapted(example, server()), changes));
        server().start();
    }

    SimClient& behind(const std::string& relay, uint32_t number,
                      const std::optional<Bytes>& identifier) {
        SimClient& client = machine(number, identifier);
        client.setRelay(Address(relay));
        return (client);
    }

    /// @brief Starts two servers with the same example.
    void serveExampleTwice(const std::string& example) {
        for (const unsigned number : {1U, 2U}) {
            ServerSetup setup = ServerSetup().withoutGuard();
            setup.address = serverAddress(number);
            (number == 1 ? serve(setup) : serveBeside(setup)).stop();
            write(server(number), replaceAll(adapted(example, server(number)),
                                             {{"lo/127.0.0.1", "lo/" + setup.address.toText()}}));
        }
        server(1).start();
        server(2).start();
    }

    static bool within(Address address, const std::string& first, const std::string& last) {
        return (Address(first).value <= address.value && address.value <= Address(last).value);
    }

private:
    static std::map<std::string, std::unique_ptr<Database>>& databases() {
        static std::map<std::string, std::unique_ptr<Database>> all;
        return (all);
    }
};

}  // namespace test
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_CONFIG_EXAMPLE_H
