// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/terminal.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace clone_guard {

namespace {

/// Narrower terminals get lines of this length, which they break themselves.
constexpr size_t MIN_WIDTH = 40;

/// Index of the slot of a stream that holds `colours` and, shifted, `width`.
int
slot() {
    static const int index = std::ios_base::xalloc();
    return (index);
}

/// Returns the colour of a style (SGR parameters of ECMA-48).
const char*
colourOf(Style style) {
    switch (style) {
    case Style::PLAIN:
        return ("");
    case Style::FAINT:
        return ("2");
    case Style::BOLD:
        return ("1");
    case Style::GOOD:
        return ("32");
    case Style::WARNING:
        return ("33");
    case Style::ALARM:
        return ("1;31");
    case Style::DEGRADED:
        return ("1;33");
    case Style::BLOCKED:
        return ("35");
    case Style::MOVED:
        return ("36");
    }
    return ("");
}

size_t
terminalWidth() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return (80);
    }
    return (std::max<size_t>(size.ws_col, MIN_WIDTH));
}

bool
isSet(const char* variable) {
    const char* const value = std::getenv(variable);
    return (value && *value);
}

}  // namespace

void
setLayout(std::ostream& out, const Layout& layout) {
    out.iword(slot()) = static_cast<long>(layout.width << 1U) + (layout.colours ? 1 : 0);
}

Layout
layoutOf(std::ostream& out) {
    const auto value = static_cast<unsigned long>(out.iword(slot()));
    return {(value & 1U) != 0, value >> 1U};
}

Layout
standardLayout(const std::string& colours) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    const char* const kind = std::getenv("TERM");
    const bool plain = isSet("NO_COLOR") || (kind && std::string(kind) == "dumb");
    return {colours == "always" || (colours == "auto" && terminal && !plain),
            terminal ? terminalWidth() : 0};
}

std::ostream&
operator<<(std::ostream& out, const Styled& styled) {
    if (!layoutOf(out).colours || styled.style == Style::PLAIN || styled.text.empty()) {
        return (out << styled.text);
    }
    return (out << "\x1b[" << colourOf(styled.style) << 'm' << styled.text << "\x1b[0m");
}

}  // namespace clone_guard
