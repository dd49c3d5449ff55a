// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_SERVER_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_SERVER_H

#include <tests/histories/model/allocation.h>
#include <tests/histories/model/guard.h>

#include <tests/histories/player/server.h>

#include <memory>
#include <random>

namespace clone_guard {
namespace model {

/// @brief A simulated server with the guard's policy, to play histories against, without Kea, socket or clock.
///
/// Messages that are sent together are handled as by several threads: one may be judged before the lease of another is
/// written, in an order that the seed of the history determines. To read and write leases is one step, and to judge a
/// query is one.
class SimulatedServer : public e2e::history::Server {
public:
    using Query = e2e::history::Query;
    using Answer = e2e::history::Answer;
    using Row = e2e::history::Row;
    using Json = e2e::Json;

    explicit SimulatedServer(const e2e::history::History& history, Fault fault = Fault::NONE);

    void start(unsigned server) override;
    void kill(unsigned server) override;
    void restart(unsigned server) override;
    void reload(unsigned server) override;
    void setPolicy(const std::string& policy) override;
    uint64_t now() const override {
        return (now_);
    }
    bool advanceClock(unsigned seconds) override;
    void reclaim(bool remove) override;
    void send(const std::vector<Query>& queries) override;
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed) override;
    std::vector<Answer> leftovers() override;
    std::vector<Row> written() override;
    std::vector<Row> leases() override;
    std::vector<Json> conflicts() override;
    std::vector<Json> audit(unsigned server) override;
    std::vector<std::string> failures() override;

private:
    /// @brief A query in progress.
    struct Exchange {
        Query query;
        Inbound inbound;
        Treatment treatment;
        bool judged = false;
        bool handled = false;
        std::optional<e2e::Packet> reply;
    };

    void step(Exchange& exchange);
    void judge(Exchange& exchange);
    void allocate(Exchange& exchange);
    void work(size_t steps);
    std::vector<Answer> takeAnswers();
    void takeAudit();
    uint64_t dice(uint64_t sides);

    const e2e::history::History& history_;
    const Fault fault_;
    Settings settings_;
    bool guarded_ = true;
    uint64_t now_ = 2000000000;
    Leases leases_;
    Allocation allocation_{leases_, history_.keep_released};
    std::unique_ptr<Guard> guard_;
    std::vector<Exchange> exchanges_;
    std::vector<Json> audit_;
    std::mt19937 random_;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_SERVER_H
