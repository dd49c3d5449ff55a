// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_follow.h>
#include <tool/audit/audit_parser.h>
#include <tool/cli/failure.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clone_guard {

namespace {

constexpr size_t BLOCK = 65536;

/// Bytes at the end of a file that are searched for its last records.
constexpr uint64_t SEARCH_LIMIT = 64U << 20U;

size_t
readAt(int file, char* data, size_t size, uint64_t position) {
    ssize_t got = 0;
    do {
        got = pread(file, data, size, static_cast<off_t>(position));
    } while (got < 0 && errno == EINTR);
    return (got < 0 ? 0 : static_cast<size_t>(got));
}

}  // namespace

std::vector<std::string>
lastLines(int file, uint64_t size, size_t count, const LineFilter& wanted) {
    std::vector<std::string> found;
    std::vector<char> buffer(BLOCK);
    std::string later;  // the beginning of the chunk after this one, up to its first line end
    auto position = size;
    while (found.size() < count && position > 0 && size - position < SEARCH_LIMIT) {
        const auto length = static_cast<size_t>(std::min<uint64_t>(BLOCK, position));
        position -= length;
        std::string text(buffer.data(), readAt(file, buffer.data(), length, position));
        text += later;
        auto end = text.size();
        while (found.size() < count) {
            const auto newline = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
            if (newline == std::string::npos && position > 0) {
                break;
            }
            const auto begin = newline == std::string::npos ? 0 : newline + 1;
            auto line = text.substr(begin, end - begin);
            if (wanted(line)) {
                found.push_back(std::move(line));
            }
            if (newline == std::string::npos) {
                break;
            }
            end = newline;
        }
        // The line whose beginning is not read yet. It is cut if it is longer than a record can be.
        later = text.substr(0, std::min(end, MAX_RECORD + 1));
    }
    std::reverse(found.begin(), found.end());
    return (found);
}

FileFollower::FileFollower(std::string path, LineHandler on_line) :
    path_(std::move(path)), on_line_(std::move(on_line)) {
    struct stat status {};
    if (stat(path_.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        throw Failure(inQuotes(path_) + " is a directory; name the audit log in it");
    }
    if (!open()) {
        throw Failure("cannot read " + inQuotes(path_) + ": " + std::strerror(errno));
    }
}

FileFollower::~FileFollower() {
    close();
}

bool
FileFollower::open() {
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file_ < 0 || fstat(file_, &status) != 0) {
        return (false);
    }
    device_ = status.st_dev;
    inode_ = status.st_ino;
    position_ = 0;
    rest_.clear();
    return (true);
}

void
FileFollower::close() {
    if (file_ >= 0) {
        ::close(file_);
        file_ = -1;
    }
}

void
FileFollower::skipToLast(size_t count, const LineFilter& wanted) {
    struct stat status {};
    if (fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    auto size = static_cast<uint64_t>(status.st_size);
    // An unfinished last line is left to poll().
    char last = '\n';
    while (size > 0 && (readAt(file_, &last, 1, size - 1) == 1) && last != '\n' &&
           static_cast<uint64_t>(status.st_size) - size < MAX_RECORD) {
        --size;
    }
    position_ = size;
    for (const auto& line : lastLines(file_, size, count, wanted)) {
        on_line_(line);
    }
}

void
FileFollower::poll() {
    while (readChunk()) {
    }
    struct stat status {};
    if (stat(path_.c_str(), &status) != 0) {
        return;
    }
    if (file_ < 0 || status.st_dev != device_ || status.st_ino != inode_) {
        // The loop above has read the old file to its end.
        if (!rest_.empty()) {
            on_line_(rest_);
        }
        close();
        if (!open()) {
            close();
            return;
        }
    } else if (static_cast<uint64_t>(status.st_size) < position_) {
        position_ = 0;
        rest_.clear();
    }
    while (readChunk()) {
    }
}

bool
FileFollower::readChunk() {
    if (file_ < 0) {
        return (false);
    }
    std::array<char, BLOCK> buffer{};
    const auto got = readAt(file_, buffer.data(), buffer.size(), position_);
    position_ += got;
    splitLines(buffer.data(), got);
    return (got > 0);
}

void
FileFollower::splitLines(const char* data, size_t size) {
    const auto* const end = data + size;
    while (data != end) {
        const auto* const newline = std::find(data, end, '\n');
        const auto room = MAX_RECORD - std::min(rest_.size(), MAX_RECORD);
        rest_.append(data, std::min(room, static_cast<size_t>(newline - data)));
        if (newline == end) {
            return;
        }
        on_line_(rest_);
        rest_.clear();
        data = newline + 1;
    }
}

}  // namespace clone_guard
