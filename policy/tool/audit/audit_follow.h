// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_FOLLOW_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_FOLLOW_H

#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace clone_guard {

/// @brief The last lines of a file, without reading all of it.
///
/// @param size of the file that is looked at, in bytes; the rest of it is for @ref FileFollower.
/// @param wanted whether a line counts.
/// @return @p count lines at most, in their order.
std::vector<std::string> lastLines(int file, uint64_t size, size_t count,
                                   const std::function<bool(const std::string&)>& wanted);

/// @brief Reads what is added to a file, also when another file takes its name (rotation) and when it is emptied.
class FileFollower {
public:
    using Take = std::function<void(const std::string& line)>;

    /// @param take called for each whole line.
    /// @throw Failure where the file cannot be read.
    FileFollower(std::string path, Take take);
    ~FileFollower();
    FileFollower(const FileFollower&) = delete;
    FileFollower& operator=(const FileFollower&) = delete;

    /// @brief Hands over the last lines that count and goes on behind them.
    void skipToLast(size_t count, const std::function<bool(const std::string&)>& wanted);

    /// @brief Reads what has been added since. A file that is not there at the moment is waited for.
    void poll();

private:
    bool open();
    void close();
    bool readOn();
    void split(const char* data, size_t size);

    std::string path_;
    Take take_;
    int file_ = -1;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    uint64_t position_ = 0;
    std::string rest_;  ///< a line whose end has not been written
};

}  // namespace clone_guard

#endif
