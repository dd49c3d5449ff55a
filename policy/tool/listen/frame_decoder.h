// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_FRAME_DECODER_H
#define CLONE_GUARD_TOOL_LISTEN_FRAME_DECODER_H

#include <tool/listen/message.h>

#include <string>

namespace clone_guard {

/// @brief Finds the DHCP message in a captured frame, of DHCPv4 or DHCPv6.
///
/// libtins decodes the frame up to UDP, and DHCPv6. The options of DHCPv4 are read here, because libtins reads beyond the end option and
/// does not join an option that is split (RFC 3396) or that continues in sname and file (RFC 2132 section 9.3).
class FrameDecoder {
public:
    enum class Result {
        MESSAGE,
        OTHER,  ///< not DHCP, a BOOTP message without a type, or a DHCPv6 message that concerns no client
        DAMAGED,  ///< DHCP that is cut short or contradicts itself
    };

    /// @param link_type the link type of libpcap (DLT_...).
    /// @throw Failure if the link type is not supported; names it.
    explicit FrameDecoder(int link_type);

    /// @brief Decodes a frame.
    ///
    /// @param frame from the link layer on.
    /// @param message is set, except for its time. Its link is the number of the interface in a cooked capture v2, else
    /// 0.
    [[nodiscard]] Result decode(ByteView frame, Message& message) const;

private:
    int link_type_;
};

}  // namespace clone_guard

#endif
