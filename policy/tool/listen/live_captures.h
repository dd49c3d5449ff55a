// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LIVE_CAPTURES_H
#define CLONE_GUARD_TOOL_LISTEN_LIVE_CAPTURES_H

#include <tool/listen/capture_counts.h>
#include <tool/listen/message_reader.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Reads the messages of network interfaces as they arrive.
class LiveCaptures {
public:
    using Status = MessageReader::Status;

    /// @brief Is called with the name of an interface that can no longer be read, and the reason.
    using OnFailure = std::function<void(const std::string& name, const std::string& reason)>;

    /// @brief Opens all interfaces, which needs root or CAP_NET_RAW.
    ///
    /// @throw Failure if an interface cannot be opened; says what to do.
    LiveCaptures(const std::vector<std::string>& names, OnFailure on_failure);

    /// @brief Reads the next message.
    ///
    /// @param wait how long to wait for one. A signal ends the wait.
    /// @return MESSAGE; NOTHING after the wait; END once no interface is left.
    Status next(Message& message, std::chrono::milliseconds wait);

    [[nodiscard]] CaptureCounts counts() const;

private:
    Status readAny(Message& message);

    std::vector<MessageReader> readers_;
    size_t turn_ =
        0;  ///< the interface that is read next, so that a busy one does not starve the others
    OnFailure on_failure_;
};

}  // namespace clone_guard

#endif
