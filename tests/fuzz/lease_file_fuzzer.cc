// SPDX-License-Identifier: MPL-2.0
//
// Lease files of all formats, as `clone-guard scan` reads them. The file is read twice, as the files of two servers.

#include <tests/fuzz/memory_file.h>
#include <tests/fuzz/properties.h>

#include <tool/cli/failure.h>
#include <tool/scan/lease_file.h>
#include <tool/scan/lease_history.h>
#include <tool/scan/scan_json.h>
#include <tool/scan/scan_report.h>

#include <nlohmann/json.hpp>

#include <sstream>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;

void
readInto(LeaseHistory& history, const std::string& path, ScanResult& result) {
    uint64_t damaged = 0;
    LeaseFile file(path, [&damaged](uint64_t, const std::string& reason) {
        ++damaged;
        require(isPrintable(reason), "the reason for a skipped line is printable");
    });
    uint64_t read = 0;
    while (const auto* row = file.next()) {
        ++read;
        history.add(*row);
    }
    require(damaged == file.damaged() && read + damaged <= file.rows() + damaged,
            "each line is read or counted");
    result.files.push_back({path, file.rows(), file.damaged(), file.format()});
}

void
check(const ScanResult& result) {
    for (const auto& shared : result.shared) {
        // A derived identifier is evidence of another machine, even if no line is left of that.
        require(shared.machines.size() > 1 || shared.evidence.set_aside,
                "a shared identifier has several machines, or one that was set aside");
        for (const auto& machine : shared.machines) {
            require(machine.address.usable(), "a machine has a hardware address");
            require(machine.first <= machine.last, "the first message is not after the last");
        }
    }
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const fuzz::MemoryFile file(data, size);
    LeaseHistory history;
    ScanResult result;
    try {
        readInto(history, file.path(), result);
        history.nextServer();
        readInto(history, file.path(), result);
    } catch (const Failure&) {
        return (0);
    }
    result.shared = history.shared();
    result.duids = history.sharedDuids();
    result.identifiers = history.identifiers();
    check(result);
    static const ScanNames names{anExplainer(), Inventory()};
    std::ostringstream text;
    printScan(text, result, names, true);
    require(fuzz::isPlain(text.str()), "the text has no control characters");
    scanJson(result, names).dump();
    return (0);
}
