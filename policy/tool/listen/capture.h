// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_CAPTURE_H
#define CLONE_GUARD_TOOL_LISTEN_CAPTURE_H

#include <tool/cli/utc_time.h>

#include <core/identity/bytes.h>

#include <cstdint>
#include <memory>
#include <string>

namespace clone_guard {

/// @brief A frame of a capture.
struct Frame {
    ByteView bytes;  ///< valid until the next frame is read
    UtcTime time;
    bool is_cut = false;  ///< the capture has only the first bytes of the frame
};

/// @brief Reads frames from a network interface or from a file of tcpdump or Wireshark (pcap, pcapng), by libpcap.
class Capture {
public:
    enum class Status {
        FRAME,
        NOTHING,  ///< no frame at the moment
        END,      ///< of the file
        FAILED,   ///< the file is damaged, or the interface has disappeared: see failure()
    };

    /// @brief Opens a file; "-" is the standard input. A compressed file is unpacked.
    ///
    /// @throw Failure if the file cannot be read or is not a capture.
    static Capture ofFile(const std::string& path);

    /// @brief Opens an interface, or each one by the name "any". Only DHCP is captured, and nothing is sent.
    ///
    /// @throw Failure if the interface cannot be opened; says what to do.
    static Capture ofInterface(const std::string& name);

    Capture(Capture&&) noexcept;
    Capture& operator=(Capture&&) noexcept;
    ~Capture();

    /// @brief Reads the next frame. It does not wait for one on an interface.
    ///
    /// @param frame is set if the result is FRAME.
    Status next(Frame& frame);

    /// @return why next() failed.
    [[nodiscard]] std::string failure() const;

    /// @return the file or the interface, as it was named.
    [[nodiscard]] const std::string& name() const noexcept {
        return (name_);
    }
    [[nodiscard]] int linkType() const;
    /// @return the number of the interface; 0 for a file, and for "any", whose frames have the numbers.
    [[nodiscard]] uint32_t link() const noexcept {
        return (link_);
    }
    /// @return a descriptor that can be polled, or -1.
    [[nodiscard]] int descriptor() const;
    /// @return frames that passed, DHCP or not; of an interface, those that are DHCP by their ports.
    [[nodiscard]] uint64_t frames() const noexcept {
        return (frames_);
    }
    /// @return frames that the kernel dropped, because they were not read in time.
    [[nodiscard]] uint64_t dropped() const;
    [[nodiscard]] uint64_t position() const;

private:
    struct Handle;

    Capture(std::string name, std::unique_ptr<Handle> handle);

    std::string name_;
    std::unique_ptr<Handle> handle_;
    uint32_t link_ = 0;
    uint64_t frames_ = 0;
};

}  // namespace clone_guard

#endif
