// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_MESSAGE_READER_H
#define CLONE_GUARD_TOOL_LISTEN_MESSAGE_READER_H

#include <tool/listen/capture.h>
#include <tool/listen/capture_counts.h>
#include <tool/listen/frame_decoder.h>
#include <tool/listen/message.h>

#include <string>

namespace clone_guard {

/// @brief Reads the DHCP messages of one capture, and counts what it skips.
class MessageReader {
public:
    enum class Status {
        MESSAGE,
        NOTHING,  ///< no message at the moment
        END,      ///< of the file, or of what can be read
    };

    /// @throw Failure if the frames cannot be decoded; names the capture.
    explicit MessageReader(Capture capture);

    /// @brief Reads the next message. It does not wait for one on an interface.
    Status next(Message& message);

    /// @brief Adds what was read so far.
    void addTo(CaptureCounts& counts) const;

    /// @return why reading ended early; empty if it did not.
    [[nodiscard]] const std::string& failure() const noexcept {
        return (failure_);
    }
    [[nodiscard]] bool hasEnded() const noexcept {
        return (has_ended_);
    }
    [[nodiscard]] const Capture& capture() const noexcept {
        return (capture_);
    }

private:
    Capture capture_;
    FrameDecoder decoder_;
    uint64_t damaged_ = 0;
    uint64_t cut_ = 0;
    bool has_ended_ = false;
    std::string failure_;
};

}  // namespace clone_guard

#endif
