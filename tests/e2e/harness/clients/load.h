// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H

#include <tests/e2e/harness/net/link.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief The option 61 that the machines of a load send.
enum class LoadMode {
    MAC,    ///< type 1 and the hardware address
    DUID,   ///< RFC 4361, one DUID for each machine
    CLONES  ///< RFC 4361, the machines share `identifiers` identifiers
};

/// @brief The number of machines of a load and how they send.
struct LoadPlan {
    LoadMode mode = LoadMode::DUID;
    uint32_t clients = 100;
    uint32_t identifiers = 1;        ///< only for @c LoadMode::CLONES
    uint32_t window = 32;            ///< exchanges in progress at a time
    uint32_t attempts = 1000;        ///< transmissions of one message before a machine gives up
    Milliseconds timeout{1000};      ///< time until a message is sent again
    bool requests_together = false;  ///< REQUESTs wait until all machines have offers
    std::chrono::microseconds pause{
        0};              ///< between two looks for replies; zero: each reply wakes the load up
    uint64_t seed = 1;   ///< decides the order of the machines
    uint32_t first = 0;  ///< number of the first machine; another value makes other machines
    std::vector<Address> relays{
        Address("10.1.0.1")};  ///< machine i is behind relay i modulo their number
};

/// @brief The outcome of a load.
struct LoadResult {
    uint64_t completed = 0;  ///< exchanges that ended in an ACK
    uint64_t gave_up = 0;    ///< exchanges without a reply in all attempts
    uint64_t naks = 0;
    uint64_t retransmissions = 0;
    uint64_t stray = 0;             ///< replies to an exchange that had finished
    uint64_t wrong_echoes = 0;      ///< replies whose option 61 is not the machine's own
    uint64_t shared_acks = 0;       ///< ACKs for an address that another machine held at that time
    uint64_t shared_addresses = 0;  ///< addresses that two or more machines hold at the end
    uint64_t machines_sharing = 0;  ///< machines that hold such an address
    uint64_t addresses = 0;         ///< different addresses held at the end
    double seconds = 0;
    std::vector<double>
        waits;  ///< milliseconds from the first message of each exchange to its ACK, sorted

    /// @brief Writes one JSON object on one line.
    std::string toJson() const;
};

/// @brief Sends as many machines in a closed loop, with a window and retransmission.
///
/// It is single-threaded. The plan and its seed alone decide which machine sends what, and in which order.
class LoadGenerator {
public:
    LoadGenerator(Link& link, const LoadPlan& plan);

    /// @brief Runs DISCOVER, OFFER, REQUEST, ACK for every machine.
    ///
    /// @return the outcome of this phase.
    LoadResult acquire();

    /// @brief Runs REQUEST, ACK with ciaddr, straight from each machine that holds an address.
    ///
    /// A machine that gets a NAK starts over, as a real one does.
    ///
    /// @param rounds number of renewals of each machine.
    LoadResult renew(uint32_t rounds);

    /// @brief Chooses the machines that acquire and renew from now on; at first all do.
    ///
    /// @param first counted from 0 within the load.
    void choose(uint32_t first, uint32_t count);

    /// @brief Takes power and memory from all machines: none holds an address.
    void powerCut();

private:
    using Clock = std::chrono::steady_clock;

    enum class State { IDLE, DISCOVERING, OFFERED, REQUESTING, RENEWING };

    struct Machine {
        Bytes hw_address;
        Bytes identifier;
        Address relay;
        Address address;  ///< held; zero if absent
        Address offered;
        Address server;
        State state = State::IDLE;
        uint32_t xid = 0;
        uint32_t exchanges = 0;
        uint32_t attempts = 0;
        Clock::time_point asked;  ///< when its exchange began
    };

    struct Deadline {
        Clock::time_point when;
        uint32_t machine;
        uint32_t xid;
        uint32_t attempts;
    };

    LoadResult run(const std::vector<uint32_t>& order, State first);
    std::optional<Packet> awaitReply();
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
    uint32_t first_chosen_ = 0;
    uint32_t chosen_;
    std::map<Address, std::set<uint32_t>> holders_;
    std::deque<Deadline> deadlines_;
    LoadResult result_;
    uint32_t under_way_ = 0;
    uint32_t offered_ = 0;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_LOAD_H
