// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_PROGRESS_H
#define CLONE_GUARD_TOOL_CLI_PROGRESS_H

#include <cstdint>
#include <iosfwd>

namespace clone_guard {

/// @brief A bar that shows how much of the work is done. It is wiped when the work ends, however that is.
class Progress {
public:
    /// @param out where to.
    /// @param total bytes to read; 0: not known, then nothing is shown.
    /// @param shown whether anybody sees it, see onTerminal.
    Progress(std::ostream& out, uint64_t total, bool shown) noexcept;
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// @param done bytes read so far. It is drawn only where the bar changes.
    void update(uint64_t done);

    /// @return whether standard error is a terminal.
    static bool onTerminal() noexcept;

private:
    std::ostream& out_;
    uint64_t total_;
    bool shown_;
    int percent_ = -1;
};

}  // namespace clone_guard

#endif
