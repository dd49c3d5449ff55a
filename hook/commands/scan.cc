// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <core/identity/client_identifier.h>
#include <hook/commands/command_arguments.h>
#include <hook/leases/lease_queries.h>
#include <hook/leases/lease_scan.h>

#include <cc/command_interpreter.h>

namespace clone_guard {
namespace commands {

namespace {

using isc::config::CONTROL_RESULT_EMPTY;
using isc::config::CONTROL_RESULT_SUCCESS;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

ElementPtr
leasesIn(const LeaseScan::Finding& finding, bool with_identifier) {
    auto list = Element::createList();
    for (const auto& [ip, found] : finding.leases) {
        auto element = lease_queries::machine(found.lease.address, found.lease);
        if (found.claimant) {
            element->set("claimant", Element::create(true));
        }
        if (with_identifier) {
            element->set("client-id", Element::create(toHex(found.identifier)));
        }
        list->add(element);
    }
    return (list);
}

/// Returns the machine that the remedy is for: a claimant if there is one.
Sender
senderIn(const LeaseScan::Finding& finding) {
    return {
        finding.leases.rbegin()->second.lease.address, finding.leases.begin()->second.lease.address, {}};
}

ElementPtr
identifiersIn(const LeaseScan::Findings& findings, const Explainer& explainer) {
    auto list = Element::createList();
    for (const auto& [identifier, finding] : findings) {
        auto element = Element::createMap();
        element->set(finding.digest ? "client-id-sha256" : "client-id",
                     Element::create(toHex(identifier)));
        if (!finding.digest) {
            lease_queries::explain(element, explainer.explain(identifier, senderIn(finding)));
        }
        element->set("leases", leasesIn(finding, false));
        list->add(element);
    }
    return (list);
}

ElementPtr
duidsIn(const LeaseScan::Findings& findings, const Explainer& explainer) {
    auto list = Element::createList();
    for (const auto& [duid, finding] : findings) {
        auto element = Element::createMap();
        const auto known = explainer.explainDuid(duid, senderIn(finding));
        element->set("duid", Element::create(toHex(duid)));
        element->set("duid-type", Element::create(known.duid_type));
        lease_queries::explain(element, known);
        element->set("leases", leasesIn(finding, true));
        list->add(element);
    }
    return (list);
}

ElementPtr
declinedIn(const LeaseScan::Page& page) {
    auto list = Element::createList();
    for (const auto& [subnet, declined] : page.declined) {
        auto element = Element::createMap();
        element->set("subnet-id", Element::create(static_cast<int64_t>(subnet)));
        element->set("count", Element::create(static_cast<int64_t>(declined.count)));
        element->set("first-until", Element::create(declined.first_until));
        element->set("last-until", Element::create(declined.last_until));
        list->add(element);
    }
    return (list);
}

}  // namespace

ConstElementPtr
scan(const ConstElementPtr& given, Guard& guard) {
    const Arguments arguments(given, {"from", "limit"});
    const auto after = arguments.fromLease();
    const auto page = guard.scan().scanPage(after, arguments.limit());
    const auto count = page.identifiers.size() + page.duids.size();
    auto answer = Element::createMap();
    answer->set("leases", Element::create(static_cast<int64_t>(page.leases)));
    answer->set("count", Element::create(static_cast<int64_t>(count)));
    answer->set("client-ids", identifiersIn(page.identifiers, *guard.explainer()));
    answer->set("duids", duidsIn(page.duids, *guard.explainer()));
    if (!page.declined.empty()) {
        answer->set("declined", declinedIn(page));
    }
    answer->set("compared-from",
                Element::create(page.compared_from.isV4Zero() ? std::string("start")
                                                              : page.compared_from.toText()));
    if (page.not_compared > 0) {
        answer->set("not-compared", Element::create(static_cast<int64_t>(page.not_compared)));
    }
    if (page.next) {
        answer->set("next", Element::create(page.next->toText()));
    }
    const auto text = counted(page.identifiers.size(), "client identifier") + " and " +
                      counted(page.duids.size(), "DUID") + " with several hardware addresses among " +
                      counted(page.leases, "lease") +
                      (page.next ? ", the next page is from '" + page.next->toText() + "'." : ".");
    return (isc::config::createAnswer(count == 0 && page.declined.empty() && !page.next
                                          ? CONTROL_RESULT_EMPTY
                                          : CONTROL_RESULT_SUCCESS,
                                      text, answer));
}

}  // namespace commands
}  // namespace clone_guard
