// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_FILE_CAPTURES_H
#define CLONE_GUARD_TOOL_LISTEN_FILE_CAPTURES_H

#include <tool/listen/capture_counts.h>
#include <tool/listen/message.h>
#include <tool/listen/message_reader.h>

#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Reads the messages of capture files in the order of their times.
///
/// The files can follow each other, as tcpdump -C writes them, or be captured at the same time in several places.
class FileCaptures {
public:
    /// @brief Opens all files, so that privileges can be dropped before the first byte is read.
    ///
    /// @throw Failure if a file cannot be opened, is not a capture, or has frames that cannot be decoded.
    explicit FileCaptures(const std::vector<std::string>& paths);

    /// @brief Reads the next message.
    ///
    /// @return false at the end of all files.
    bool next(Message& message);

    [[nodiscard]] CaptureCounts counts() const;

    /// @return the bytes read so far.
    [[nodiscard]] uint64_t position() const;

private:
    struct File {
        MessageReader reader;
        Message message;  ///< the next one
        bool has_message = false;
    };

    std::vector<File> files_;
};

}  // namespace clone_guard

#endif
