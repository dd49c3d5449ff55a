// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/server.h>

#include <algorithm>
#include <stdexcept>

namespace clone_guard {
namespace model {

using namespace e2e::history;
using e2e::Json;

namespace {

bool
isBootp(const e2e::Packet& packet) {
    return (packet.op == 1 && !packet.option(e2e::OPTION_MESSAGE_TYPE));
}

/// Returns std::nullopt for a message that this server does not simulate.
std::optional<Message>
messageOf(const e2e::Packet& packet) {
    switch (packet.type()) {
    case e2e::DISCOVER:
        return (Message::DISCOVER);
    case e2e::REQUEST:
        return (Message::REQUEST);
    case e2e::RELEASE:
        return (Message::RELEASE);
    case e2e::DECLINE:
        return (Message::DECLINE);
    case e2e::INFORM:
        return (Message::INFORM);
    default:
        return (isBootp(packet) ? std::make_optional(Message::REQUEST) : std::nullopt);
    }
}

Inbound
inboundOf(const e2e::Packet& packet) {
    Inbound inbound;
    inbound.message = messageOf(packet).value_or(Message::DISCOVER);
    inbound.bootp = isBootp(packet);
    inbound.hw_address = hardwareAddressOf(packet);
    inbound.identifier = packet.option(e2e::OPTION_CLIENT_IDENTIFIER).value_or(Bytes());
    inbound.relay = IpAddress(packet.giaddr.value);
    inbound.client = IpAddress(packet.ciaddr.value);
    inbound.requested =
        IpAddress(packet.addressOption(e2e::OPTION_REQUESTED_ADDRESS).value_or(e2e::Address()).value);
    inbound.has_server_identifier = packet.option(e2e::OPTION_SERVER_IDENTIFIER).has_value();
    return (inbound);
}

e2e::Packet
packetOf(const Outbound& outbound, const e2e::Packet& query) {
    static const e2e::MessageType types[] = {e2e::OFFER, e2e::ACK, e2e::NAK};
    e2e::Packet packet;
    packet.op = 2;
    packet.xid = query.xid;
    packet.chaddr = query.chaddr;
    packet.yiaddr = e2e::Address(outbound.ip.toUint32());
    packet.type(types[size_t(outbound.type)]);
    if (outbound.type != Outbound::Type::NAK) {
        packet.add(e2e::OPTION_LEASE_TIME, e2e::bigEndian(LIFETIME));
    }
    if (!outbound.identifier.empty()) {
        packet.add(e2e::OPTION_CLIENT_IDENTIFIER, outbound.identifier);
    }
    return (packet);
}

}  // namespace

SimulatedServer::SimulatedServer(const History& history, Fault fault) :
    history_(history), fault_(fault) {
    settings_.scope.takeover = *parseTakeover(history.takeover);
    guarded_ = history.policy != "stock";
    settings_.scope.policy = guarded_ ? *parsePolicy(history.policy) : Policy::OFF;
}

void
SimulatedServer::start(unsigned) {
    takeAudit();
    leases_.removeReleased();
    allocation_.restart();
    guard_ = guarded_ ? std::make_unique<Guard>(settings_, leases_, fault_) : nullptr;
}

/// Queries in progress are handled up to a random step.
void
SimulatedServer::kill(unsigned) {
    if (!exchanges_.empty()) {
        work(dice(2 * exchanges_.size() + 1));
    }
    takeAudit();
    guard_.reset();
}

void
SimulatedServer::restart(unsigned server) {
    kill(server);
    start(server);
}

void
SimulatedServer::reload(unsigned server) {
    start(server);
}

void
SimulatedServer::setPolicy(const std::string& policy) {
    guarded_ = policy != "stock";
    settings_.scope.policy = guarded_ ? *parsePolicy(policy) : Policy::OFF;
    start(EVERY_SERVER);
}

bool
SimulatedServer::advanceClock(unsigned seconds) {
    now_ += seconds;
    return (false);
}

void
SimulatedServer::reclaim(bool remove) {
    allocation_.reclaim(remove, now_);
}

uint64_t
SimulatedServer::dice(uint64_t sides) {
    return (random_() % sides);
}

void
SimulatedServer::send(const std::vector<Query>& queries) {
    // The result of equal messages does not depend on earlier ones, so that a history can be shortened.
    uint64_t seed = history_.seed;
    for (const Query& query : queries) {
        const bool simulated = messageOf(query.packet).has_value();
        exchanges_.push_back({query, inboundOf(query.packet), {}, !simulated, !simulated, std::nullopt});
        seed = seed * 31 + query.host * 16 + query.packet.type();
    }
    if (queries.size() > 1) {
        random_.seed(uint32_t(seed ^ seed >> 32U));
    }
}

void
SimulatedServer::judge(Exchange& exchange) {
    exchange.judged = true;
    exchange.treatment.identifier = exchange.inbound.identifier;
    if (guard_) {
        exchange.treatment = guard_->receive(exchange.inbound, now_);
        exchange.handled = exchange.treatment.dropped;
    }
}

void
SimulatedServer::allocate(Exchange& exchange) {
    exchange.handled = true;
    Inbound seen = exchange.inbound;
    seen.identifier = exchange.treatment.identifier;
    seen.has_server_identifier = seen.has_server_identifier || exchange.treatment.nak;
    auto outbound = allocation_.handle(
        seen,
        [&](IpAddress ip) {
            return (!guard_ || guard_->select(exchange.inbound, exchange.treatment, ip, now_));
        },
        now_);
    if (!outbound) {
        return;
    }
    if (guard_) {
        guard_->send(exchange.treatment, *outbound, now_);
    }
    exchange.reply = packetOf(*outbound, exchange.query.packet);
}

void
SimulatedServer::step(Exchange& exchange) {
    if (!exchange.judged) {
        judge(exchange);
    } else {
        allocate(exchange);
    }
}

/// Handles queries for a number of steps. All may be judged before the first lease is written.
void
SimulatedServer::work(size_t steps) {
    if (exchanges_.size() > 1 && dice(2) == 0) {
        std::shuffle(exchanges_.begin(), exchanges_.end(), random_);
        for (size_t i = 0; i < exchanges_.size() && steps > 0; ++i, --steps) {
            judge(exchanges_[i]);
        }
    }
    std::vector<Exchange*> open;
    for (Exchange& exchange : exchanges_) {
        open.push_back(&exchange);
    }
    while (steps > 0 && !open.empty()) {
        const size_t which = open.size() == 1 ? 0 : dice(open.size());
        if (open[which]->handled) {
            open.erase(open.begin() + std::ptrdiff_t(which));
            continue;
        }
        step(*open[which]);
        --steps;
    }
}

std::vector<Answer>
SimulatedServer::collect(const std::function<bool(const Query&)>&) {
    work(2 * exchanges_.size());
    return (takeAnswers());
}

std::vector<Answer>
SimulatedServer::leftovers() {
    auto answers = takeAnswers();
    // A query without a reply before the server died proves nothing.
    answers.erase(std::remove_if(answers.begin(), answers.end(),
                                 [](const Answer& answer) { return (!answer.reply); }),
                  answers.end());
    return (answers);
}

std::vector<Answer>
SimulatedServer::takeAnswers() {
    std::vector<Answer> answers;
    for (Exchange& exchange : exchanges_) {
        if (exchange.reply || exchange.query.wantsReply()) {
            answers.push_back({std::move(exchange.query), std::move(exchange.reply), false});
        }
    }
    exchanges_.clear();
    return (answers);
}

std::vector<Row>
SimulatedServer::written() {
    return (leases_.takeWritten());
}

std::vector<Row>
SimulatedServer::leases() {
    std::vector<Row> rows;
    for (const auto* lease : leases_.all()) {
        rows.push_back(Leases::rowOf(*lease));
    }
    return (rows);
}

std::vector<Json>
SimulatedServer::conflicts() {
    return (guard_ ? guard_->reports().list(settings_.scope, now_) : std::vector<Json>());
}

void
SimulatedServer::takeAudit() {
    if (guard_) {
        for (auto& record : guard_->reports().takeAudit()) {
            audit_.push_back(std::move(record));
        }
    }
}

std::vector<Json>
SimulatedServer::audit(unsigned) {
    takeAudit();
    return (audit_);
}

std::vector<std::string>
SimulatedServer::failures() {
    return {};
}

}  // namespace model
}  // namespace clone_guard
