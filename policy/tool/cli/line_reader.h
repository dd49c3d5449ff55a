// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_LINE_READER_H
#define CLONE_GUARD_TOOL_CLI_LINE_READER_H

#include <tool/cli/input_file.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Reads a file line by line in constant memory; a compressed file is unpacked.
class LineReader {
public:
    /// @brief The length in bytes at which a line is cut: no text has longer lines.
    static constexpr size_t MAX_LINE = size_t{1} << 18U;

    /// @param path the file or pipe; "-" is the standard input.
    /// @throw Failure if the file cannot be opened or read.
    explicit LineReader(const std::string& path);

    /// @brief Reads the next line.
    ///
    /// @param line is set to the line without its end; valid until the next call.
    /// @return true, or false at the end of the file.
    /// @throw Failure if the file cannot be read, or its compressed data is damaged; names the file and the last line
    /// that was read.
    bool next(std::string_view& line);

    /// @brief Reads ahead, and leaves everything for next().
    ///
    /// @param size bytes, at most 16 KiB.
    /// @return the first bytes that next() has not returned; fewer than @c size at the end of the file. Valid until the
    /// next call.
    /// @throw Failure if the file cannot be read.
    std::string_view peek(size_t size);

    /// @brief Reads everything that next() has not returned.
    ///
    /// @param text is set to the bytes that were read.
    /// @return true, or false if there are more than @c longest bytes.
    /// @throw Failure if the file cannot be read.
    bool readRest(std::string& text, size_t longest);

    /// @return true if next() returns a line without reading from the file, so that it does not wait for a pipe.
    [[nodiscard]] bool isBuffered() const noexcept {
        return (!cut_ && rest().find('\n') != std::string_view::npos);
    }

    /// @return the number of the line that next() returned; the first line is 1.
    [[nodiscard]] uint64_t number() const noexcept {
        return (number_);
    }
    /// @return the number of bytes read from the file; of a compressed file, its compressed bytes.
    [[nodiscard]] uint64_t position() const noexcept {
        return (file_.position());
    }
    /// @return true if the line was too long, so that its end is missing.
    [[nodiscard]] bool cut() const noexcept {
        return (cut_);
    }
    /// @return true if the line had an end; the last line of a file that is being written may have none.
    [[nodiscard]] bool complete() const noexcept {
        return (complete_);
    }

private:
    void fill();
    void skipRest();
    [[nodiscard]] std::string_view rest() const noexcept {
        return {buffer_.data() + begin_, end_ - begin_};
    }

    InputFile file_;
    std::vector<char> buffer_;
    size_t begin_ = 0;  ///< of the bytes that next() has not returned
    size_t end_ = 0;
    bool at_end_ = false;
    uint64_t number_ = 0;
    bool cut_ = false;
    bool complete_ = true;
};

}  // namespace clone_guard

#endif
