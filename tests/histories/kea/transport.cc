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
/// The time until another sentinel is sent.
const Milliseconds SENTINEL_SOON(50);
/// The time by which a reply may follow the reply to the sentinel, which another thread sends.
const Milliseconds GRACE(2);
const Milliseconds AT_ONCE(0);
/// These limits only bound failures; they are long enough for a slow and busy machine.
const Milliseconds OWED_LIMIT(5000);
const Milliseconds SERVER_LIMIT(300000);

/// The number of unanswered messages that are kept for late replies.
const size_t MEMORY = 200;

}  // namespace

void
Transport::send(const std::vector<Query>& queries) {
    unanswerable_.clear();
    in_turn_ = false;
    for (const Query& query : queries) {
        if (query.wantsReply()) {
            sent_[query.packet.xid] = query;
            waiting_.insert(query.packet.xid);
        } else {
            unanswerable_.push_back(query);
        }
        if (query.byStranger()) {
            sent_[query.packet.xid] = query;
            // The server may read another hardware address than a sentinel would have.
            in_turn_ = true;
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
Transport::turnTo(unsigned server) {
    if (server != EVERY_SERVER) {
        link_.turnTo(serverAddress(server));
    }
}

void
Transport::sendSentinels() {
    // Earlier sentinels may have been dropped: Kea queues only one message per client.
    sentinels_.clear();
    std::set<std::pair<unsigned, Bytes>> asked;
    std::map<std::pair<unsigned, Bytes>, unsigned> doubtful;
    const auto doubt = [&](const Query& query) { ++doubtful[{query.server, query.packet.chaddr}]; };
    for (const uint32_t xid : waiting_) {
        doubt(sent_.at(xid));
    }
    for (const Query& query : unanswerable_) {
        if (query.byStranger()) {
            asked.emplace(query.server, probeHwAddress());
        } else {
            doubt(query);
        }
    }
    for (const auto& entry : doubtful) {
        // A third message from one hardware address would replace the queued one.
        const bool in_turn = entry.second > 1;
        in_turn_ = in_turn_ || in_turn;
        const unsigned server = entry.first.first;
        asked.emplace(server, threaded_ && !in_turn ? entry.first.second : probeHwAddress());
    }
    for (const auto& entry : asked) {
        sendSentinel(entry.first, entry.second);
    }
}

void
Transport::sendSentinel(unsigned server, const Bytes& hw_address) {
    turnTo(server);
    Packet message;
    message.xid = ++last_sentinel_;
    message.chaddr = hw_address;
    message.giaddr = relayOf(1);
    message.type(threaded_ ? REQUEST : INFORM);
    if (threaded_) {
        message.add(OPTION_REQUESTED_ADDRESS, bigEndian(reservedAddress().value));
        message.add(OPTION_SERVER_IDENTIFIER, bigEndian(link_.server().value));
    }
    sentinels_.insert(message.xid);
    link_.send(message);
}

void
Transport::take(const Packet& packet, std::vector<Answer>& answers) {
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
Transport::anyOwed(const std::function<bool(const Query&)>& owed) const {
    return (std::any_of(waiting_.begin(), waiting_.end(),
                        [&](uint32_t xid) { return (owed(sent_.at(xid))); }));
}

void
Transport::reportSilence(std::vector<Answer>& answers) {
    for (const uint32_t xid : waiting_) {
        answers.push_back({sent_.at(xid), std::nullopt, false});
    }
    waiting_.clear();
}

std::vector<Answer>
Transport::collect(const std::function<bool(const Query&)>& owed) {
    std::vector<Answer> answers;
    const auto begun = Clock::now();
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
                throw std::runtime_error("the server no longer answers");
            }
            sendSentinels();
            asked = true;
        } else if (!threaded_ || !anyOwed(owed) || Clock::now() > begun + OWED_LIMIT) {
            break;
        }
    }
    if (threaded_ && (asked || !waiting_.empty())) {
        // A thread may have fetched a message without having started it.
        barrier_();
        if (in_turn_) {
            // The server starts the queued messages only now.
            awaitProbes(answers);
            barrier_();
        }
        while (const auto packet = link_.receive(AT_ONCE)) {
            take(*packet, answers);
        }
    }
    unanswerable_.clear();
    reportSilence(answers);
    return (answers);
}

/// Waits until each server with unanswered messages has handled all messages so far.
void
Transport::awaitProbes(std::vector<Answer>& answers) {
    std::set<unsigned> servers;
    for (const uint32_t xid : waiting_) {
        servers.insert(sent_.at(xid).server);
    }
    for (const Query& query : unanswerable_) {
        servers.insert(query.server);
    }
    for (const unsigned server : servers) {
        sendSentinel(server, probeHwAddress());
    }
    const auto begun = Clock::now();
    while (!sentinels_.empty()) {
        if (const auto packet = link_.receive(SENTINEL_SOON)) {
            take(*packet, answers);
        } else if (Clock::now() > begun + SERVER_LIMIT) {
            throw std::runtime_error("the server no longer answers");
        }
    }
}

void
Transport::forgetServer(unsigned server) {
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        at = sent_.at(*at).server == server ? waiting_.erase(at) : std::next(at);
    }
    unanswerable_.erase(
        std::remove_if(unanswerable_.begin(), unanswerable_.end(),
                       [server](const Query& query) { return (query.server == server); }),
        unanswerable_.end());
}

std::vector<Answer>
Transport::drain() {
    std::vector<Answer> answers;
    while (const auto packet = link_.receive(REPLY_SOON)) {
        take(*packet, answers);
    }
    return (answers);
}

std::vector<Answer>
Transport::leftovers() {
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
