// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_FAILURE_H
#define CLONE_GUARD_TOOL_CLI_FAILURE_H

#include <core/identity/escape.h>

#include <stdexcept>
#include <string>

namespace clone_guard {

/// @brief Reports a command line that is wrong. main() prints the text with a hint at --help.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief Reports an input that cannot be read or an output that cannot be written: what, why, and what to do.
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief Quotes a path for a message.
inline std::string
inQuotes(const std::string& path) {
    // Linux allows paths of this length (PATH_MAX).
    return ("'" + escape(path, 4096) + "'");
}

}  // namespace clone_guard

#endif
