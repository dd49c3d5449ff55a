// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H

#include <tests/e2e/harness/net/link.h>

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief What the machines of a load send as option 61.
enum class LoadMode {
    MAC,    ///< type 1 and the hardware address
    DUID,   ///< RFC 4361, each machine a DUID of its own
    CLONES  ///< RFC 4361, the machines share `identifiers` identifiers
};

/// @brief A load: so many machines, so many at a time.
struct LoadPlan {
    LoadMode mode = LoadMode::DUID;
    uint32_t clients = 100;
    uint32_t identifiers = 1;        ///< only for @c LoadMode::CLONES
    uint32_t window = 32;            ///< exchanges under way at a time
    uint32_t attempts = 30;          ///< of one message, before a machine gives up
    Milliseconds timeout{1000};      ///< before a message is sent again
    bool requests_together = false;  ///< REQUESTs wait until all have offers, then go at once
    uint64_t seed = 1;               ///< decides the order of the machines
    uint32_t first = 0;              ///< number of the first machine, to have others than before
    std::vector<Address> relays{
        Address("10.1.0.1")};  ///< machine i is behind relay i modulo their number
};

/// @brief What happened to the machines.
struct LoadResult {
    uint64_t completed = 0;  ///< exchanges that ended in an ACK
    uint64_t gave_up = 0;    ///< exchanges without an answer in all attempts
    uint64_t naks = 0;
    uint64_t retransmissions = 0;
    uint64_t stray = 0;             ///< replies to an exchange that was over by then
    uint64_t wrong_echoes = 0;      ///< replies whose option 61 is not the machine's own
    uint64_t shared_acks = 0;       ///< ACKs for an address that another machine held at that time
    uint64_t shared_addresses = 0;  ///< addresses held by two or more machines at the end
    uint64_t machines_sharing = 0;  ///< machines that hold such an address
    uint64_t addresses = 0;         ///< different addresses held at the end
    double seconds = 0;

    /// @brief One JSON object on one line.
    std::string toJson() const;
};

/// @brief N hardware addresses, K identifiers, a closed loop with a window and retransmission.
///
/// Single-threaded. Which machine sends what and in which order follows from plan and seed alone.
class LoadGenerator {
public:
    LoadGenerator(Link& link, const LoadPlan& plan);

    /// @brief DISCOVER, OFFER, REQUEST, ACK for every machine.
    ///
    /// @return what happened in this phase.
    LoadResult acquire();

    /// @brief REQUEST, ACK with ciaddr, straight from each machine that holds an address.
    ///
    /// A machine that gets a NAK starts over, as a real one does.
    ///
    /// @param rounds renewals of each machine.
    LoadResult renew(uint32_t rounds);

    /// @brief All machines lose power and memory: nobody holds an address.
    void powerCut();

private:
    enum class State { IDLE, DISCOVERING, OFFERED, REQUESTING, RENEWING };

    struct Machine {
        Bytes hw_address;
        Bytes identifier;
        Address relay;
        Address address;  ///< held; zero if none
        Address offered;
        Address server;
        State state = State::IDLE;
        uint32_t xid = 0;
        uint32_t exchanges = 0;
        uint32_t attempts = 0;
    };

    using Clock = std::chrono::steady_clock;
    struct Deadline {
        Clock::time_point when;
        uint32_t machine;
        uint32_t xid;
        uint32_t attempts;
    };

    LoadResult run(const std::vector<uint32_t>& order, State first);
    void begin(uint32_t index, State state);
    void transmit(uint32_t index);
    void handle(const Packet& reply);
    void hold(uint32_t index, Address address);
    void finish(uint32_t index);
    void requestTogether();
    void retransmitOverdue();
    std::vector<uint32_t> shuffled(uint32_t rounds);
    void summarize();

    Link& link_;
    LoadPlan plan_;
    std::mt19937_64 random_;
    std::vector<Machine> machines_;
    std::map<Address, std::set<uint32_t>> holders_;
    std::deque<Deadline> deadlines_;
    LoadResult result_;
    uint32_t under_way_ = 0;
    uint32_t offered_ = 0;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H
