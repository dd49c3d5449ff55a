// SPDX-License-Identifier: MPL-2.0
#include "history_player.h"

#include <iomanip>
#include <set>
#include <sstream>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The queue of the server is far longer, but there should be something to be read between two batches.
const size_t LONGEST_BATCH = 16;

bool
promises(const std::string& policy) {
    return (policy == "mac-fallback" || policy == "refuse");
}

}  // namespace

std::string
Outcome::toText() const {
    std::ostringstream text;
    text << steps << " steps, " << kills << " kills, " << restarts << " restarts, " << policy_changes
         << " policy changes, " << acks << " ACKs, " << naks << " NAKs, " << silences << " silences, "
         << late << " late, " << races << " races, " << std::fixed << std::setprecision(1) << seconds
         << " s, " << violations.size() << " violations";
    return (text.str());
}

Outcome&
Outcome::operator+=(const Outcome& other) {
    steps += other.steps;
    kills += other.kills;
    restarts += other.restarts;
    policy_changes += other.policy_changes;
    acks += other.acks;
    naks += other.naks;
    silences += other.silences;
    late += other.late;
    races += other.races;
    seconds += other.seconds;
    violations.insert(violations.end(), other.violations.begin(), other.violations.end());
    return (*this);
}

Player::Player(Link& link, const History& history) :
    history_(history), server_(stage(history.policy, history.takeover, history.threads), true),
    wire_(link, history.threads > 0), scene_(server_.directory() + "/leases.csv"), promises_(scene_),
    records_(scene_), claims_(scene_), reports_(scene_) {
    scene_.policy = history.policy;
    server_.freezeClock();
    scene_.world.now = server_.frozenTime();
}

Outcome
Player::play() {
    const auto begun = std::chrono::steady_clock::now();
    try {
        server_.start();
        playAll();
        if (scene_.violations.empty()) {
            finish();
        }
    } catch (const std::exception& error) {
        scene_.complain(std::string(server_.isRunning() ? "" : "the server died: ") + error.what());
    }
    outcome_.violations = scene_.violations;
    outcome_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return (outcome_);
}

void
Player::playAll() {
    const auto& events = history_.events;
    for (size_t at = 0; at < events.size() && scene_.violations.empty();) {
        if (!isMessage(events[at])) {
            disturb(events[at++]);
            ++outcome_.steps;
            continue;
        }
        const size_t end = messages(at);
        std::vector<Query> queries;
        for (; at < end; ++at) {
            if (const auto query = scene_.world.ask(events[at])) {
                queries.push_back(*query);
            }
            ++outcome_.steps;
        }
        // A kill that is joined comes before any reply is read.
        const bool kill = at < events.size() && events[at].action == Action::KILL && events[at].joined;
        converse(queries, kill);
    }
}

/// Where the messages end that are sent together: no host sends two at once, nor do two systems that run in
/// turn on one machine; of more than two behind one hardware address Kea with threads drops some.
size_t
Player::messages(size_t first) {
    const auto& events = history_.events;
    std::set<unsigned> busy;
    std::map<Bytes, unsigned> behind;
    size_t at = first;
    for (; at < events.size() && at < first + LONGEST_BATCH && isMessage(events[at]) &&
           (at == first || events[at].joined);
         ++at) {
        const Host& host = scene_.world.hosts().at(events[at].host);
        const unsigned most = host.role.kind == Kind::NEIGHBOR ? 2 : 1;
        if (!busy.insert(host.number).second || ++behind[host.hw_address] > most) {
            break;
        }
    }
    return (at);
}

void
Player::converse(const std::vector<Query>& queries, bool kill) {
    if (queries.empty()) {
        return;
    }
    outcome_.trace.clear();
    for (const Query& query : queries) {
        trace("host " + std::to_string(query.host) + " sent " + query.packet.toText());
    }
    claims_.asking(queries);
    records_.asking(queries);
    for (const Query& query : queries) {
        promises_.asking(query);
        reports_.asking(query);
    }
    wire_.send(queries);
    if (kill) {
        server_.kill();
        hear(wire_.leftovers());
        promises_.forget();
    } else {
        hear(wire_.collect([this](const Query& query) { return (promises_.owes(query)); }));
    }
    for (const Query& query : queries) {
        promises_.checkRecord(scene_.hostOf(query));
    }
}

/// The lease file first: what it says now and what it said before the messages were sent both count.
void
Player::hear(const std::vector<Answer>& answers) {
    readJournal();
    for (const Answer& answer : answers) {
        trace("host " + std::to_string(answer.query.host) + " got " +
              (answer.reply ? answer.reply->toText() : "no answer"));
        if (!answer.reply) {
            ++outcome_.silences;
            promises_.silent(answer.query);
            continue;
        }
        outcome_.acks += answer.reply->type() == ACK ? 1 : 0;
        outcome_.naks += answer.reply->type() == NAK ? 1 : 0;
        outcome_.late += answer.overtaken ? 1 : 0;
        if (!answer.overtaken) {
            scene_.world.tell(answer.query, *answer.reply);
        }
        promises_.answered(answer.query, *answer.reply);
    }
    promises_.forgiveRaces();
}

void
Player::trace(const std::string& text) {
    outcome_.trace.push_back(text);
}

void
Player::readJournal() {
    const auto changes = scene_.journal.read();
    for (const Change& change : changes) {
        trace("record " + change.before.toText() + " -> " + change.after.toText());
    }
    scene_.raced = history_.threads > 0 ? findRaces(changes, scene_.world.now) : std::set<Address>();
    outcome_.races += scene_.raced.size();
    for (const Change& change : changes) {
        records_.changed(change);
        claims_.changed(change);
    }
}

void
Player::disturb(const Event& event) {
    switch (event.action) {
    case Action::CLOCK:
        server_.advanceClock(event.other);
        scene_.world.now = server_.frozenTime();
        break;
    case Action::RECLAIM:
        expectSuccess(server_.command("leases-reclaim", {{"remove", event.other == 1}}),
                      "leases-reclaim");
        readJournal();
        break;
    case Action::KILL:
        server_.kill();
        ++outcome_.kills;
        hear(wire_.leftovers());
        server_.start();
        afterReload();
        break;
    case Action::RESTART:
        server_.restart();
        ++outcome_.restarts;
        afterReload();
        break;
    case Action::RELOAD:
        expectSuccess(server_.command("config-reload"), "config-reload");
        afterReload();
        break;
    case Action::POLICY:
        setPolicy(policies().at(event.other));
        break;
    default:
        scene_.world.befall(event);
        break;
    }
}

void
Player::setPolicy(const std::string& policy) {
    const auto setup = stage(policy, history_.takeover, history_.threads);
    server_.configure(setup);
    expectSuccess(server_.configSet(setup), "config-set");
    ++outcome_.policy_changes;
    scene_.policy = policy;
    const bool before = scene_.promising;
    scene_.promising = policy == history_.policy || promises(policy);
    if (!before && scene_.promising) {
        promises_.promiseAgain();
    }
    afterReload();
}

/// The library is new, and the server has read the lease file once more.
void
Player::afterReload() {
    claims_.forget();
    promises_.forget();
    readJournal();
    const Json answer = server_.command("lease4-get-all");
    const auto difference =
        scene_.journal.compare(answer.value("arguments", Json::object()).value("leases", Json::array()));
    if (!difference.empty()) {
        scene_.complain("I5: " + difference);
    }
    for (const Host& host : scene_.world.hosts()) {
        promises_.checkRecord(host);
    }
}

void
Player::finish() {
    checkConflicts();
    server_.restart();
    afterReload();
    checkConflicts();
    for (const Json& record : server_.audit()) {
        reports_.audited(record);
    }
    for (const char* trouble : {"HOOKS_CALLOUT_EXCEPTION", "HOOKS_CALLOUT_ERROR", "_EXCEPTION"}) {
        for (const auto& line : server_.serverLog(trouble)) {
            scene_.complain("the server's log: " + line);
        }
    }
}

void
Player::checkConflicts() {
    Json arguments = {{"from", "start"}, {"limit", 7}};
    for (;;) {
        const Json answer = server_.command("clone-guard-conflict-get-all", arguments);
        if (answer.value("result", 1) != 0) {
            return;  // there is none; or without the guard, there is no such command
        }
        for (const Json& conflict : answer["arguments"]["conflicts"]) {
            reports_.listed(conflict);
        }
        if (!answer["arguments"].contains("next")) {
            return;
        }
        arguments["from"] = answer["arguments"]["next"];
    }
}

void
Player::expectSuccess(const Json& answer, const std::string& what) {
    if (answer.value("result", 1) != 0) {
        scene_.complain(what + ": " + answer.dump());
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
