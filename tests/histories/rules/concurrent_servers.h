// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H

#include <tests/histories/rules/network.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

struct Scene;

/// @brief What two servers on one lease database do not promise, and for how long.
///
/// A meeting: messages of several hosts with one identifier are on their way to both servers at the same time, and
/// nobody has a live record of it. Either server looks before the other has written, finds nobody, and lets its host
/// pass: to Kea, which goes by the identifier alone, both are one client. Then they may share an address, one's record
/// may go when the other's is made, or each has a record of the same identifier. Whatever comes of it has to be over
/// for a host with the next message of its own that is answered, in its turn.
class MeetingRule {
public:
    explicit MeetingRule(Scene& scene) : scene_(scene) {}

    /// @brief Finds out who meets, among messages that are sent together.
    void asking(const std::vector<Query>& queries);

    /// @brief Finds out who was harmed, once they are answered, and who is no longer.
    void answered();

    /// @brief Notes what a host is answered, before it learns that.
    void heard(const Query& query, const Packet& reply);

    /// @brief Whether a change of a record is one host's that meets the owner of the record.
    bool excuses(const std::string& hw_address, const std::string& client_id) const;

    /// @brief Whether what a host was told does not count, because it meets another or has not been put right since.
    bool excuses(const Host& host) const {
        return (meeting_.count(host.number) != 0 || isHarmed(host));
    }

    /// @brief Whether several records of a host's identifier, live or not, are left from a meeting.
    ///
    /// Kea goes on with the first that it finds, be it run out.
    bool isDoubled(const Host& host) const {
        return (doubled_.count({host.network, host.identifierText()}) != 0);
    }

    bool isHarmed(const Host& host) const {
        return (harmed_.count(host.number) != 0);
    }

    /// @brief Who has a live record of an identifier beside another's from now on is not put down to a meeting.
    void forgetRecords();

    uint64_t meetings() const {
        return (meetings_);
    }

    /// @brief Hosts that came out of one with what was not right.
    uint64_t harmed() const {
        return (harmed_ever_);
    }

    /// @brief Seconds of the servers' clock for which such a host was not put right, at most.
    uint64_t longest() const {
        return (longest_);
    }

    /// @brief Hosts that had to give up a lease of theirs because there was another record of their identifier, and
    /// how many seconds after that was made, at most.
    uint64_t displaced() const {
        return (displaced_);
    }

    uint64_t latest() const {
        return (latest_);
    }

private:
    using Identity = std::pair<unsigned, std::string>;  ///< network, identifier

    bool contested(const Identity& identity, const std::vector<Query>& queries) const;
    bool isRight(const Host& host) const;
    void checkRecords();
    void putRight(unsigned host);

    Scene& scene_;
    std::map<unsigned, Identity> meeting_;  ///< hosts whose messages are on their way
    std::map<unsigned, uint64_t> harmed_;   ///< hosts, and since when
    std::set<unsigned> heard_;              ///< of the present messages, those that were answered
    std::map<Identity, uint64_t> doubled_;  ///< identifiers with several records, and since when
    uint64_t meetings_ = 0;
    uint64_t harmed_ever_ = 0;
    uint64_t longest_ = 0;
    uint64_t displaced_ = 0;
    uint64_t latest_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H
