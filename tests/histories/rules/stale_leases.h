// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H

#include <tests/histories/rules/journal.h>
#include <tests/histories/rules/network.h>

#include <set>

namespace clone_guard {
namespace e2e {
namespace history {

struct Scene;

/// @brief What a pair in Kea's high availability does not promise: a server that returns brings back the records
/// that the other one has deleted meanwhile.
///
/// Then there may be several records of one host. Kea goes on with the first that it finds, be it run out, for as
/// long as there are several. With stock Kea as well: HaSplit.stockKeaBringsBackWhatWasReleased.
class ReturnRule {
public:
    explicit ReturnRule(Scene& scene) : scene_(scene) {}

    /// @brief Notes what is on record since a server has returned.
    void returned(const Change& change);

    /// @brief From now on what a server has written is a record like any other.
    void changed(const Change& change);

    /// @brief Whether a record is one that was brought back, and nobody has written it since.
    bool isBack(Address address) const {
        return (back_.count(address) != 0);
    }

    /// @brief Whether Kea has had several records of a host to choose from since one of them was brought back.
    bool hasSeveral(const Host& host);

    /// @brief Notes that nothing was owed because of that.
    void excuse() {
        ++excused_;
    }

    uint64_t excused() const {
        return (excused_);
    }

private:
    std::set<Address> recordsOf(const Host& host, bool own) const;
    void look(const Host& host);
    void lookAtAll();

    Scene& scene_;
    std::set<Address> back_;
    std::set<unsigned>
        several_;  ///< hosts with several records under their identifiers, whoever has them
    std::set<unsigned> several_own_;  ///< the same of their own
    uint64_t excused_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H
