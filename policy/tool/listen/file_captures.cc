// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/capture.h>
#include <tool/listen/file_captures.h>

#include <utility>

namespace clone_guard {

FileCaptures::FileCaptures(const std::vector<std::string>& paths) {
    files_.reserve(paths.size());
    for (const auto& path : paths) {
        files_.push_back({MessageReader(Capture::ofFile(path)), {}, false});
    }
}

bool
FileCaptures::next(Message& message) {
    File* earliest = nullptr;
    for (auto& file : files_) {
        if (!file.has_message) {
            file.has_message = file.reader.next(file.message) == MessageReader::Status::MESSAGE;
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

CaptureCounts
FileCaptures::counts() const {
    CaptureCounts counts;
    for (const auto& file : files_) {
        file.reader.addTo(counts);
    }
    return (counts);
}

uint64_t
FileCaptures::position() const {
    uint64_t position = 0;
    for (const auto& file : files_) {
        position += file.reader.capture().position();
    }
    return (position);
}

}  // namespace clone_guard
