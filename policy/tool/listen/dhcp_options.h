// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_DHCP_OPTIONS_H
#define CLONE_GUARD_TOOL_LISTEN_DHCP_OPTIONS_H

#include <tool/listen/message.h>

namespace clone_guard {

/// @brief The fields of a message that can have options.
struct OptionFields {
    ByteView options;  ///< begins with the magic cookie
    ByteView file;
    ByteView sname;
};

enum class OptionsResult {
    COMPLETE,
    NO_TYPE,  ///< a BOOTP message
    DAMAGED,  ///< an option is cut short or has an invalid length
};

/// @brief Reads the options of a message (RFC 2132).
///
/// Joins the parts of a split option (RFC 3396), and reads the fields file and sname if option 52 says so.
///
/// @param message gets what the options say.
OptionsResult readOptions(const OptionFields& fields, Message& message);

}  // namespace clone_guard

#endif
