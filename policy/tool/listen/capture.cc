// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/cli/input_file.h>
#include <tool/listen/capture.h>

#include <core/identity/escape.h>

#include <net/if.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace clone_guard {

namespace {

constexpr const char* DHCP = "(udp port 67 or 68 or 546 or 547)";
/// After the word vlan, the filter looks behind the tag.
constexpr const char* TAGGED_DHCP =
    "(udp port 67 or 68 or 546 or 547) or (vlan and ((udp port 67 or 68 or 546 or 547) or (vlan and "
    "(udp port 67 or 68 or 546 or 547))))";
/// A DHCP message fits one frame of Ethernet. A jumbo frame may have a longer one.
constexpr int SNAPLEN = 9216;
/// The ring of the kernel: some 2000 messages that arrive at once.
constexpr int BUFFER = 4 << 20U;
constexpr int TIMEOUT_MS = 100;

/// Times beyond the year 9999 have no notation in the output.
constexpr int64_t LAST_SECOND = 253402300799;

ssize_t
readInput(void* file, char* to, size_t size) {
    try {
        return (static_cast<ssize_t>(static_cast<InputFile*>(file)->read(to, size)));
    } catch (const Failure&) {
        errno = EIO;
        return (-1);
    }
}

std::string
interfaceNames() {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    pcap_if_t* all = nullptr;
    if (pcap_findalldevs(&all, error.data()) != 0) {
        return {};
    }
    std::string names;
    for (const auto* one = all; one; one = one->next) {
        if ((one->flags & PCAP_IF_UP) != 0 && if_nametoindex(one->name) != 0) {
            names += (names.empty() ? "" : ", ") + printable(one->name);
        }
    }
    pcap_freealldevs(all);
    return (names);
}

}  // namespace

struct Capture::Handle {
    std::unique_ptr<InputFile> file;
    pcap_t* pcap = nullptr;
    bpf_program filter{};
    bool has_filter = false;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (has_filter) {
            pcap_freecode(&filter);
        }
        if (pcap) {
            pcap_close(pcap);
        }
    }

    /// Compiles the filter; some link types have no tags.
    void compile(bool is_file) {
        has_filter = pcap_compile(pcap, &filter, TAGGED_DHCP, 1, PCAP_NETMASK_UNKNOWN) == 0;
        const auto type = pcap_datalink(pcap);
        const bool is_cooked = type == DLT_LINUX_SLL || type == DLT_LINUX_SLL2;
        // The kernel takes the tag off before it filters, but in a file of a cooked capture it is in the frame.
        if (!has_filter && !(is_file && is_cooked)) {
            has_filter = pcap_compile(pcap, &filter, DHCP, 1, PCAP_NETMASK_UNKNOWN) == 0;
        }
    }
};

Capture::Capture(std::string name, std::unique_ptr<Handle> handle) :
    name_(std::move(name)), handle_(std::move(handle)) {}
Capture::Capture(Capture&&) noexcept = default;
Capture& Capture::operator=(Capture&&) noexcept = default;
Capture::~Capture() = default;

Capture
Capture::ofFile(const std::string& path) {
    auto handle = std::make_unique<Handle>();
    handle->file = std::make_unique<InputFile>(path);
    std::FILE* const stream =
        fopencookie(handle->file.get(), "r", {readInput, nullptr, nullptr, nullptr});
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    handle->pcap = stream ? pcap_fopen_offline(stream, error.data()) : nullptr;
    if (!handle->pcap) {
        if (stream) {
            std::fclose(stream);
        }
        throw Failure(inQuotes(path) + " is not a capture of tcpdump or Wireshark: " + error.data());
    }
    handle->compile(true);
    return (Capture(path, std::move(handle)));
}

Capture
Capture::ofInterface(const std::string& name) {
    auto handle = std::make_unique<Handle>();
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    handle->pcap = pcap_create(name.c_str(), error.data());
    if (!handle->pcap) {
        throw Failure("the interface " + inQuotes(name) + " cannot be opened: " + error.data());
    }
    auto* const pcap = handle->pcap;
    const bool prepared = pcap_set_snaplen(pcap, SNAPLEN) == 0 && pcap_set_promisc(pcap, 1) == 0 &&
                          pcap_set_timeout(pcap, TIMEOUT_MS) == 0 &&
                          pcap_set_buffer_size(pcap, BUFFER) == 0;
    const auto status = prepared ? pcap_activate(pcap) : PCAP_ERROR;
    if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED) {
        throw Failure(
            "no permission to listen on " + inQuotes(name) +
            "; run 'sudo clone-guard listen', or have the administrator run 'tcpdump -i " +
            printable(name) +
            " -s 0 -w dhcp.pcap udp port 67 or 68 or 546 or 547', then 'clone-guard listen --read "
            "dhcp.pcap'");
    }
    if (status == PCAP_ERROR_NO_SUCH_DEVICE) {
        throw Failure("there is no interface " + inQuotes(name) + "; these are up: " + interfaceNames());
    }
    if (status < 0) {
        throw Failure("the interface " + inQuotes(name) + " cannot be opened: " + pcap_geterr(pcap));
    }
    if (name == "any") {
        // The second version has the number of the interface; libpcap before 1.10 lacks it.
        [[maybe_unused]] const int status_of_link = pcap_set_datalink(pcap, DLT_LINUX_SLL2);
    }
    handle->compile(false);
    if (handle->has_filter && pcap_setfilter(pcap, &handle->filter) != 0) {
        throw Failure("the interface " + inQuotes(name) + " takes no filter: " + pcap_geterr(pcap));
    }
    if (pcap_setnonblock(pcap, 1, error.data()) != 0) {
        throw Failure("the interface " + inQuotes(name) + " cannot be read: " + error.data());
    }
    Capture capture(name, std::move(handle));
    capture.link_ = if_nametoindex(name.c_str());
    return (capture);
}

Capture::Status
Capture::next(Frame& frame) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    for (;;) {
        const auto status = pcap_next_ex(handle_->pcap, &header, &bytes);
        if (status == 0) {
            return (Status::NOTHING);
        }
        if (status < 0) {
            return (status == PCAP_ERROR_BREAK ? Status::END : Status::FAILED);
        }
        ++frames_;
        const bool is_file = handle_->file != nullptr;
        if (!is_file || !handle_->has_filter ||
            pcap_offline_filter(&handle_->filter, header, bytes) != 0) {
            break;
        }
    }
    frame.bytes = ByteView(bytes, header->caplen);
    const auto seconds = std::clamp<int64_t>(header->ts.tv_sec, 0, LAST_SECOND);
    frame.time =
        utcFromMilliseconds(seconds * 1000 + std::clamp<int64_t>(header->ts.tv_usec / 1000, 0, 999));
    frame.is_cut = header->caplen < header->len;
    return (Status::FRAME);
}

std::string
Capture::failure() const {
    return (printable(pcap_geterr(handle_->pcap)));
}

int
Capture::linkType() const {
    return (pcap_datalink(handle_->pcap));
}

int
Capture::descriptor() const {
    return (handle_->file ? -1 : pcap_get_selectable_fd(handle_->pcap));
}

uint64_t
Capture::dropped() const {
    pcap_stat counts{};
    return (handle_->file || pcap_stats(handle_->pcap, &counts) != 0 ? 0 : counts.ps_drop);
}

uint64_t
Capture::position() const {
    return (handle_->file ? handle_->file->position() : 0);
}

}  // namespace clone_guard
