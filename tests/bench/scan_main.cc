// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-scan-bench: measures the commands that return pages, and the waits of a client meanwhile.

#include <tests/bench/measure.h>
#include <tests/e2e/harness/clients/sim_client.h>
#include <tests/e2e/harness/net/identifiers.h>
#include <tests/e2e/harness/net/program.h>
#include <tests/e2e/harness/servers/control.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

namespace po = boost::program_options;
using namespace clone_guard::bench;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

double
millisecondsSince(Clock::time_point begin) {
    return (std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
}

constexpr uint32_t SUBNET_OF_CLIENT = 1;

/// @brief One lease of the lease file.
struct LeaseLine {
    Address address;
    Bytes hw_address;
    Bytes identifier;
    uint32_t subnet = SUBNET_OF_CLIENT;
};

/// @brief Leases to measure with, and the configuration that they need.
struct Case {
    const char* name;
    std::vector<Json> (*subnets)(uint32_t leases);
    LeaseLine (*lease)(uint32_t i);
};

std::vector<Json>
oneSubnet(uint32_t) {
    return {subnet(SUBNET_OF_CLIENT, {{"subnet", "10.0.0.0/8"}})};
}

/// @brief Returns the subnet of the client and a further one for each lease.
std::vector<Json>
subnetForEachLease(uint32_t leases) {
    std::vector<Json> subnets{subnet(SUBNET_OF_CLIENT)};
    for (uint32_t i = 0; i < leases; ++i) {
        subnets.push_back({{"id", i + 2}, {"subnet", Address((11U << 24) + (i << 8)).toText() + "/24"}});
    }
    return (subnets);
}

/// @brief Returns the lease of machine i. Of a thousand machines, one is a claimant of its neighbour's identifier, and one
/// has the DUID of its neighbour.
LeaseLine
leaseAmongMany(uint32_t i) {
    LeaseLine lease{Address(0x0a100000 + i), virtualMac(i), cloneIdentifier(i)};
    if (i % 1000 == 1) {
        lease.identifier = derivedIdentifier(virtualMac(i), cloneIdentifier(i - 1));
    } else if (i % 1000 == 2) {
        lease.identifier = rfc4361({9, 9, 9, 9}, systemdDuid(i - 2));
    }
    return (lease);
}

/// @brief Returns the lease of machine i, each in a network of its own: all have one identifier.
LeaseLine
leaseInOwnNetwork(uint32_t i) {
    return {Address((11U << 24) + (i << 8) + 5), virtualMac(i), cloneIdentifier(), i + 2};
}

/// @brief Returns the lease of machine i: the holder of an identifier, and its claimants.
LeaseLine
leaseInOneConflict(uint32_t i) {
    LeaseLine lease{Address(0x0a100000 + i), virtualMac(i), cloneIdentifier()};
    if (i > 0) {
        lease.identifier = derivedIdentifier(lease.hw_address, lease.identifier);
    }
    return (lease);
}

/// @brief Returns the lease of machine i: a holder or a claimant of one identifier, each pair in a network of its own.
LeaseLine
leaseInConflictOfOwnNetwork(uint32_t i) {
    auto lease = leaseInOwnNetwork(i);
    if (i % 2 == 1) {
        lease.identifier = derivedIdentifier(lease.hw_address, lease.identifier);
        lease.address = Address(lease.address.value - 256 + 1);
        lease.subnet -= 1;
    }
    return (lease);
}

const std::vector<Case> CASES{
    {"mixed", oneSubnet, leaseAmongMany},
    {"one-identifier", subnetForEachLease, leaseInOwnNetwork},
    {"one-conflict", oneSubnet, leaseInOneConflict},
    {"one-identifier-conflicts", subnetForEachLease, leaseInConflictOfOwnNetwork}};

const Case&
caseOf(const std::string& name) {
    const auto found = std::find_if(CASES.begin(), CASES.end(),
                                    [&name](const Case& one) { return (one.name == name); });
    if (found == CASES.end()) {
        throw std::runtime_error("unknown case '" + name + "'");
    }
    return (*found);
}

void
writeLeases(const std::string& name, const Case& chosen, uint32_t leases) {
    std::ofstream file(name);
    file << "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
            "user_context\n";
    const auto expires = std::time(nullptr) + 86400;
    for (uint32_t i = 0; i < leases; ++i) {
        const auto lease = chosen.lease(i);
        file << lease.address.toText() << ',' << toHex(lease.hw_address) << ','
             << toHex(lease.identifier) << ",86400," << expires << ',' << lease.subnet << ",0,0,,0,\n";
    }
}

/// @brief Sends a DISCOVER of each machine with a lease, so that the guard has its conflict in memory.
void
discoverAll(Link& link, const Case& chosen, uint32_t leases) {
    for (uint32_t i = 0; i < leases; ++i) {
        SimClient(link, chosen.lease(i).hw_address, cloneIdentifier(), relayOf(SUBNET_OF_CLIENT))
            .discover();
    }
}

/// @brief Renews a lease without a pause and measures the waits.
class Waiting {
public:
    explicit Waiting(SimClient& client) :
        thread_([this, &client] {
            while (!done_) {
                const auto begin = Clock::now();
                const bool answered = !client.renew().isSilence();
                waits_.push_back(millisecondsSince(begin));
                lost_ += answered ? 0 : 1;
            }
        }) {}

    Json end() {
        done_ = true;
        thread_.join();
        std::sort(waits_.begin(), waits_.end());
        return (Json{{"renewals", waits_.size()},
                     {"without-answer", lost_},
                     {"median-ms", waits_.at(waits_.size() / 2)},
                     {"p99-ms", waits_.at(waits_.size() * 99 / 100)},
                     {"longest-ms", waits_.back()}});
    }

private:
    std::atomic<bool> done_{false};
    uint64_t lost_ = 0;
    std::vector<double> waits_;
    std::thread thread_;
};

/// @brief Reads all pages.
///
/// @param arguments the arguments of the command.
/// @param pause pause after each page, as a multiple of the duration of the page. Kea serves its control socket before its
/// clients, so without a pause the server would answer the next page first.
Json
walk(KeaServer& server, const std::string& command, Json arguments, double pause) {
    Json result = {{"pages", 0}, {"findings", 0}};
    size_t largest = 0;
    double longest = 0;
    double last = 0;
    const auto begin = Clock::now();
    for (std::string from = "start"; !from.empty();) {
        const auto asked = Clock::now();
        arguments["from"] = from;
        const Json answer = server.command(command, arguments);
        last = millisecondsSince(asked);
        longest = std::max(longest, last);
        largest = std::max(largest, answer.dump().size());
        const Json& page = answer.at("arguments");
        result["pages"] = result["pages"].get<unsigned>() + 1;
        result["findings"] = result["findings"].get<unsigned>() + page.at("count").get<unsigned>();
        from = page.value("next", "");
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(last * pause));
    }
    result["seconds"] = millisecondsSince(begin) / 1000;
    result["longest-page-ms"] = longest;
    result["last-page-ms"] = last;
    result["largest-page-bytes"] = largest;
    return (result);
}

po::options_description
describe() {
    po::options_description options;
    const auto option = [&options](const char* name, const po::value_semantic* value,
                                   const char* description) {
        options.add(boost::shared_ptr<po::option_description>(
            new po::option_description(name, value, description)));
    };
    option("leases", po::value<uint32_t>()->default_value(1000000), "leases in the lease file");
    option("case", po::value<std::string>()->default_value("mixed"),
           "mixed; one-identifier, of all leases, each in its own network; one-conflict, of all leases; "
           "one-identifier-conflicts, a conflict of two leases in each network");
    option("remembered", po::bool_switch(), "each machine sends DISCOVER before (one-conflict)");
    option("limit", po::value<unsigned>()->default_value(1000), "limit of a page");
    option("pause", po::value<double>()->default_value(1),
           "after each page, as a multiple of its duration");
    option("threads", po::value<unsigned>()->default_value(0), "threads of the server");
    option("command", po::value<std::string>()->default_value("clone-guard-scan"),
           "clone-guard-scan, clone-guard-conflict-get-all or clone-guard-conflict-get");
    return (options);
}

Json
argumentsOf(const po::variables_map& values) {
    Json arguments = {{"limit", values["limit"].as<unsigned>()}};
    if (values["command"].as<std::string>() == "clone-guard-conflict-get") {
        arguments["client-id"] = toHex(cloneIdentifier());
    }
    return (arguments);
}

int
run(const po::variables_map& values) {
    const auto leases = values["leases"].as<uint32_t>();
    const auto& chosen = caseOf(values["case"].as<std::string>());
    ServerSetup setup = guarded("mac-fallback");
    setup.subnets = chosen.subnets(leases);
    setup.threads = values["threads"].as<unsigned>();
    KeaServer server(setup);
    writeLeases(server.directory() + "/leases.csv", chosen, leases);
    server.start();
    Link link(serverAddress());
    link.setReplyTimeout(Milliseconds(10000));
    if (values["remembered"].as<bool>()) {
        discoverAll(link, chosen, leases);
    }
    SimClient client(link, virtualMac(0xffffff), cloneIdentifier(0xffffff), relayOf(1));
    if (client.acquire().isZero()) {
        throw std::runtime_error("the client got no address");
    }
    Json result = {{"leases", leases}, {"limit", values["limit"].as<unsigned>()}};
    result["memory-before-mb"] = memory(server.pid(), "VmRSS");
    Waiting undisturbed(client);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    result["client-undisturbed"] = undisturbed.end();
    Waiting meanwhile(client);
    result["walk"] = walk(server, values["command"].as<std::string>(), argumentsOf(values),
                          values["pause"].as<double>());
    result["client-meanwhile"] = meanwhile.end();
    result["memory-most-mb"] = memory(server.pid(), "VmHWM");
    result["memory-after-mb"] = memory(server.pid(), "VmRSS");
    std::cout << result.dump(2) << std::endl;
    return (0);
}

}  // namespace

int
main(int argc, char* argv[]) {
    return (runProgram(argc, argv,
                       {"clone-guard-scan-bench",
                        "reads all pages of a command while a client renews.\nPrints one JSON object.",
                        describe(), run}));
}
