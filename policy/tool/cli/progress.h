// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_PROGRESS_H
#define CLONE_GUARD_TOOL_CLI_PROGRESS_H

#include <cstdint>
#include <iosfwd>

namespace clone_guard {

/// @brief Draws a bar that shows how much of the work is done, and wipes it when it goes out of scope.
class Progress {
public:
    /// @brief Records between two updates.
    static constexpr uint64_t STEP = 4096;

    /// @param out the stream that gets the bar.
    /// @param total bytes to read; 0 if unknown, then no bar is drawn.
    /// @param shown whether to draw the bar, see onTerminal().
    Progress(std::ostream& out, uint64_t total, bool shown) noexcept;
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// @param done bytes read so far. The bar is drawn again only if it changes.
    void update(uint64_t done);

    /// @return true if the standard error is a terminal.
    static bool onTerminal() noexcept;

private:
    std::ostream& out_;
    uint64_t total_;
    bool shown_;
    int percent_ = -1;
};

}  // namespace clone_guard

#endif
