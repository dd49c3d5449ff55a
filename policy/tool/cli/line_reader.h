// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_LINE_READER_H
#define CLONE_GUARD_TOOL_CLI_LINE_READER_H

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Reads a file line by line as a stream: it needs the same little memory for any size.
class LineReader {
public:
    /// @brief Longer lines are no text; they are cut there.
    static constexpr size_t MAX_LINE = size_t{1} << 18U;

    /// @param path the file, a pipe too; "-" is the standard input.
    /// @throw Failure where it cannot be opened, or is compressed.
    explicit LineReader(const std::string& path);

    /// @param line is set to the next line without its end; valid until the next call.
    /// @return false at the end of the file.
    /// @throw Failure where the file cannot be read.
    bool next(std::string_view& line);

    /// @return which line that was; the first is 1.
    [[nodiscard]] uint64_t number() const noexcept {
        return (number_);
    }
    /// @return bytes read so far.
    [[nodiscard]] uint64_t position() const noexcept {
        return (position_);
    }
    /// @return whether the line was too long, so that its end is missing.
    [[nodiscard]] bool cut() const noexcept {
        return (cut_);
    }
    /// @return whether the line had an end; the last one of a file that is being written may have none.
    [[nodiscard]] bool complete() const noexcept {
        return (complete_);
    }

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept;
    };
    void fill();
    void skipRest();
    [[nodiscard]] std::string_view rest() const noexcept {
        return {buffer_.data() + begin_, end_ - begin_};
    }

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::vector<char> buffer_;
    size_t begin_ = 0;  ///< of what is not handed out yet
    size_t end_ = 0;
    bool at_end_ = false;
    uint64_t position_ = 0;
    uint64_t number_ = 0;
    bool cut_ = false;
    bool complete_ = true;
};

}  // namespace clone_guard

#endif
