// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/line_reader.h>

#include <tool/cli/failure.h>

#include <algorithm>
#include <cstring>

namespace clone_guard {

namespace {

/// The bytes read at once. The buffer grows up to MAX_LINE if a line is longer.
constexpr size_t FIRST_SIZE = size_t{1} << 14U;

}  // namespace

LineReader::LineReader(const std::string& path) : file_(path), buffer_(FIRST_SIZE) {
    fill();
}

void
LineReader::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {
        buffer_.resize(std::min(2 * buffer_.size(), MAX_LINE));
    }
    try {
        const auto got = file_.read(buffer_.data() + end_, buffer_.size() - end_);
        end_ += got;
        at_end_ = got == 0;
    } catch (const Failure& failure) {
        throw Failure(number_ == 0
                          ? failure.what()
                          : failure.what() + ("; the last good line is " + std::to_string(number_)));
    }
}

void
LineReader::skipRest() {
    for (;;) {
        const auto end = rest().find('\n');
        if (end != std::string_view::npos) {
            begin_ += end + 1;
            return;
        }
        begin_ = end_;
        fill();
        if (at_end_) {
            return;
        }
    }
}

std::string_view
LineReader::peek(size_t size) {
    while (rest().size() < size && !at_end_) {
        fill();
    }
    return (rest());
}

bool
LineReader::readRest(std::string& text, size_t longest) {
    text.clear();
    for (;;) {
        text.append(rest());
        begin_ = end_;
        if (text.size() > longest) {
            return (false);
        }
        if (at_end_) {
            return (true);
        }
        fill();
    }
}

bool
LineReader::next(std::string_view& line) {
    if (cut_) {
        skipRest();
        cut_ = false;
    }
    size_t searched = 0;
    for (;;) {
        const auto end = rest().find('\n', searched);
        if (end != std::string_view::npos) {
            line = rest().substr(0, end);
            begin_ += end + 1;
            break;
        }
        searched = rest().size();
        if (searched == MAX_LINE) {
            line = rest();
            begin_ = end_;
            cut_ = true;
            break;
        }
        if (!at_end_) {
            fill();
        }
        if (at_end_) {
            if (rest().empty()) {
                return (false);
            }
            complete_ = false;
            line = rest();
            begin_ = end_;
            break;
        }
    }
    ++number_;
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return (true);
}

}  // namespace clone_guard
