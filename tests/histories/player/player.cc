// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/player.h>

#include <algorithm>
#include <set>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The largest number of messages sent together. It is far below the length of the server's queue, so that the player
/// reads replies between two batches.
const size_t LONGEST_BATCH = 16;

bool
isGuarding(const std::string& policy) {
    return (policy == "mac-fallback" || policy == "refuse");
}

}  // namespace

std::vector<std::string>
Player::Exchange::toText() const {
    std::vector<std::string> lines;
    for (const Query& query : queries) {
        lines.push_back(query.toText());
    }
    for (const Change& change : changes) {
        lines.push_back("lease " + change.before.toText() + " -> " + change.after.toText());
    }
    for (const Answer& answer : answers) {
        const auto& query = answer.query;
        lines.push_back((query.byStranger() ? "a stranger" : "host " + std::to_string(query.host)) +
                        " got " + (answer.reply ? answer.reply->toText() : "no answer"));
    }
    return (lines);
}

Player::Player(Server& server, const History& history) :
    history_(history), server_(server), reply_rule_(context_), lease_rule_(context_),
    claim_rule_(context_), report_rule_(context_), waiting_rule_(context_), power_rule_(context_),
    stranger_rule_(context_, claim_rule_, report_rule_, waiting_rule_) {
    context_.policy = history.policy;
    context_.takeover = history.takeover;
    context_.network.now = server_.now();
    context_.network.two_servers = !history.servers.empty();
}

Outcome
Player::play() {
    const auto begun = std::chrono::steady_clock::now();
    try {
        server_.start(EVERY_SERVER);
        playAll();
        if (context_.violations.empty()) {
            finish();
        }
    } catch (const std::exception& error) {
        context_.addViolation(error.what());
    }
    outcome_.violations = context_.violations;
    outcome_.returns = power_rule_.returns();
    outcome_.returns_after_release = power_rule_.returnsAfterRelease();
    outcome_.excused = context_.stale_leases.excused();
    outcome_.collisions = context_.concurrent_servers.collisions();
    outcome_.affected = context_.concurrent_servers.affected();
    outcome_.longest = context_.concurrent_servers.longest();
    outcome_.displaced = context_.concurrent_servers.displaced();
    outcome_.latest = context_.concurrent_servers.latest();
    if (!context_.violations.empty()) {
        outcome_.trace = last_.toText();
    }
    outcome_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return (outcome_);
}

void
Player::playAll() {
    const auto& events = history_.events;
    for (size_t at = 0; at < events.size() && context_.violations.empty();) {
        if (!isMessage(events[at])) {
            applyEvent(events[at++]);
            ++outcome_.steps;
            continue;
        }
        const size_t end = batchEnd(at);
        std::vector<Query> queries;
        for (; at < end; ++at) {
            auto query = context_.network.makeQuery(events[at]);
            if (query && server_.route(*query)) {
                queries.push_back(*query);
            } else if (query) {
                ++outcome_.left_to_partner;
            }
            ++outcome_.steps;
        }
        // A joined kill comes before any reply is read.
        const bool kill = at < events.size() && events[at].action == Action::KILL && events[at].joined;
        sendAndCheck(std::move(queries), kill ? &events[at] : nullptr);
    }
}

/// Returns the end of the messages that are sent together. Neither one host nor two boot stages of one machine send two
/// messages at once. Kea with threads drops some of more than two messages from one hardware address.
size_t
Player::batchEnd(size_t first) {
    const auto& events = history_.events;
    std::set<unsigned> busy;
    std::map<Bytes, unsigned> behind;
    unsigned strangers = 0;
    size_t at = first;
    for (; at < events.size() && at < first + LONGEST_BATCH && isMessage(events[at]) &&
           (at == first || events[at].joined);
         ++at) {
        if (events[at].action == Action::STRANGER) {
            // Kea with threads also drops some of more than two messages with one identifier.
            if (++strangers > 1) {
                break;
            }
            continue;
        }
        const Host& host = context_.network.hosts().at(events[at].host);
        const unsigned most = host.spec.kind == HostKind::IPVLAN ? 2 : 1;
        if (!busy.insert(host.number).second || ++behind[host.hw_address] > most) {
            break;
        }
    }
    return (at);
}

void
Player::sendAndCheck(std::vector<Query> asked, const Event* kill) {
    if (asked.empty()) {
        return;
    }
    last_ = Exchange{std::move(asked), {}, {}};
    const auto& queries = last_.queries;
    beforeSend(queries);
    server_.send(queries);
    if (kill) {
        killServer(kill->server);
    } else {
        receive(
            server_.collect([this](const Query& query) { return (reply_rule_.expectsReply(query)); }));
    }
    context_.concurrent_servers.afterReplies();
    checkLeases(queries);
    context_.strangers_only = false;
}

/// The rules about hosts see only the messages of hosts.
void
Player::beforeSend(const std::vector<Query>& queries) {
    std::vector<Query> of_hosts;
    report_rule_.beginBatch(queries.size() > 1);
    for (const Query& query : queries) {
        if (query.byStranger()) {
            stranger_rule_.beforeSend(query);
            ++outcome_.strangers;
        } else {
            of_hosts.push_back(query);
        }
    }
    context_.strangers_only = of_hosts.empty();
    claim_rule_.beforeSend(of_hosts);
    context_.concurrent_servers.beforeSend(of_hosts);
    lease_rule_.beforeSend(of_hosts);
    for (const Query& query : of_hosts) {
        reply_rule_.beforeSend(query);
        report_rule_.beforeSend(query);
        waiting_rule_.beforeSend(query);
    }
    beforeReturn(of_hosts);
}

/// The audit records are read only if a host comes back.
void
Player::beforeReturn(const std::vector<Query>& queries) {
    for (const Query& query : queries) {
        if (query.action == Action::SHUTDOWN) {
            power_rule_.switchOff(query.host);
        } else if (power_rule_.comesBack(query)) {
            power_rule_.beforeSend(query, server_.audit(query.server), queries.size() == 1);
        }
    }
}

/// Checks the leases of the senders. A stranger may harm any host.
void
Player::checkLeases(const std::vector<Query>& queries) {
    for (const Query& query : queries) {
        if (!query.byStranger()) {
            reply_rule_.checkLease(context_.hostOf(query));
            continue;
        }
        for (const Host& host : context_.network.hosts()) {
            reply_rule_.checkLease(host);
        }
    }
}

/// Reads the lease file first: the rules accept the leases before the messages and the leases after them.
void
Player::receive(std::vector<Answer> answers) {
    readJournal();
    last_.answers = std::move(answers);
    for (const Answer& answer : last_.answers) {
        receive(answer);
    }
    reply_rule_.excuseRaces();
}

void
Player::receive(const Answer& answer) {
    if (!answer.reply) {
        ++outcome_.silences;
        reply_rule_.onSilence(answer.query);
        waiting_rule_.onSilence(answer.query);
        power_rule_.onSilence(answer.query);
        return;
    }
    if (answer.query.byStranger()) {
        context_.network.receive(answer.query, *answer.reply);
        stranger_rule_.onReply(answer.query, *answer.reply);
        return;
    }
    context_.concurrent_servers.onReply(answer.query, *answer.reply);
    outcome_.acks += answer.reply->type() == ACK ? 1 : 0;
    outcome_.naks += answer.reply->type() == NAK ? 1 : 0;
    outcome_.late += answer.overtaken ? 1 : 0;
    if (!answer.overtaken) {
        context_.network.receive(answer.query, *answer.reply);
    }
    reply_rule_.onReply(answer.query, *answer.reply);
    waiting_rule_.onReply(answer.query, *answer.reply);
    power_rule_.onReply(answer.query, *answer.reply);
}

void
Player::readJournal() {
    last_.changes = context_.journal.add(server_.written());
    const auto& changes = last_.changes;
    context_.races =
        history_.threads > 0 ? findRaces(changes, context_.network.now) : std::set<Address>();
    outcome_.races += context_.races.size();
    for (const Change& change : changes) {
        context_.stale_leases.onChange(change);
        lease_rule_.onChange(change);
        claim_rule_.onChange(change);
    }
}

void
Player::applyEvent(const Event& event) {
    switch (event.action) {
    case Action::CLOCK: {
        const bool anew = server_.advanceClock(event.other);
        context_.network.now = server_.now();
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
        if (!context_.network.two_servers) {
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
    case Action::POWER_OFF:
        power_rule_.switchOff(event.host);
        context_.network.apply(event);
        break;
    default:
        context_.network.apply(event);
        break;
    }
}

/// Kills a server. One of two servers is always up. A killed server owes no replies.
void
Player::killServer(unsigned server) {
    startServer(3 - server);
    server_.kill(server);
    receive(server_.leftovers());
    reply_rule_.forget();
    if (!context_.network.two_servers) {
        return;
    }
    context_.network.down.insert(server);
    outcome_.lost += adoptAuthority();
    for (const Host& host : context_.network.hosts()) {
        reply_rule_.checkLease(host);
    }
}

void
Player::startServer(unsigned server) {
    if (context_.network.down.erase(server) != 0) {
        server_.start(server);
        afterReload(server);
    }
}

/// Returns the servers that an event concerns.
std::vector<unsigned>
Player::serversOf(unsigned server) const {
    return (server == EVERY_SERVER && context_.network.two_servers ? std::vector<unsigned>{1, 2}
                                                                   : std::vector<unsigned>{server});
}

/// Adopts the leases of the servers that decide now. Leases that clients do not know of may vanish or return with a
/// server.
///
/// @return The number of leases that changed.
size_t
Player::adoptAuthority() {
    context_.network.now = server_.now();
    const auto rows = server_.authorityChanges();
    for (const Change& change : context_.journal.add(rows)) {
        context_.stale_leases.onServerReturn(change);
        // The servers disagreed about this lease; a host that loses it learns so from its next reply.
        context_.races.insert(change.after.address);
    }
    context_.stale_leases.setCopies(server_.staleCopies());
    reply_rule_.excuseRaces();
    return (rows.size());
}

void
Player::setPolicy(const std::string& policy) {
    server_.setPolicy(policy);
    ++outcome_.policy_changes;
    context_.policy = policy;
    const bool before = context_.enforced;
    context_.enforced = policy == history_.policy || isGuarding(policy);
    if (!before && context_.enforced) {
        reply_rule_.enforceAgain();
        context_.concurrent_servers.forgetLeases();
    }
    afterReload(EVERY_SERVER);
}

/// After a reload the library is a new instance, and a server with a lease file has read the file again.
void
Player::afterReload(unsigned server) {
    claim_rule_.forget(server);
    reply_rule_.forget();
    waiting_rule_.forget();
    for (const unsigned each : serversOf(server)) {
        power_rule_.beginInstance(each, server_.audit(each));
    }
    readJournal();
    outcome_.revived += adoptAuthority();
    const auto difference = context_.journal.compare(server_.leases());
    if (!difference.empty()) {
        context_.addViolation("I5: " + difference);
    }
    for (const Host& host : context_.network.hosts()) {
        reply_rule_.checkLease(host);
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
    for (const unsigned server : serversOf(EVERY_SERVER)) {
        const auto audit = server_.audit(server);
        power_rule_.finish(server, audit);
        for (const Json& record : audit) {
            report_rule_.checkAuditRecord(record);
        }
    }
    for (const auto& failure : server_.failures()) {
        context_.addViolation(failure);
    }
    outcome_.excused_failures = server_.excusedFailures();
}

void
Player::checkConflicts() {
    for (const Json& conflict : server_.conflicts()) {
        report_rule_.checkListedConflict(conflict);
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
