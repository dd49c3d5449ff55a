// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/progress.h>

#include <unistd.h>

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace clone_guard {

namespace {

constexpr int BAR_WIDTH = 40;
constexpr uint64_t MEGABYTE = 1000000;

}  // namespace

Progress::Progress(std::ostream& out, uint64_t total, bool shown) noexcept :
    out_(out), total_(total), shown_(shown && total > 0) {}

Progress::~Progress() {
    if (percent_ >= 0) {
        // Back to the start of the line, and nothing is left of it.
        out_ << "\r\x1b[K" << std::flush;
    }
}

void
Progress::update(uint64_t done) {
    if (!shown_) {
        return;
    }
    done = std::min(done, total_);
    const auto percent = static_cast<int>(static_cast<double>(done) * 100 / static_cast<double>(total_));
    if (percent == percent_) {
        return;
    }
    percent_ = percent;
    const auto full = static_cast<size_t>(percent * BAR_WIDTH / 100);
    out_ << "\r[" << std::string(full, '#') << std::string(BAR_WIDTH - full, ' ') << "] " << std::setw(3)
         << percent << " %  " << done / MEGABYTE << " of " << total_ / MEGABYTE << " MB" << std::flush;
}

bool
Progress::onTerminal() noexcept {
    return (::isatty(STDERR_FILENO) == 1);
}

}  // namespace clone_guard
