// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/line_reader.h>

#include <tool/cli/failure.h>

#include <core/audit/escape.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace clone_guard {

namespace {

/// How compressed files begin, and what unpacks them.
struct Compression {
    std::string_view magic;
    const char* name;
    const char* unpack;
};
constexpr std::array<Compression, 4> COMPRESSIONS{{{"\x1f\x8b", "gzip", "zcat"},
                                                   {"BZh", "bzip2", "bzcat"},
                                                   {"\xfd"
                                                    "7zXZ",
                                                    "xz", "xzcat"},
                                                   {"\x28\xb5\x2f\xfd", "zstd", "zstdcat"}}};

}  // namespace

void
LineReader::Close::operator()(std::FILE* file) const noexcept {
    if (file != stdin) {
        std::fclose(file);
    }
}

LineReader::LineReader(const std::string& path) : path_(path), buffer_(MAX_LINE) {
    std::error_code ignored;
    if (path != "-" && std::filesystem::is_directory(path, ignored)) {
        throw Failure(inQuotes(path) + " is a directory, a file is needed");
    }
    file_.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
    if (!file_) {
        const int error = errno;
        throw Failure(inQuotes(path) + " cannot be opened: " + std::strerror(error) +
                      (error == EACCES ? ", try it as root" : ""));
    }
    fill();
    for (const auto& [magic, name, unpack] : COMPRESSIONS) {
        if (rest().substr(0, magic.size()) == magic) {
            throw Failure(inQuotes(path) + " is compressed (" + name + "): unpack it, for example '" +
                          unpack + " FILE | clone-guard ... -'");
        }
    }
}

void
LineReader::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    // What a pipe has by now, where fread() would wait for all that there is room for.
    ssize_t got = 0;
    do {
        got = ::read(fileno(file_.get()), buffer_.data() + end_, buffer_.size() - end_);
    } while (got < 0 && errno == EINTR);
    end_ += static_cast<size_t>(std::max<ssize_t>(got, 0));
    position_ += static_cast<uint64_t>(std::max<ssize_t>(got, 0));
    at_end_ = got == 0;
    if (got < 0) {
        throw Failure(inQuotes(path_) + " cannot be read: " + std::strerror(errno));
    }
}

void
LineReader::skipRest() {
    for (;;) {
        const auto end = rest().find('\n');
        if (end != std::string_view::npos) {
            begin_ += end + 1;
            return;
        }
        begin_ = end_;
        fill();
        if (at_end_) {
            return;
        }
    }
}

bool
LineReader::next(std::string_view& line) {
    if (cut_) {
        skipRest();
        cut_ = false;
    }
    size_t searched = 0;
    for (;;) {
        const auto end = rest().find('\n', searched);
        if (end != std::string_view::npos) {
            line = rest().substr(0, end);
            begin_ += end + 1;
            break;
        }
        searched = rest().size();
        if (searched == buffer_.size()) {
            line = rest();
            begin_ = end_;
            cut_ = true;
            break;
        }
        if (!at_end_) {
            fill();
        }
        if (at_end_) {
            if (rest().empty()) {
                return (false);
            }
            complete_ = false;
            line = rest();
            begin_ = end_;
            break;
        }
    }
    ++number_;
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return (true);
}

}  // namespace clone_guard
