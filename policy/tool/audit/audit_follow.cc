// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_follow.h>
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

constexpr size_t CHUNK = 65536;

/// So much of a file is looked at for its last records, whatever else is in it.
constexpr uint64_t MOST_LOOKED_AT = 64U << 20U;

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
lastLines(int file, uint64_t size, size_t count, const std::function<bool(const std::string&)>& wanted) {
    std::vector<std::string> found;
    std::vector<char> buffer(CHUNK);
    std::string later;  // the begin of what was read before, up to its first end of a line
    auto position = size;
    while (found.size() < count && position > 0 && size - position < MOST_LOOKED_AT) {
        const auto length = static_cast<size_t>(std::min<uint64_t>(CHUNK, position));
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
        // What has no begin yet. A line longer than records are is cut, so that it is none.
        later = text.substr(0, std::min(end, MAX_RECORD + 1));
    }
    std::reverse(found.begin(), found.end());
    return (found);
}

FileFollower::FileFollower(std::string path, Take take) :
    path_(std::move(path)), take_(std::move(take)) {
    struct stat status {};
    if (stat(path_.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        throw Failure("'" + path_ + "' is a directory; name the audit log in it");
    }
    if (!open()) {
        throw Failure("cannot read '" + path_ + "': " + std::strerror(errno));
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
FileFollower::skipToLast(size_t count, const std::function<bool(const std::string&)>& wanted) {
    struct stat status {};
    if (fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    auto size = static_cast<uint64_t>(status.st_size);
    // A line that is being written belongs to what comes.
    char last = '\n';
    while (size > 0 && (readAt(file_, &last, 1, size - 1) == 1) && last != '\n' &&
           static_cast<uint64_t>(status.st_size) - size < MAX_RECORD) {
        --size;
    }
    position_ = size;
    for (const auto& line : lastLines(file_, size, count, wanted)) {
        take_(line);
    }
}

void
FileFollower::poll() {
    while (readOn()) {
    }
    struct stat status {};
    if (stat(path_.c_str(), &status) != 0) {
        return;
    }
    if (file_ < 0 || status.st_dev != device_ || status.st_ino != inode_) {
        // All of the old file has been read above.
        if (!rest_.empty()) {
            take_(rest_);
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
    while (readOn()) {
    }
}

bool
FileFollower::readOn() {
    if (file_ < 0) {
        return (false);
    }
    std::array<char, CHUNK> buffer{};
    const auto got = readAt(file_, buffer.data(), buffer.size(), position_);
    position_ += got;
    split(buffer.data(), got);
    return (got > 0);
}

void
FileFollower::split(const char* data, size_t size) {
    const auto* const end = data + size;
    while (data != end) {
        const auto* const newline = std::find(data, end, '\n');
        const auto room = MAX_RECORD - std::min(rest_.size(), MAX_RECORD);
        rest_.append(data, std::min(room, static_cast<size_t>(newline - data)));
        if (newline == end) {
            return;
        }
        take_(rest_);
        rest_.clear();
        data = newline + 1;
    }
}

}  // namespace clone_guard
