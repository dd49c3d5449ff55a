// SPDX-License-Identifier: MPL-2.0
#include "history_wire.h"

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

using Clock = std::chrono::steady_clock;

const Milliseconds REPLY_SOON(2);
const Milliseconds GRACE(2);
const Milliseconds OWED_LIMIT(500);
const Milliseconds SERVER_LIMIT(20000);

/// How many unanswered messages are remembered for replies that come late.
const size_t MEMORY = 200;

}  // namespace

void
Wire::send(const std::vector<Query>& queries) {
    unanswerable_ = false;
    for (const Query& query : queries) {
        if (query.wantsReply()) {
            sent_[query.packet.xid] = query;
            waiting_.insert(query.packet.xid);
        } else {
            unanswerable_ = true;
        }
        latest_[query.host] = query.packet.xid;
    }
    while (sent_.size() > MEMORY) {
        sent_.erase(sent_.begin());
    }
    for (const Query& query : queries) {
        link_.send(query.packet);
    }
}

void
Wire::sendSentinel() {
    Packet message;
    message.xid = ++sentinel_;
    message.chaddr = {0x02, 0x00, 0x00, 0x00, 0x00, 0xfe};
    message.giaddr = relayOf(1);
    message.type(INFORM);
    link_.send(message);
    sentinel_back_ = false;
}

void
Wire::take(const Packet& packet, std::vector<Answer>& answers) {
    if (packet.xid == sentinel_) {
        sentinel_back_ = true;
        return;
    }
    const auto found = sent_.find(packet.xid);
    if (found == sent_.end()) {
        return;
    }
    const bool overtaken = latest_[found->second.host] != packet.xid;
    answers.push_back({found->second, packet, overtaken});
    waiting_.erase(packet.xid);
    sent_.erase(found);
}

bool
Wire::anyOwed(const std::function<bool(const Query&)>& owed) const {
    return (std::any_of(waiting_.begin(), waiting_.end(),
                        [&](uint32_t xid) { return (owed(sent_.at(xid))); }));
}

void
Wire::giveUp(std::vector<Answer>& answers) {
    for (const uint32_t xid : waiting_) {
        answers.push_back({sent_.at(xid), std::nullopt, false});
    }
    waiting_.clear();
}

std::vector<Answer>
Wire::collect(const std::function<bool(const Query&)>& owed) {
    std::vector<Answer> answers;
    const auto begun = Clock::now();
    bool asked = unanswerable_;
    if (asked) {
        sendSentinel();
    }
    while (!waiting_.empty() || (asked && !sentinel_back_)) {
        const auto patience = !asked            ? REPLY_SOON
                              : !sentinel_back_ ? OWED_LIMIT
                              : threaded_       ? GRACE
                                                : Milliseconds(0);
        if (const auto packet = link_.receive(patience)) {
            take(*packet, answers);
        } else if (!asked) {
            sendSentinel();
            asked = true;
        } else if (sentinel_back_) {
            if (!threaded_ || !anyOwed(owed) || Clock::now() > begun + OWED_LIMIT) {
                break;
            }
        } else if (Clock::now() > begun + SERVER_LIMIT) {
            throw std::runtime_error("the server answers nobody any more");
        }
    }
    giveUp(answers);
    return (answers);
}

std::vector<Answer>
Wire::leftovers() {
    std::vector<Answer> answers;
    while (const auto packet = link_.receive(REPLY_SOON)) {
        take(*packet, answers);
    }
    waiting_.clear();
    sent_.clear();
    return (answers);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
