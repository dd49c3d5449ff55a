// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_RULES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_RULES_H

#include <tests/e2e/harness/servers/server_setup.h>
#include <tests/histories/rules/concurrent_servers.h>
#include <tests/histories/rules/journal.h>
#include <tests/histories/rules/network.h>
#include <tests/histories/rules/stale_leases.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief What the rules look at, and what they find.
struct Scene {
    World world;
    Journal journal;
    std::string policy;
    std::string takeover;
    /// @brief Whether the policy in force promises anything: not while a history that is about another one
    /// has gone to "monitor" or "off" for a while.
    bool promising = true;
    /// @brief Addresses that Kea has just given to two, without the guard having a say.
    std::set<Address> raced;
    /// @brief What two servers on one database do not promise.
    MeetingRule meetings{*this};
    /// @brief What a pair in Kea's high availability does not promise.
    ReturnRule returns{*this};
    std::vector<std::string> violations;

    const Host& hostOf(const Query& query) const {
        return (world.hosts().at(query.host));
    }

    /// @brief Whether a row is about that host under its own identifier or its derived one.
    bool isRecordOf(const Row& row, const Host& host) const;

    /// @brief Whether a row is about an identifier that was made up to look like somebody's derived one. Only
    /// a liar under a policy that promises nothing gets such a record, and it has no right to it.
    static bool isForged(const Row& row);

    void complain(const std::string& text) {
        violations.push_back(text);
    }
};

/// @brief Finds what is Kea's own doing.
///
/// With several threads Kea gives an address, once its record has expired, to everybody who asks for it in the
/// same instant: nothing is locked between the look at the record and the update. With stock Kea that happens
/// to clients that have nothing in common. The guard has a say only where two of them present the identifier
/// on record.
std::set<Address> findRaces(const std::vector<Change>& changes, uint64_t now);

/// @brief What clients are told: nobody shares an address (I1), the holder keeps its own (I2), and so does a
/// claimant (I3); replies carry the client's own option 61 (I4).
class PromiseRule {
public:
    explicit PromiseRule(Scene& scene) : scene_(scene) {}

    /// @brief Notes what the server owes for a message that is about to be sent.
    void asking(const Query& query);

    /// @brief Looks at the reply to a message.
    void answered(const Query& query, const Packet& reply);

    /// @brief Looks at silence.
    void silent(const Query& query);

    /// @brief Whether a reply is owed, so that it is worth waiting for.
    bool owes(const Query& query) const {
        return (debts_.count(query.packet.xid) != 0);
    }

    /// @brief Debts do not outlive the server.
    void forget() {
        debts_.clear();
        failed_.clear();
    }

    /// @brief The policy promises again: who was told nonsense before does not count.
    ///
    /// Under "monitor" and "off" clones share addresses as with stock Kea. Their leases cannot be mended
    /// afterwards: who was told something that is on record for another has to find out by itself.
    void promiseAgain();

    /// @brief What is on record agrees with what a host was told (I5).
    void checkRecord(const Host& host);

    /// @brief Who lost a race for an address finds out by itself, as without the guard.
    void forgiveRaces();

private:
    struct Debt {
        Address address;
        bool derived = false;
        bool may_return = false;  ///< R9: a claimant may return to its identifier with this message
    };

    std::optional<Debt> debtOf(const Query& query);
    bool mayReturn(const Query& query) const;
    void checkEcho(const Query& query, const Packet& reply);
    void checkShared(const Host& host);

    Scene& scene_;
    std::map<uint32_t, Debt> debts_;
    std::map<std::string, uint64_t> failed_;  ///< when somebody got no offer that might have returned
};

/// @brief What the server writes: nobody but its owner ends or changes a live record (I2, I3, I5), and with
/// takeover "never" nobody takes one over that has run out (R9).
class RecordRule {
public:
    explicit RecordRule(Scene& scene) : scene_(scene) {}

    /// @brief Notes which records their owners give up with messages that are sent together.
    void asking(const std::vector<Query>& queries);

    void changed(const Change& change);

private:
    bool hasAnonymous(const std::string& hw_address) const;
    void checkTakeover(const Change& change);

    using Owners = std::set<std::pair<Address, std::string>>;

    Scene& scene_;
    Owners given_up_;
    Owners given_up_before_;
};

/// @brief One winner per server, network, identifier and claim window (R3, R6).
///
/// Whoever is the first to present an identifier of which nobody has a live record, after a time without
/// claims, has the claim. Until it has run out nobody else gets a record of this identifier, nor the address
/// of an expired one as a claimant.
class ClaimRule {
public:
    explicit ClaimRule(Scene& scene) : scene_(scene) {}

    /// @brief Looks at messages that are sent together.
    void asking(const std::vector<Query>& queries);

    void changed(const Change& change);

    /// @brief A new instance of the library knows no claims: those of one server, or all.
    void forget(unsigned server);

private:
    struct Case {
        std::map<std::string, uint64_t> asked;  ///< when a hardware address presented it last
        std::string winner;
        uint64_t until = 0;
    };
    /// @brief Server, network, identifier: a claim is the memory of one server.
    using Key = std::tuple<unsigned, unsigned, std::string>;

    bool passes(const Key& key, const Host& host) const;
    const Case* contested(const Key& key, const std::string& hw_address) const;

    Scene& scene_;
    std::map<Key, Case> cases_;
    /// @brief The server that a host turned to last, by hardware address and identifier as they are on record.
    std::map<std::pair<std::string, std::string>, unsigned> turned_to_;
};

/// @brief Every conflict that is reported is one (I6).
class ReportRule {
public:
    explicit ReportRule(Scene& scene) : scene_(scene) {}

    void asking(const Query& query);

    /// @brief Looks at a record of the audit log.
    void audited(const Json& record);

    /// @brief Looks at a conflict as clone-guard-conflict-get-all tells it.
    void listed(const Json& conflict);

private:
    void believeLie(const Query& query);
    void explain(const std::string& identifier, unsigned network, std::set<std::string> named,
                 const Json& record);

    Scene& scene_;
    std::map<std::pair<unsigned, std::string>, std::set<std::string>> presented_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_RULES_H
