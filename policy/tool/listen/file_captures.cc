// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/listen/file_captures.h>

#include <utility>

namespace clone_guard {

FileCaptures::FileCaptures(const std::vector<std::string>& paths) {
    files_.reserve(paths.size());
    for (const auto& path : paths) {
        auto capture = Capture::ofFile(path);
        const auto type = capture.linkType();
        try {
            files_.push_back({std::move(capture), FrameDecoder(type), {}, false, {}});
        } catch (const Failure& failure) {
            throw Failure(inQuotes(path) + ": " + failure.what());
        }
    }
}

bool
FileCaptures::next(Message& message) {
    File* earliest = nullptr;
    for (auto& file : files_) {
        if (!file.has_message) {
            advance(file);
        }
        if (file.has_message && (!earliest || file.message.time < earliest->message.time)) {
            earliest = &file;
        }
    }
    if (!earliest) {
        return (false);
    }
    std::swap(message, earliest->message);
    earliest->has_message = false;
    return (true);
}

void
FileCaptures::advance(File& file) {
    Frame frame;
    while (file.failure.empty()) {
        const auto status = file.capture.next(frame);
        if (status != Capture::Status::FRAME) {
            file.failure = status == Capture::Status::FAILED ? file.capture.failure() : "";
            return;
        }
        const auto result = file.decoder.decode(frame.bytes, file.message);
        if (frame.is_cut && result != FrameDecoder::Result::OTHER) {
            // The identifier may be among the missing bytes.
            ++cut_;
        } else if (result == FrameDecoder::Result::DAMAGED) {
            ++damaged_;
        } else if (result == FrameDecoder::Result::MESSAGE) {
            file.message.time = frame.time;
            file.has_message = true;
            return;
        }
    }
}

CaptureCounts
FileCaptures::counts() const {
    CaptureCounts counts;
    counts.damaged = damaged_;
    counts.cut = cut_;
    for (const auto& file : files_) {
        counts.sources.push_back({file.capture.name(), file.failure});
        counts.frames += file.capture.frames();
    }
    return (counts);
}

uint64_t
FileCaptures::position() const {
    uint64_t position = 0;
    for (const auto& file : files_) {
        position += file.capture.position();
    }
    return (position);
}

}  // namespace clone_guard
