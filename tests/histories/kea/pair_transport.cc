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

/// A reply is held back until the partner has the lease.
const Milliseconds PARKED_REPLY(8);
const Milliseconds QUESTION_SOON(50);
const Milliseconds LATE_REPLY(2);
const Milliseconds NOW(0);
const Milliseconds AGREEMENT_LIMIT(3000);
const Milliseconds DEBT_LIMIT(5000);
const Milliseconds PAIR_LIMIT(20000);

/// How many unanswered messages are remembered for replies that come late.
const size_t LATE_MEMORY = 200;

}  // namespace

void
PairWire::turnToBoth() {
    link_.turnTo(std::vector<Address>{serverAddress(1), serverAddress(2)});
}

/// An INFORM: nothing is leased, and it does not depend on the leases there are who answers it.
Packet
PairWire::question(const Bytes& hw_address) {
    Packet message;
    message.xid = ++last_question_;
    message.chaddr = hw_address;
    message.giaddr = relayOf(1);
    message.type(INFORM);
    return (message);
}

unsigned
PairWire::answerer(const Packet& packet) {
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
PairWire::scopeOf(const Packet& packet) {
    const auto identifier = packet.option(OPTION_CLIENT_IDENTIFIER);
    const Bytes key = identifier && !identifier->empty() ? *identifier : packet.chaddr;
    const auto found = scopes_.find(key);
    if (found != scopes_.end()) {
        return (found->second);
    }
    Packet message = question(packet.chaddr);
    if (identifier) {
        message.add(OPTION_CLIENT_IDENTIFIER, *identifier);
    }
    return (scopes_[key] = answerer(message));
}

void
PairWire::send(const std::vector<Query>& queries) {
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
PairWire::sendInVain(const Query& query) {
    link_.turnTo(serverAddress(query.server));
    link_.send(query.packet);
    in_vain_.insert(query.packet.xid);
}

void
PairWire::take(const Packet& packet, std::vector<Answer>& answers) {
    wrong_answers_ += unsigned(in_vain_.erase(packet.xid));
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

/// Somebody whom this server answers, or whoever is alone; nobody if there is none.
Bytes
PairWire::bystander(unsigned server) {
    if (!servers_.divided) {
        return (server == 1 ? history::bystander() : Bytes());
    }
    for (uint8_t last = 1; bystanders_.count(server) == 0 && servers_.up(1) && servers_.up(2); ++last) {
        const Bytes hw_address{0x02, 0x00, 0x00, 0x00, 0x01, last};
        bystanders_.emplace(answerer(question(hw_address)), hw_address);
    }
    return (bystanders_[server]);
}

/// One question that each server answers, behind all that was sent.
void
PairWire::awaitSentinels(std::vector<Answer>& answers) {
    const auto begun = Clock::now();
    for (const unsigned server : {1U, 2U}) {
        const Bytes who = bystander(server);
        if (who.empty()) {
            continue;
        }
        turnToBoth();
        const Packet message = question(who);
        sentinels_.insert(message.xid);
        link_.send(message);
    }
    while (!sentinels_.empty()) {
        if (const auto packet = link_.receive(QUESTION_SOON)) {
            take(*packet, answers);
        } else if (Clock::now() > begun + PAIR_LIMIT) {
            throw std::runtime_error("the servers answer nobody any more");
        }
    }
}

void
PairWire::awaitAgreement() {
    const auto begun = Clock::now();
    while (!servers_.agree()) {
        if (Clock::now() > begun + AGREEMENT_LIMIT) {
            servers_.differ();
            return;
        }
        std::this_thread::sleep_for(Milliseconds(1));
    }
}

/// Twice: what waits behind another message of the same machine is begun with only when that is done with.
void
PairWire::settle(std::vector<Answer>& answers) {
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
PairWire::anyOwed(const std::function<bool(const Query&)>& owed) const {
    return (std::any_of(waiting_.begin(), waiting_.end(),
                        [&](uint32_t xid) { return (owed(sent_.at(xid))); }));
}

std::vector<Answer>
PairWire::collect(const std::function<bool(const Query&)>& owed) {
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
PairWire::leftovers() {
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
