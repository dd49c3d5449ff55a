// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/pair_transport.h>

#include <tests/histories/rules/hosts.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

using Clock = std::chrono::steady_clock;

/// Kea holds back a reply until the partner has the lease.
const Milliseconds PARKED_REPLY(8);
const Milliseconds QUESTION_SOON(50);
const Milliseconds LATE_REPLY(2);
const Milliseconds NOW(0);
/// These limits only bound failures; they are long enough for a slow and busy machine.
const Milliseconds AGREEMENT_LIMIT(30000);
const Milliseconds DEBT_LIMIT(30000);
const Milliseconds PAIR_LIMIT(300000);

/// The number of unanswered messages that are kept for late replies.
const size_t LATE_MEMORY = 200;

}  // namespace

void
PairTransport::turnToBoth() {
    link_.turnTo(std::vector<Address>{serverAddress(1), serverAddress(2)});
}

/// Makes an INFORM: it needs no lease, and the server that answers it does not depend on leases.
Packet
PairTransport::probe(const Bytes& hw_address) {
    Packet message;
    message.xid = ++last_probe_;
    message.chaddr = hw_address;
    message.giaddr = relayOf(1);
    message.type(INFORM);
    return (message);
}

unsigned
PairTransport::answerer(const Packet& packet) {
    turnToBoth();
    const auto begun = Clock::now();
    std::vector<Answer> late;
    while (Clock::now() < begun + PAIR_LIMIT) {
        link_.send(packet);
        while (const auto reply = link_.receive(QUESTION_SOON)) {
            if (reply->xid == packet.xid) {
                const auto server = reply->addressOption(OPTION_SERVER_IDENTIFIER);
                return (server == serverAddress(2) ? 2 : 1);
            }
        }
    }
    throw std::runtime_error("neither server answers");
}

unsigned
PairTransport::scopeOf(const Packet& packet) {
    const auto identifier = packet.option(OPTION_CLIENT_IDENTIFIER);
    const Bytes key = identifier && !identifier->empty() ? *identifier : packet.chaddr;
    const auto found = scopes_.find(key);
    if (found != scopes_.end()) {
        return (found->second);
    }
    Packet message = probe(packet.chaddr);
    if (identifier) {
        message.add(OPTION_CLIENT_IDENTIFIER, *identifier);
    }
    return (scopes_[key] = answerer(message));
}

void
PairTransport::send(const std::vector<Query>& queries) {
    unanswerable_ = false;
    for (const Query& query : queries) {
        if (query.wantsReply()) {
            sent_[query.packet.xid] = query;
            waiting_.insert(query.packet.xid);
        } else {
            unanswerable_ = true;
        }
        if (query.byStranger()) {
            sent_[query.packet.xid] = query;
        }
        latest_[query.host] = query.packet.xid;
    }
    while (sent_.size() > LATE_MEMORY) {
        sent_.erase(sent_.begin());
    }
    for (const Query& query : queries) {
        if (query.packet.giaddr.isZero()) {
            link_.turnTo(serverAddress(query.server));
        } else {
            turnToBoth();
        }
        link_.send(query.packet);
    }
}

void
PairTransport::sendUnanswered(const Query& query) {
    link_.turnTo(serverAddress(query.server));
    link_.send(query.packet);
    must_not_answer_.insert(query.packet.xid);
}

void
PairTransport::take(const Packet& packet, std::vector<Answer>& answers) {
    wrong_answers_ += unsigned(must_not_answer_.erase(packet.xid));
    sentinels_.erase(packet.xid);
    const auto found = sent_.find(packet.xid);
    if (found == sent_.end()) {
        return;
    }
    const bool overtaken = latest_[found->second.host] != packet.xid;
    answers.push_back({found->second, packet, overtaken});
    waiting_.erase(packet.xid);
    sent_.erase(found);
}

/// Returns a client that this server answers, or that a server without partner answers; empty if neither exists.
Bytes
PairTransport::probeOf(unsigned server) {
    if (!servers_.divided) {
        return (server == 1 ? probeHwAddress() : Bytes());
    }
    for (uint8_t last = 1; probes_.count(server) == 0 && servers_.up(1) && servers_.up(2); ++last) {
        const Bytes hw_address{0x02, 0x00, 0x00, 0x00, 0x01, last};
        probes_.emplace(answerer(probe(hw_address)), hw_address);
    }
    return (probes_[server]);
}

/// Sends one probe to each server behind all messages, and waits for the replies.
void
PairTransport::awaitSentinels(std::vector<Answer>& answers) {
    const auto begun = Clock::now();
    for (const unsigned server : {1U, 2U}) {
        const Bytes who = probeOf(server);
        if (who.empty()) {
            continue;
        }
        turnToBoth();
        const Packet message = probe(who);
        sentinels_.insert(message.xid);
        link_.send(message);
    }
    while (!sentinels_.empty()) {
        if (const auto packet = link_.receive(QUESTION_SOON)) {
            take(*packet, answers);
        } else if (Clock::now() > begun + PAIR_LIMIT) {
            throw std::runtime_error("the servers no longer answer");
        }
    }
}

void
PairTransport::awaitAgreement() {
    const auto begun = Clock::now();
    while (!servers_.agree()) {
        if (Clock::now() > begun + AGREEMENT_LIMIT) {
            servers_.report_differences();
            return;
        }
        std::this_thread::sleep_for(Milliseconds(1));
    }
}

/// Two rounds: Kea handles a second message of one client only after the first one.
void
PairTransport::settle(std::vector<Answer>& answers) {
    for (unsigned round = 0; round < 2; ++round) {
        awaitSentinels(answers);
        for (const unsigned server : {1U, 2U}) {
            if (servers_.up(server)) {
                servers_.barrier(server);
            }
        }
    }
    awaitAgreement();
    while (const auto packet = link_.receive(LATE_REPLY)) {
        take(*packet, answers);
    }
}

bool
PairTransport::anyOwed(const std::function<bool(const Query&)>& owed) const {
    return (std::any_of(waiting_.begin(), waiting_.end(),
                        [&](uint32_t xid) { return (owed(sent_.at(xid))); }));
}

std::vector<Answer>
PairTransport::collect(const std::function<bool(const Query&)>& owed) {
    std::vector<Answer> answers;
    const auto begun = Clock::now();
    while (!waiting_.empty()) {
        const auto packet = link_.receive(PARKED_REPLY);
        if (!packet) {
            break;
        }
        take(*packet, answers);
    }
    if (unanswerable_ || !waiting_.empty()) {
        settle(answers);
    }
    while (anyOwed(owed) && Clock::now() < begun + DEBT_LIMIT) {
        if (const auto packet = link_.receive(PARKED_REPLY)) {
            take(*packet, answers);
        }
    }
    for (const uint32_t xid : waiting_) {
        answers.push_back({sent_.at(xid), std::nullopt, false});
    }
    waiting_.clear();
    return (answers);
}

std::vector<Answer>
PairTransport::leftovers() {
    std::vector<Answer> answers;
    while (const auto packet = link_.receive(PARKED_REPLY)) {
        take(*packet, answers);
    }
    waiting_.clear();
    sent_.clear();
    sentinels_.clear();
    return (answers);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
