// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_FOLLOW_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_FOLLOW_H

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clone_guard {

/// @brief Decides whether a line counts.
using LineFilter = std::function<bool(const std::string&)>;

/// @brief Finds the last lines of a file without reading all of it.
///
/// @param file descriptor of the open file.
/// @param size bytes of the file to search, from its beginning.
/// @param count number of lines, at most.
/// @param wanted selects the lines that count.
/// @return the lines in their order in the file.
std::vector<std::string> lastLines(int file, uint64_t size, size_t count, const LineFilter& wanted);

/// @brief Reads what is added to a file. It continues if the file is rotated or truncated.
class FileFollower {
public:
    using LineHandler = std::function<void(const std::string& line)>;

    /// @param on_line called for each complete line.
    /// @throw Failure if the file cannot be read.
    FileFollower(std::string path, LineHandler on_line);
    ~FileFollower();
    FileFollower(const FileFollower&) = delete;
    FileFollower& operator=(const FileFollower&) = delete;

    /// @brief Passes the last lines to the handler and continues after them.
    ///
    /// @param count number of lines, at most.
    /// @param wanted selects the lines that count.
    void skipToLast(size_t count, const LineFilter& wanted);

    /// @brief Reads what was added since the last call. A missing file is opened once it exists again.
    void poll();

private:
    bool open();
    void close();
    bool readChunk();
    void splitLines(const char* data, size_t size);

    std::string path_;
    LineHandler on_line_;
    int file_ = -1;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    uint64_t position_ = 0;
    std::string rest_;  ///< a line without its end
};

}  // namespace clone_guard

#endif
