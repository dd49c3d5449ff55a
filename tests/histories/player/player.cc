// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/player.h>

#include <algorithm>
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
         << late << " late, " << races << " races, ";
    if (left + lost + revived > 0) {
        text << left << " left to the other, " << lost << " lost with a server, " << revived
             << " revived by one, " << excused << " excused by that, ";
    }
    if (meetings > 0) {
        text << meetings << " meetings on two servers, " << harmed << " hosts harmed, the longest "
             << longest << " s, " << displaced << " displaced, the latest after " << latest << " s, ";
    }
    text << std::fixed << std::setprecision(1) << seconds << " s, " << violations.size()
         << " violations";
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
    left += other.left;
    lost += other.lost;
    revived += other.revived;
    excused += other.excused;
    meetings += other.meetings;
    harmed += other.harmed;
    longest = std::max(longest, other.longest);
    displaced += other.displaced;
    latest = std::max(latest, other.latest);
    seconds += other.seconds;
    violations.insert(violations.end(), other.violations.begin(), other.violations.end());
    return (*this);
}

std::vector<std::string>
Player::Exchange::toText() const {
    std::vector<std::string> lines;
    for (const Query& query : queries) {
        lines.push_back("host " + std::to_string(query.host) + " sent " + query.packet.toText());
    }
    for (const Change& change : changes) {
        lines.push_back("record " + change.before.toText() + " -> " + change.after.toText());
    }
    for (const Answer& answer : answers) {
        lines.push_back("host " + std::to_string(answer.query.host) + " got " +
                        (answer.reply ? answer.reply->toText() : "no answer"));
    }
    return (lines);
}

Player::Player(Server& server, const History& history) :
    history_(history), server_(server), promises_(scene_), records_(scene_), claims_(scene_),
    reports_(scene_) {
    scene_.policy = history.policy;
    scene_.takeover = history.takeover;
    scene_.world.now = server_.now();
    scene_.world.two_servers = !history.servers.empty();
}

Outcome
Player::play() {
    const auto begun = std::chrono::steady_clock::now();
    try {
        server_.start(EVERY_SERVER);
        playAll();
        if (scene_.violations.empty()) {
            finish();
        }
    } catch (const std::exception& error) {
        scene_.complain(error.what());
    }
    outcome_.violations = scene_.violations;
    outcome_.excused = scene_.returns.excused();
    outcome_.meetings = scene_.meetings.meetings();
    outcome_.harmed = scene_.meetings.harmed();
    outcome_.longest = scene_.meetings.longest();
    outcome_.displaced = scene_.meetings.displaced();
    outcome_.latest = scene_.meetings.latest();
    if (!scene_.violations.empty()) {
        outcome_.trace = last_.toText();
    }
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
            auto query = scene_.world.ask(events[at]);
            if (query && server_.route(*query)) {
                queries.push_back(*query);
            } else if (query) {
                ++outcome_.left;
            }
            ++outcome_.steps;
        }
        // A kill that is joined comes before any reply is read.
        const bool kill = at < events.size() && events[at].action == Action::KILL && events[at].joined;
        converse(std::move(queries), kill ? &events[at] : nullptr);
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
Player::converse(std::vector<Query> asked, const Event* kill) {
    if (asked.empty()) {
        return;
    }
    last_ = Exchange{std::move(asked), {}, {}};
    const auto& queries = last_.queries;
    claims_.asking(queries);
    scene_.meetings.asking(queries);
    records_.asking(queries);
    for (const Query& query : queries) {
        promises_.asking(query);
        reports_.asking(query);
    }
    server_.send(queries);
    if (kill) {
        killServer(kill->server);
    } else {
        hear(server_.collect([this](const Query& query) { return (promises_.owes(query)); }));
    }
    scene_.meetings.answered();
    for (const Query& query : queries) {
        promises_.checkRecord(scene_.hostOf(query));
    }
}

/// The lease file first: what it says now and what it said before the messages were sent both count.
void
Player::hear(std::vector<Answer> answers) {
    readJournal();
    last_.answers = std::move(answers);
    for (const Answer& answer : last_.answers) {
        if (!answer.reply) {
            ++outcome_.silences;
            promises_.silent(answer.query);
            continue;
        }
        scene_.meetings.heard(answer.query, *answer.reply);
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
Player::readJournal() {
    last_.changes = scene_.journal.add(server_.written());
    const auto& changes = last_.changes;
    scene_.raced = history_.threads > 0 ? findRaces(changes, scene_.world.now) : std::set<Address>();
    outcome_.races += scene_.raced.size();
    for (const Change& change : changes) {
        scene_.returns.changed(change);
        records_.changed(change);
        claims_.changed(change);
    }
}

void
Player::disturb(const Event& event) {
    switch (event.action) {
    case Action::CLOCK: {
        const bool anew = server_.advanceClock(event.other);
        scene_.world.now = server_.now();
        if (anew) {
            afterReload(EVERY_SERVER);
        }
        break;
    }
    case Action::RECLAIM:
        server_.reclaim(event.other == 1);
        readJournal();
        break;
    case Action::KILL:
        killServer(event.server);
        ++outcome_.kills;
        if (!scene_.world.two_servers) {
            server_.start(EVERY_SERVER);
            afterReload(EVERY_SERVER);
        }
        break;
    case Action::START:
        startServer(event.server);
        break;
    case Action::RESTART:
        startServer(event.server);
        server_.restart(event.server);
        ++outcome_.restarts;
        afterReload(event.server);
        break;
    case Action::RELOAD:
        startServer(event.server);
        server_.reload(event.server);
        afterReload(event.server);
        break;
    case Action::POLICY:
        setPolicy(policies().at(event.other));
        break;
    default:
        scene_.world.befall(event);
        break;
    }
}

/// One of two is always up. Debts do not outlive a server.
void
Player::killServer(unsigned server) {
    startServer(3 - server);
    server_.kill(server);
    hear(server_.leftovers());
    promises_.forget();
    if (!scene_.world.two_servers) {
        return;
    }
    scene_.world.down.insert(server);
    outcome_.lost += resettle();
    for (const Host& host : scene_.world.hosts()) {
        promises_.checkRecord(host);
    }
}

void
Player::startServer(unsigned server) {
    if (scene_.world.down.erase(server) != 0) {
        server_.start(server);
        afterReload(server);
    }
}

/// What nobody was told about goes and comes back with the server that has it.
///
/// @return how many records that are.
size_t
Player::resettle() {
    scene_.world.now = server_.now();
    const auto rows = server_.resettled();
    for (const Change& change : scene_.journal.add(rows)) {
        scene_.returns.returned(change);
        // They were not of one mind about it: whoever loses it has to find out by itself.
        scene_.raced.insert(change.after.address);
    }
    promises_.forgiveRaces();
    return (rows.size());
}

void
Player::setPolicy(const std::string& policy) {
    server_.setPolicy(policy);
    ++outcome_.policy_changes;
    scene_.policy = policy;
    const bool before = scene_.promising;
    scene_.promising = policy == history_.policy || promises(policy);
    if (!before && scene_.promising) {
        promises_.promiseAgain();
        scene_.meetings.forgetRecords();
    }
    afterReload(EVERY_SERVER);
}

/// The library is new, and a server that keeps a lease file has read it once more.
void
Player::afterReload(unsigned server) {
    claims_.forget(server);
    promises_.forget();
    readJournal();
    outcome_.revived += resettle();
    const auto difference = scene_.journal.compare(server_.leases());
    if (!difference.empty()) {
        scene_.complain("I5: " + difference);
    }
    for (const Host& host : scene_.world.hosts()) {
        promises_.checkRecord(host);
    }
}

void
Player::finish() {
    startServer(1);
    startServer(2);
    checkConflicts();
    server_.restart(EVERY_SERVER);
    afterReload(EVERY_SERVER);
    checkConflicts();
    for (const Json& record : server_.audit()) {
        reports_.audited(record);
    }
    for (const auto& trouble : server_.troubles()) {
        scene_.complain(trouble);
    }
}

void
Player::checkConflicts() {
    for (const Json& conflict : server_.conflicts()) {
        reports_.listed(conflict);
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
