// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/input_file.h>

#include <tool/cli/failure.h>

#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace clone_guard {

namespace {

namespace io = boost::iostreams;
using Chain = io::filtering_streambuf<io::input>;

/// Bytes that pass between the file and the unpacker at once.
constexpr std::streamsize CHUNK = 65536;
/// Bytes unpacked at once. Boost drops those before a fault, so the reported position is this exact.
constexpr std::streamsize UNPACKED_CHUNK = 4096;

/// How compressed files begin, and what unpacks them.
struct Compression {
    std::string_view magic;
    const char* name;
    void (*push)(Chain& chain);  ///< nullptr if the command does not unpack it
};

constexpr std::array<Compression, 4> COMPRESSIONS{
    {{"\x1f\x8b", "gzip",
      [](Chain& chain) {
          chain.push(io::gzip_decompressor(io::zlib::default_window_bits, CHUNK), UNPACKED_CHUNK);
      }},
     {"BZh", "bzip2", [](Chain& chain) { chain.push(io::bzip2_decompressor(), UNPACKED_CHUNK); }},
     {"\xfd"
      "7zXZ",
      "xz", [](Chain& chain) { chain.push(io::lzma_decompressor(), UNPACKED_CHUNK); }},
     {"\x28\xb5\x2f\xfd", "zstd", nullptr}}};

/// Finds the compression by the first bytes of a file.
const Compression*
compressionOf(std::string_view head) {
    for (const auto& one : COMPRESSIONS) {
        if (head.substr(0, one.magic.size()) == one.magic) {
            return (&one);
        }
    }
    return (nullptr);
}

/// Returns whether more bytes could make these the begin of a compressed file.
bool
maybeCompressed(std::string_view head) {
    return (std::any_of(COMPRESSIONS.begin(), COMPRESSIONS.end(), [head](const Compression& one) {
        return (head.size() < one.magic.size() && one.magic.substr(0, head.size()) == head);
    }));
}

}  // namespace

/// The bytes as they are in the file.
class InputFile::Raw {
public:
    explicit Raw(const std::string& path) : name_(path == "-" ? "the standard input" : inQuotes(path)) {
        std::error_code ignored;
        if (path != "-" && std::filesystem::is_directory(path, ignored)) {
            throw Failure(name_ + " is a directory; a file is needed");
        }
        file_.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
        if (!file_) {
            const int error = errno;
            throw Failure(name_ + " cannot be opened: " + std::strerror(error) +
                          (error == EACCES ? "; try it as root" : ""));
        }
    }

    size_t read(char* to, size_t size) {
        if (head_at_ < head_.size()) {
            const auto taken = std::min(size, head_.size() - head_at_);
            std::memcpy(to, head_.data() + head_at_, taken);
            head_at_ += taken;
            return (taken);
        }
        return (readFile(to, size));
    }

    /// Reads ahead for as long as the bytes may be those of a compressed file.
    std::string_view peek() {
        std::array<char, 16> more{};
        size_t got = 1;
        while (got > 0 && maybeCompressed(head_)) {
            got = readFile(more.data(), more.size());
            head_.append(more.data(), got);
        }
        return (head_);
    }

    /// Returns the name of the file for messages.
    [[nodiscard]] const std::string& name() const noexcept {
        return (name_);
    }
    [[nodiscard]] uint64_t position() const noexcept {
        return (position_);
    }
    [[nodiscard]] bool atEnd() const noexcept {
        return (at_end_);
    }

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept {
            if (file != stdin) {
                std::fclose(file);
            }
        }
    };

    size_t readFile(char* to, size_t size) {
        // fread() would wait until a pipe has filled the whole buffer.
        ssize_t got = 0;
        do {
            got = ::read(fileno(file_.get()), to, size);
        } while (got < 0 && errno == EINTR);
        if (got < 0) {
            throw Failure(name_ + " cannot be read: " + std::strerror(errno));
        }
        at_end_ = got == 0;
        position_ += static_cast<uint64_t>(got);
        return (static_cast<size_t>(got));
    }

    std::string name_;
    std::unique_ptr<std::FILE, Close> file_;
    std::string head_;
    size_t head_at_ = 0;
    uint64_t position_ = 0;
    bool at_end_ = false;
};

/// The unpacked bytes.
struct InputFile::Unpacker {
    /// Gives the bytes of the file to Boost.Iostreams.
    struct Source {
        using char_type = char;
        using category = io::source_tag;
        std::streamsize read(char* to, std::streamsize size) {
            const auto got = raw->read(to, static_cast<size_t>(size));
            return (got == 0 ? -1 : static_cast<std::streamsize>(got));
        }
        Raw* raw;
    };

    Chain chain;
};

InputFile::InputFile(const std::string& path) : raw_(std::make_unique<Raw>(path)) {
    const auto* const found = compressionOf(raw_->peek());
    if (!found) {
        return;
    }
    compression_ = found->name;
    if (!found->push) {
        throw Failure(raw_->name() + " is compressed (" + found->name +
                      "), which this command does not unpack: run 'zstdcat FILE | clone-guard ... -'");
    }
    unpacker_ = std::make_unique<Unpacker>();
    found->push(unpacker_->chain);
    unpacker_->chain.push(Unpacker::Source{raw_.get()}, CHUNK);
}

InputFile::~InputFile() = default;

size_t
InputFile::read(char* to, size_t size) {
    if (!unpacker_) {
        return (raw_->read(to, size));
    }
    try {
        return (static_cast<size_t>(std::max<std::streamsize>(
            unpacker_->chain.sgetn(to, static_cast<std::streamsize>(size)), 0)));
    } catch (const std::ios_base::failure&) {
        throw Failure(raw_->name() + " is damaged: its " + compression_ + " data " +
                      (raw_->atEnd() ? "ends too early" : "cannot be unpacked") + " at byte " +
                      std::to_string(raw_->position()));
    }
}

uint64_t
InputFile::position() const noexcept {
    return (raw_->position());
}

const char*
InputFile::compression() const noexcept {
    return (compression_);
}

}  // namespace clone_guard
