// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/transport.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

using Clock = std::chrono::steady_clock;

const Milliseconds REPLY_SOON(2);
/// Before another sentinel is sent.
const Milliseconds SENTINEL_SOON(50);
/// By which a reply may come later than that to the sentinel, which was sent by another thread.
const Milliseconds GRACE(2);
const Milliseconds AT_ONCE(0);
const Milliseconds OWED_LIMIT(500);
const Milliseconds SERVER_LIMIT(20000);

/// How many unanswered messages are remembered for replies that come late.
const size_t MEMORY = 200;

}  // namespace

void
Wire::send(const std::vector<Query>& queries) {
    unanswerable_.clear();
    for (const Query& query : queries) {
        if (query.wantsReply()) {
            sent_[query.packet.xid] = query;
            waiting_.insert(query.packet.xid);
        } else {
            unanswerable_.push_back(query);
        }
        latest_[query.host] = query.packet.xid;
    }
    while (sent_.size() > MEMORY) {
        sent_.erase(sent_.begin());
    }
    for (const Query& query : queries) {
        turnTo(query.server);
        link_.send(query.packet);
    }
}

void
Wire::turnTo(unsigned server) {
    if (server != EVERY_SERVER) {
        link_.turnTo(serverAddress(server));
    }
}

void
Wire::sendSentinels() {
    // Those that are on their way still may have been dropped: only one may wait for its turn.
    sentinels_.clear();
    std::map<std::pair<unsigned, Bytes>, unsigned> doubtful;
    const auto doubt = [&](const Query& query) { ++doubtful[{query.server, query.packet.chaddr}]; };
    for (const uint32_t xid : waiting_) {
        doubt(sent_.at(xid));
    }
    for (const Query& query : unanswerable_) {
        doubt(query);
    }
    std::set<std::pair<unsigned, Bytes>> asked;
    for (const auto& entry : doubtful) {
        // A third message behind one hardware address would push out the one that waits.
        const bool in_turn = entry.second > 1;
        in_turn_ = in_turn_ || in_turn;
        const unsigned server = entry.first.first;
        asked.emplace(server, threaded_ && !in_turn ? entry.first.second : bystander());
    }
    for (const auto& entry : asked) {
        sendSentinel(entry.first, entry.second);
    }
}

void
Wire::sendSentinel(unsigned server, const Bytes& hw_address) {
    turnTo(server);
    Packet message;
    message.xid = ++last_sentinel_;
    message.chaddr = hw_address;
    message.giaddr = relayOf(1);
    message.type(threaded_ ? REQUEST : INFORM);
    if (threaded_) {
        message.add(OPTION_REQUESTED_ADDRESS, bigEndian(notToBeHad().value));
        message.add(OPTION_SERVER_IDENTIFIER, bigEndian(link_.server().value));
    }
    sentinels_.insert(message.xid);
    link_.send(message);
}

void
Wire::take(const Packet& packet, std::vector<Answer>& answers) {
    if (sentinels_.erase(packet.xid) != 0) {
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
    in_turn_ = false;
    bool asked = !unanswerable_.empty();
    if (asked) {
        sendSentinels();
    }
    while (!waiting_.empty() || !sentinels_.empty()) {
        const bool settled = asked && sentinels_.empty();
        const auto patience = !asked      ? REPLY_SOON
                              : !settled  ? SENTINEL_SOON
                              : threaded_ ? GRACE
                                          : AT_ONCE;
        if (const auto packet = link_.receive(patience)) {
            take(*packet, answers);
        } else if (!settled) {
            if (Clock::now() > begun + SERVER_LIMIT) {
                throw std::runtime_error("the server answers nobody any more");
            }
            sendSentinels();
            asked = true;
        } else if (!threaded_ || !anyOwed(owed) || Clock::now() > begun + OWED_LIMIT) {
            break;
        }
    }
    if (threaded_ && (asked || !waiting_.empty())) {
        // A thread may have taken a message and come to a stop before it began with it.
        barrier_();
        if (in_turn_) {
            // What waited for its turn is begun with only now.
            awaitBystanders(answers);
            barrier_();
        }
        while (const auto packet = link_.receive(AT_ONCE)) {
            take(*packet, answers);
        }
    }
    unanswerable_.clear();
    giveUp(answers);
    return (answers);
}

/// Until each server that has not answered all has dealt with what it was sent by now.
void
Wire::awaitBystanders(std::vector<Answer>& answers) {
    std::set<unsigned> servers;
    for (const uint32_t xid : waiting_) {
        servers.insert(sent_.at(xid).server);
    }
    for (const Query& query : unanswerable_) {
        servers.insert(query.server);
    }
    for (const unsigned server : servers) {
        sendSentinel(server, bystander());
    }
    const auto begun = Clock::now();
    while (!sentinels_.empty()) {
        if (const auto packet = link_.receive(SENTINEL_SOON)) {
            take(*packet, answers);
        } else if (Clock::now() > begun + SERVER_LIMIT) {
            throw std::runtime_error("the server answers nobody any more");
        }
    }
}

void
Wire::lose(unsigned server) {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        at = sent_.at(*at).server == server ? waiting_.erase(at) : std::next(at);
    }
    unanswerable_.erase(
        std::remove_if(unanswerable_.begin(), unanswerable_.end(),
                       [server](const Query& query) { return (query.server == server); }),
        unanswerable_.end());
}

std::vector<Answer>
Wire::drain() {
    std::vector<Answer> answers;
    while (const auto packet = link_.receive(REPLY_SOON)) {
        take(*packet, answers);
    }
    return (answers);
}

std::vector<Answer>
Wire::leftovers() {
    auto answers = drain();
    waiting_.clear();
    sent_.clear();
    sentinels_.clear();
    unanswerable_.clear();
    return (answers);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
