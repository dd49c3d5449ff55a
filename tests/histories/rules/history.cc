// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/history.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

struct Entry {
    Action action;
    const char* name;
    Operands operands;
};

const std::vector<Entry>&
entries() {
    static const std::vector<Entry> all{
        {Action::DISCOVER, "discover", Operands::HOST},
        {Action::DISCOVER_AS, "discover-as", Operands::HOST_AND_HOST},
        {Action::SELECT, "select", Operands::HOST},
        {Action::GRAB, "grab", Operands::HOST_AND_HOST},
        {Action::RENEW, "renew", Operands::HOST},
        {Action::REBIND, "rebind", Operands::HOST},
        {Action::WAKE, "wake", Operands::HOST},
        {Action::REBOOT, "reboot", Operands::HOST},
        {Action::REBOOT_AS, "reboot-as", Operands::HOST_AND_HOST},
        {Action::RELEASE, "release", Operands::HOST},
        {Action::RELEASE_OF, "release-of", Operands::HOST_AND_HOST},
        {Action::DECLINE, "decline", Operands::HOST},
        {Action::DECLINE_OF, "decline-of", Operands::HOST_AND_HOST},
        {Action::SHUTDOWN, "shutdown", Operands::HOST},
        {Action::STRANGER, "stranger", Operands::HOST_AND_NUMBER},
        {Action::POWER_OFF, "power-off", Operands::HOST},
        {Action::SWAP, "swap", Operands::HOST},
        {Action::SEAL, "seal", Operands::HOST},
        {Action::RECLONE, "reclone", Operands::HOST_AND_NUMBER},
        {Action::ASSUME, "assume", Operands::HOST_AND_HOST},
        {Action::FORGE, "forge", Operands::HOST_AND_HOST},
        {Action::MOVE, "move", Operands::HOST},
        {Action::CLOCK, "clock", Operands::NUMBER},
        {Action::RECLAIM, "reclaim", Operands::NUMBER},
        {Action::KILL, "kill", Operands::NONE},
        {Action::START, "start", Operands::NONE},
        {Action::RESTART, "restart", Operands::NONE},
        {Action::RELOAD, "reload", Operands::NONE},
        {Action::POLICY, "policy", Operands::POLICY},
    };
    return (all);
}

const Entry&
entryOf(Action action) {
    const auto& all = entries();
    return (*std::find_if(all.begin(), all.end(),
                          [action](const Entry& entry) { return (entry.action == action); }));
}

unsigned
readPolicy(std::istream& stream) {
    std::string name;
    stream >> name;
    const auto& all = policies();
    const auto found = std::find(all.begin(), all.end(), name);
    if (found == all.end()) {
        throw std::invalid_argument("unknown policy: '" + name + "'");
    }
    return (unsigned(found - all.begin()));
}

Event
readEvent(const std::string& line) {
    std::istringstream stream(line);
    Event event;
    std::string name;
    stream >> name;
    if (name == "+") {
        event.joined = true;
        stream >> name;
    }
    const auto& all = entries();
    const auto entry =
        std::find_if(all.begin(), all.end(), [&name](const Entry& e) { return (name == e.name); });
    if (entry == all.end()) {
        throw std::invalid_argument("unknown event: '" + line + "'");
    }
    event.action = entry->action;
    switch (entry->operands) {
    case Operands::NONE:
        break;
    case Operands::HOST:
        stream >> event.host;
        break;
    case Operands::HOST_AND_HOST:
    case Operands::HOST_AND_NUMBER:
        stream >> event.host >> event.other;
        break;
    case Operands::NUMBER:
        stream >> event.other;
        break;
    case Operands::POLICY:
        event.other = readPolicy(stream);
        break;
    }
    if (!stream) {
        throw std::invalid_argument("operand missing: '" + line + "'");
    }
    std::string server;
    if (stream >> server) {
        if (server != "@1" && server != "@2") {
            throw std::invalid_argument("unknown server: '" + line + "'");
        }
        event.server = server == "@1" ? 1 : 2;
    }
    return (event);
}

/// Reads "name value", or "keep-released", if the line is a setting of the history.
bool
readSetting(const std::string& line, History& history) {
    std::istringstream stream(line);
    std::string name;
    stream >> name;
    if (name == "seed") {
        stream >> history.seed;
    } else if (name == "threads") {
        stream >> history.threads;
    } else if (name == "start-policy") {
        stream >> history.policy;
    } else if (name == "takeover") {
        stream >> history.takeover;
    } else if (name == "servers") {
        stream >> history.servers;
    } else if (name == "keep-released") {
        history.keep_released = true;
    } else {
        return (false);
    }
    return (true);
}

}  // namespace

const std::vector<std::string>&
policies() {
    static const std::vector<std::string> all{"mac-fallback", "refuse", "monitor", "off", "stock"};
    return (all);
}

Operands
operandsOf(Action action) {
    return (entryOf(action).operands);
}

bool
isMessage(const Event& event) {
    return (event.action <= Action::STRANGER);
}

std::ostream&
operator<<(std::ostream& stream, const Event& event) {
    const Entry& entry = entryOf(event.action);
    stream << (event.joined ? "+ " : "") << entry.name;
    switch (entry.operands) {
    case Operands::NONE:
        break;
    case Operands::HOST:
        stream << ' ' << event.host;
        break;
    case Operands::HOST_AND_HOST:
    case Operands::HOST_AND_NUMBER:
        stream << ' ' << event.host << ' ' << event.other;
        break;
    case Operands::NUMBER:
        stream << ' ' << event.other;
        break;
    case Operands::POLICY:
        stream << ' ' << policies().at(event.other);
        break;
    }
    if (event.server != EVERY_SERVER) {
        stream << " @" << event.server;
    }
    return (stream);
}

std::ostream&
operator<<(std::ostream& stream, const History& history) {
    stream << "seed " << history.seed << "\nthreads " << history.threads << "\nstart-policy "
           << history.policy << "\ntakeover " << history.takeover << '\n';
    if (!history.servers.empty()) {
        stream << "servers " << history.servers << '\n';
    }
    stream << (history.keep_released ? "keep-released\n" : "");
    for (const auto& event : history.events) {
        stream << event << '\n';
    }
    return (stream);
}

History
readHistory(std::istream& stream) {
    History history;
    std::string line;
    while (std::getline(stream, line)) {
        if (!line.empty() && line.front() != '#' && !readSetting(line, history)) {
            history.events.push_back(readEvent(line));
        }
    }
    return (history);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
