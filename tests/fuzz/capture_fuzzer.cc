// SPDX-License-Identifier: MPL-2.0
//
// Captured frames, as `clone-guard listen` decodes them. An input has the link type, then for each frame the
// hundredths of a second since the last one, its length in two bytes, and its bytes. An input that begins as a capture
// file does is also read as one.

#include <tests/fuzz/memory_file.h>
#include <tests/fuzz/properties.h>

#include <tool/cli/failure.h>
#include <tool/listen/capture_counts.h>
#include <tool/listen/file_captures.h>
#include <tool/listen/frame_decoder.h>
#include <tool/listen/listen_json.h>
#include <tool/listen/listen_report.h>
#include <tool/listen/observer.h>

#include <nlohmann/json.hpp>
#include <pcap/dlt.h>

#include <algorithm>
#include <iterator>
#include <sstream>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;

constexpr int LINK_TYPES[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_RAW, DLT_NULL};
/// So few that an input can reach the bound.
constexpr size_t MACHINES = 6;

const ScanNames&
someNames() {
    static const ScanNames names{Explainer(), Inventory()};
    return (names);
}

void
check(const Observation& found, uint64_t messages) {
    require(found.queries + found.replies == messages, "each message is counted");
    require(found.machines <= MACHINES, "memory is bounded");
    require(found.omitted <= messages, "a message is omitted once");
    for (const auto& one : found.identifiers) {
        require(one.shared.machines.size() > 1, "a shared identifier has several machines");
        for (const auto& machine : one.shared.machines) {
            require(machine.address.usable(), "a machine has a hardware address");
            require(machine.first <= machine.last, "the first message is not after the last");
        }
    }
    for (const auto& one : found.addresses) {
        require(one.machines.size() > 1 && one.changes > 0, "a shared address has several machines");
    }
    std::ostringstream text;
    printListen(text, found, {}, someNames());
    require(fuzz::isPlain(text.str()), "the text has no control characters");
    listenJson(found, {}, someNames()).dump();
}

void
readFrames(ByteView input) {
    const FrameDecoder decoder(LINK_TYPES[input.data()[0] % std::size(LINK_TYPES)]);
    Observer observer(MACHINES);
    uint64_t messages = 0;
    auto time = utcFromSeconds(1777629600) + std::chrono::milliseconds(0);
    for (auto rest = input.from(1); rest.size() > 3;) {
        time += std::chrono::milliseconds(10 * rest.data()[0]);
        const auto size = std::min<size_t>(toNumber({rest.data() + 1, 2}), rest.size() - 3);
        // A copy of this size alone, so that the sanitizer sees each byte that is read beyond it.
        const Bytes frame(rest.data() + 3, rest.data() + 3 + size);
        rest = rest.from(3 + size);
        Message message;
        if (decoder.decode(frame, message) == FrameDecoder::Result::MESSAGE) {
            message.time = time;
            observer.record(message);
            ++messages;
        }
    }
    check(observer.observation(), messages);
}

void
readFile(const uint8_t* data, size_t size) {
    const fuzz::MemoryFile file(data, size);
    try {
        FileCaptures captures({file.path()});
        Observer observer(MACHINES);
        uint64_t messages = 0;
        for (Message message; captures.next(message); ++messages) {
            observer.record(message);
        }
        check(observer.observation(), messages);
    } catch (const Failure& failure) {
        require(isPrintable(failure.what()), "a failure is printable");
    }
}

/// Checks for the first bytes of pcap, in either byte order, and of pcapng.
bool
isFile(ByteView input) {
    const auto magic = input.size() < 4 ? 0 : toNumber({input.data(), 4});
    return (magic == 0xa1b2c3d4 || magic == 0xd4c3b2a1 || magic == 0x0a0d0d0a);
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const ByteView input(data, size);
    if (isFile(input)) {
        readFile(data, size);
    } else if (!input.empty()) {
        readFrames(input);
    }
    return (0);
}
