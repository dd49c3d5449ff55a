// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/live_captures.h>

#include <poll.h>

#include <utility>

namespace clone_guard {

LiveCaptures::LiveCaptures(const std::vector<std::string>& names, OnFailure on_failure) :
    on_failure_(std::move(on_failure)) {
    readers_.reserve(names.size());
    for (const auto& name : names) {
        readers_.emplace_back(Capture::ofInterface(name));
    }
}

LiveCaptures::Status
LiveCaptures::readAny(Message& message) {
    auto result = Status::END;
    for (size_t i = 0; i < readers_.size(); ++i) {
        auto& reader = readers_[turn_];
        turn_ = (turn_ + 1) % readers_.size();
        if (reader.hasEnded()) {
            continue;
        }
        const auto status = reader.next(message);
        if (status == Status::MESSAGE) {
            return (status);
        }
        if (status == Status::END) {
            on_failure_(reader.capture().name(), reader.failure());
        } else {
            result = Status::NOTHING;
        }
    }
    return (result);
}

LiveCaptures::Status
LiveCaptures::next(Message& message, std::chrono::milliseconds wait) {
    const auto status = readAny(message);
    if (status != Status::NOTHING) {
        return (status);
    }
    std::vector<pollfd> descriptors;
    for (const auto& reader : readers_) {
        if (!reader.hasEnded()) {
            descriptors.push_back({reader.capture().descriptor(), POLLIN, 0});
        }
    }
    if (poll(descriptors.data(), descriptors.size(), static_cast<int>(wait.count())) <= 0) {
        return (Status::NOTHING);
    }
    return (readAny(message));
}

CaptureCounts
LiveCaptures::counts() const {
    CaptureCounts counts;
    counts.is_live = true;
    for (const auto& reader : readers_) {
        reader.addTo(counts);
    }
    return (counts);
}

}  // namespace clone_guard
