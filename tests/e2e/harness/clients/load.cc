// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/clients/load.h>

#include <tests/e2e/harness/net/identifiers.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace clone_guard {
namespace e2e {

namespace {

// The transaction identifier holds the machine (low bits) and its exchange (high bits). A late reply to a finished
// exchange therefore cannot match the next one.
const uint32_t MACHINE_BITS = 20;

}  // namespace

std::string
LoadResult::toJson() const {
    return (nlohmann::json({{"completed", completed},
                            {"gave_up", gave_up},
                            {"naks", naks},
                            {"retransmissions", retransmissions},
                            {"stray", stray},
                            {"wrong_echoes", wrong_echoes},
                            {"shared_acks", shared_acks},
                            {"shared_addresses", shared_addresses},
                            {"machines_sharing", machines_sharing},
                            {"addresses", addresses},
                            {"seconds", seconds}})
                .dump());
}

LoadGenerator::LoadGenerator(Link& link, const LoadPlan& plan) :
    link_(link), plan_(plan), random_(plan.seed), chosen_(plan.clients) {
    if (plan_.clients > (1U << MACHINE_BITS) || plan_.window == 0 || plan_.identifiers == 0 ||
        plan_.attempts == 0 || plan_.relays.empty()) {
        throw std::invalid_argument("a load needs at most 1048576 clients, and at least one "
                                    "identifier, one attempt, one relay and a window of one");
    }
    for (uint32_t i = 0; i < plan_.clients; ++i) {
        Machine machine;
        machine.hw_address = virtualMac(0x100000 + plan_.first + i);
        switch (plan_.mode) {
        case LoadMode::MAC:
            machine.identifier = macIdentifier(machine.hw_address);
            break;
        case LoadMode::DUID:
            machine.identifier = cloneIdentifier(0x1000000000000000 + plan_.first + i);
            break;
        case LoadMode::CLONES:
            machine.identifier = cloneIdentifier(0x2000000000000000 + i % plan_.identifiers);
            break;
        }
        machine.relay = plan_.relays[i % plan_.relays.size()];
        machines_.push_back(machine);
    }
}

LoadResult
LoadGenerator::acquire() {
    return (run(shuffled(1), State::DISCOVERING));
}

LoadResult
LoadGenerator::renew(uint32_t rounds) {
    return (run(shuffled(rounds), State::RENEWING));
}

void
LoadGenerator::choose(uint32_t first, uint32_t count) {
    first_chosen_ = first;
    chosen_ = count;
}

void
LoadGenerator::powerCut() {
    for (auto& machine : machines_) {
        machine.address = Address();
    }
    holders_.clear();
}

std::vector<uint32_t>
LoadGenerator::shuffled(uint32_t rounds) {
    std::vector<uint32_t> order;
    for (uint32_t round = 0; round < rounds; ++round) {
        std::vector<uint32_t> machines(chosen_);
        for (uint32_t i = 0; i < chosen_; ++i) {
            machines[i] = first_chosen_ + i;
        }
        std::shuffle(machines.begin(), machines.end(), random_);
        order.insert(order.end(), machines.begin(), machines.end());
    }
    return (order);
}

LoadResult
LoadGenerator::run(const std::vector<uint32_t>& order, State first) {
    result_ = LoadResult();
    deadlines_.clear();
    const auto begun = Clock::now();
    size_t next = 0;
    while (next < order.size() || under_way_ > 0) {
        while (next < order.size() && under_way_ < plan_.window) {
            const Machine& machine = machines_[order[next]];
            if (machine.state != State::IDLE) {
                break;  // its exchange of the previous round is still in progress
            }
            const bool renews = first == State::RENEWING && !machine.address.isZero();
            machines_[order[next]].asked = Clock::now();
            begin(order[next], renews ? State::RENEWING : State::DISCOVERING);
            ++under_way_;
            ++next;
        }
        if (offered_ > 0 && offered_ == under_way_ && next == order.size()) {
            requestTogether();
        }
        // Waits for the first reply, then takes all that have arrived before it looks at the clock.
        auto reply = awaitReply();
        while (reply) {
            handle(*reply);
            const bool more = under_way_ == plan_.window && offered_ < under_way_;
            reply = more ? link_.receive(Milliseconds(0)) : std::nullopt;
        }
        retransmitOverdue();
    }
    result_.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    summarize();
    return (result_);
}

std::optional<Packet>
LoadGenerator::awaitReply() {
    if (plan_.pause.count() > 0) {
        auto reply = link_.receive(Milliseconds(0));
        if (!reply) {
            std::this_thread::sleep_for(plan_.pause);
        }
        return (reply);
    }
    const auto left = std::chrono::duration_cast<Milliseconds>(deadlines_.front().when - Clock::now());
    return (link_.receive(std::max(Milliseconds(1), left)));
}

void
LoadGenerator::begin(uint32_t index, State state) {
    Machine& machine = machines_[index];
    machine.state = state;
    machine.attempts = 0;
    machine.xid = (++machine.exchanges << MACHINE_BITS) | index;
    transmit(index);
}

void
LoadGenerator::transmit(uint32_t index) {
    Machine& machine = machines_[index];
    ++machine.attempts;
    Packet packet;
    packet.xid = machine.xid;
    packet.chaddr = machine.hw_address;
    packet.type(machine.state == State::DISCOVERING ? DISCOVER : REQUEST);
    packet.add(OPTION_CLIENT_IDENTIFIER, machine.identifier);
    // Subnet mask, routers, name servers, domain: the options that every client requests.
    packet.add(OPTION_PARAMETER_LIST, Bytes{1, 3, 6, 15});
    if (machine.state == State::RENEWING) {
        packet.ciaddr = machine.address;
    } else {
        packet.giaddr = machine.relay;
    }
    if (machine.state == State::REQUESTING) {
        packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(machine.offered.value));
        packet.add(OPTION_SERVER_IDENTIFIER, bigEndian(machine.server.value));
    }
    link_.send(packet);
    deadlines_.push_back({Clock::now() + plan_.timeout, index, machine.xid, machine.attempts});
}

void
LoadGenerator::handle(const Packet& reply) {
    const uint32_t index = reply.xid & ((1U << MACHINE_BITS) - 1);
    if (index >= machines_.size() || machines_[index].xid != reply.xid ||
        machines_[index].state == State::IDLE) {
        ++result_.stray;
        return;
    }
    Machine& machine = machines_[index];
    if (reply.option(OPTION_CLIENT_IDENTIFIER) != machine.identifier) {
        ++result_.wrong_echoes;
    }
    const bool discovering = machine.state == State::DISCOVERING;
    const bool asks = machine.state == State::REQUESTING || machine.state == State::RENEWING;
    if (reply.type() == OFFER && discovering) {
        machine.offered = reply.yiaddr;
        machine.server = reply.addressOption(OPTION_SERVER_IDENTIFIER).value_or(Address());
        if (plan_.requests_together) {
            machine.state = State::OFFERED;
            ++offered_;
        } else {
            begin(index, State::REQUESTING);
        }
    } else if (reply.type() == ACK && asks) {
        hold(index, reply.yiaddr);
        ++result_.completed;
        result_.waits.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - machine.asked).count());
        finish(index);
    } else if (reply.type() == NAK && asks) {
        ++result_.naks;
        hold(index, Address());
        begin(index, State::DISCOVERING);
    } else {
        ++result_.stray;
    }
}

void
LoadGenerator::hold(uint32_t index, Address address) {
    Machine& machine = machines_[index];
    if (!machine.address.isZero()) {
        holders_[machine.address].erase(index);
    }
    machine.address = address;
    if (!address.isZero()) {
        auto& holders = holders_[address];
        result_.shared_acks += holders.empty() ? 0 : 1;
        holders.insert(index);
    }
}

// Machines that share an identifier send one directly after the other.
void
LoadGenerator::requestTogether() {
    offered_ = 0;
    const uint32_t groups = plan_.mode == LoadMode::CLONES ? plan_.identifiers : 1;
    for (uint32_t group = 0; group < groups; ++group) {
        for (uint32_t index = group; index < machines_.size(); index += groups) {
            if (machines_[index].state == State::OFFERED) {
                begin(index, State::REQUESTING);
            }
        }
    }
}

void
LoadGenerator::finish(uint32_t index) {
    machines_[index].state = State::IDLE;
    --under_way_;
}

void
LoadGenerator::retransmitOverdue() {
    const auto now = Clock::now();
    while (!deadlines_.empty()) {
        const Deadline deadline = deadlines_.front();
        const Machine& machine = machines_[deadline.machine];
        const bool over = machine.state == State::IDLE || machine.state == State::OFFERED ||
                          machine.xid != deadline.xid || machine.attempts != deadline.attempts;
        if (!over && deadline.when > now) {
            return;
        }
        deadlines_.pop_front();
        if (over) {
            continue;
        }
        if (machine.attempts >= plan_.attempts) {
            ++result_.gave_up;
            finish(deadline.machine);
        } else {
            ++result_.retransmissions;
            transmit(deadline.machine);
        }
    }
}

void
LoadGenerator::summarize() {
    std::sort(result_.waits.begin(), result_.waits.end());
    for (const auto& entry : holders_) {
        result_.addresses += entry.second.empty() ? 0 : 1;
        if (entry.second.size() > 1) {
            ++result_.shared_addresses;
            result_.machines_sharing += entry.second.size();
        }
    }
}

}  // namespace e2e
}  // namespace clone_guard
