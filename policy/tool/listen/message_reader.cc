// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/listen/message_reader.h>

#include <utility>

namespace clone_guard {

namespace {

FrameDecoder
decoderOf(const Capture& capture) {
    try {
        return (FrameDecoder(capture.linkType()));
    } catch (const Failure& failure) {
        throw Failure(inQuotes(capture.name()) + ": " + failure.what());
    }
}

}  // namespace

MessageReader::MessageReader(Capture capture) :
    capture_(std::move(capture)), decoder_(decoderOf(capture_)) {}

MessageReader::Status
MessageReader::next(Message& message) {
    Frame frame;
    while (!has_ended_) {
        const auto status = capture_.next(frame);
        if (status == Capture::Status::NOTHING) {
            return (Status::NOTHING);
        }
        if (status != Capture::Status::FRAME) {
            has_ended_ = true;
            failure_ = status == Capture::Status::FAILED ? capture_.failure() : "";
            break;
        }
        const auto result = decoder_.decode(frame.bytes, message);
        if (frame.is_cut && result != FrameDecoder::Result::OTHER) {
            // The identifier may be among the missing bytes.
            ++cut_;
        } else if (result == FrameDecoder::Result::DAMAGED) {
            ++damaged_;
        } else if (result == FrameDecoder::Result::MESSAGE) {
            message.time = frame.time;
            if (capture_.link() != 0) {
                message.segment.link = capture_.link();
            }
            return (Status::MESSAGE);
        }
    }
    return (Status::END);
}

void
MessageReader::addTo(CaptureCounts& counts) const {
    counts.sources.push_back({capture_.name(), failure_});
    counts.frames += capture_.frames();
    counts.dropped += capture_.dropped();
    counts.damaged += damaged_;
    counts.cut += cut_;
}

}  // namespace clone_guard
