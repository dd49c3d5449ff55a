// SPDX-License-Identifier: MPL-2.0
//
// clone-guard-scan-bench: measures clone-guard-scan over many leases, and the waits of a client during the scan.

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

namespace po = boost::program_options;
using namespace clone_guard::e2e;

namespace {

using Clock = std::chrono::steady_clock;

double
millisecondsSince(Clock::time_point begin) {
    return (std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
}

/// @brief Returns the identifier of machine i. Of a thousand machines, one is a claimant of its neighbour's identifier, and
/// one has the DUID of its neighbour.
Bytes
identifierOf(uint32_t i) {
    if (i % 1000 == 1) {
        return (derivedIdentifier(virtualMac(i), cloneIdentifier(i - 1)));
    }
    return (i % 1000 == 2 ? rfc4361({9, 9, 9, 9}, systemdDuid(i - 2)) : cloneIdentifier(i));
}

void
writeLeases(const std::string& name, uint32_t leases) {
    std::ofstream file(name);
    file << "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
            "user_context\n";
    const auto expires = std::time(nullptr) + 86400;
    for (uint32_t i = 0; i < leases; ++i) {
        file << Address(0x0a100000 + i).toText() << ',' << toHex(virtualMac(i)) << ','
             << toHex(identifierOf(i)) << ",86400," << expires << ",1,0,0,,0,\n";
    }
}

/// @brief Reads a field of /proc/PID/status in megabytes.
double
memory(pid_t pid, const std::string& field) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(field + ":", 0) == 0) {
            return (std::stod(line.substr(field.size() + 1)) / 1024);
        }
    }
    return (0);
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
/// @param pause pause after each page, as a multiple of the duration of the page. Kea serves its control socket before its
/// clients, so without a pause the server would answer the next page first.
Json
walk(KeaServer& server, const std::string& command, unsigned limit, double pause) {
    Json result = {{"pages", 0}, {"findings", 0}};
    double longest = 0;
    double last = 0;
    const auto begin = Clock::now();
    for (std::string from = "start"; !from.empty();) {
        const auto asked = Clock::now();
        const Json answer = server.command(command, {{"from", from}, {"limit", limit}});
        last = millisecondsSince(asked);
        longest = std::max(longest, last);
        const Json& page = answer.at("arguments");
        result["pages"] = result["pages"].get<unsigned>() + 1;
        result["findings"] = result["findings"].get<unsigned>() + page.at("count").get<unsigned>();
        from = page.value("next", "");
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(last * pause));
    }
    result["seconds"] = millisecondsSince(begin) / 1000;
    result["longest-page-ms"] = longest;
    result["last-page-ms"] = last;
    return (result);
}

po::options_description
describe() {
    po::options_description options;
    options.add_options()("leases", po::value<uint32_t>()->default_value(1000000),
                          "leases in the lease file")(
        "limit", po::value<unsigned>()->default_value(1000),
        "leases a page")("pause", po::value<double>()->default_value(1),
                         "after each page, as a multiple of its duration")(
        "threads", po::value<unsigned>()->default_value(0),
        "threads of the server")("command", po::value<std::string>()->default_value("clone-guard-scan"),
                                 "clone-guard-scan or clone-guard-conflict-get-all");
    return (options);
}

int
run(const po::variables_map& values) {
    const auto leases = values["leases"].as<uint32_t>();
    ServerSetup setup = guarded("mac-fallback");
    setup.subnets = {subnet(1, {{"subnet", "10.0.0.0/8"}})};
    setup.threads = values["threads"].as<unsigned>();
    KeaServer server(setup);
    writeLeases(server.directory() + "/leases.csv", leases);
    server.start();
    Link link(serverAddress());
    link.setReplyTimeout(Milliseconds(10000));
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
    result["walk"] = walk(server, values["command"].as<std::string>(), values["limit"].as<unsigned>(),
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
                        "scans many leases while a client renews.\nPrints one JSON object.", describe(),
                        run}));
}
