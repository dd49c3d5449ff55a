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
/// The time until another probe is sent.
const Milliseconds PROBE_SOON(50);
/// The time by which a reply may follow the reply to the probe, which another thread sends.
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
    for (const Query& query : queries) {
        if (query.wantsReply()) {
            sent_[query.packet.xid] = query;
            waiting_.insert(query.packet.xid);
        } else {
            unanswerable_.push_back(query);
        }
        if (query.byStranger()) {
            sent_[query.packet.xid] = query;
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

/// Returns the servers with messages that may be in progress.
std::set<unsigned>
Transport::serversInDoubt() const {
    std::set<unsigned> servers;
    for (const uint32_t xid : waiting_) {
        servers.insert(sent_.at(xid).server);
    }
    for (const Query& query : unanswerable_) {
        servers.insert(query.server);
    }
    return (servers);
}

void
Transport::sendProbes() {
    probes_.clear();
    for (const unsigned server : serversInDoubt()) {
        sendProbe(server);
    }
}

/// Sends another probe to each server that has answered none. It may have dropped the earlier ones: Kea with threads
/// queues only one message of a client.
void
Transport::repeatProbes() {
    std::set<unsigned> servers;
    for (const auto& probe : probes_) {
        servers.insert(probe.second);
    }
    for (const unsigned server : servers) {
        sendProbe(server);
    }
}

/// A probe has a hardware address of its own: Kea with threads drops a queued message if another one of the same client
/// follows.
void
Transport::sendProbe(unsigned server) {
    turnTo(server);
    Packet message;
    message.xid = ++last_probe_;
    message.chaddr = probeHwAddress();
    message.giaddr = relayOf(1);
    message.type(INFORM);
    probes_.emplace(message.xid, server);
    link_.send(message);
}

void
Transport::take(const Packet& packet, std::vector<Answer>& answers) {
    const auto probe = probes_.find(packet.xid);
    if (probe != probes_.end()) {
        const unsigned server = probe->second;
        for (auto at = probes_.begin(); at != probes_.end();) {
            at = at->second == server ? probes_.erase(at) : std::next(at);
        }
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
        sendProbes();
    }
    while (!waiting_.empty() || !probes_.empty()) {
        const bool settled = asked && probes_.empty();
        const auto patience = !asked ? REPLY_SOON : !settled ? PROBE_SOON : threaded_ ? GRACE : AT_ONCE;
        if (const auto packet = link_.receive(patience)) {
            take(*packet, answers);
        } else if (!settled) {
            if (Clock::now() > begun + SERVER_LIMIT) {
                throw std::runtime_error("the server no longer answers");
            }
            if (asked) {
                repeatProbes();
            } else {
                sendProbes();
            }
            asked = true;
        } else if (!threaded_ || !anyOwed(owed) || Clock::now() > begun + OWED_LIMIT) {
            break;
        }
    }
    if (threaded_ && (asked || !waiting_.empty())) {
        // A thread may have fetched a message without having started it.
        barrier_();
        // The server starts queued messages only now: it handles two messages of one client in turn.
        awaitProbes(answers);
        barrier_();
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
    sendProbes();
    const auto begun = Clock::now();
    while (!probes_.empty()) {
        if (const auto packet = link_.receive(PROBE_SOON)) {
            take(*packet, answers);
        } else if (Clock::now() > begun + SERVER_LIMIT) {
            throw std::runtime_error("the server no longer answers");
        } else {
            repeatProbes();
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
    probes_.clear();
    unanswerable_.clear();
    return (answers);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
