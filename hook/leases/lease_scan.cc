// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/lease_scan.h>

#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/random_bytes.h>
#include <hook/leases/lease_queries.h>

#include <algorithm>
#include <utility>

namespace clone_guard {

namespace {

using isc::asiolink::IOAddress;
using isc::dhcp::ClientId;
using isc::dhcp::Lease4;

SipHash::Key
randomKey() {
    SipHash::Key key{};
    fillRandomly(key.data(), key.size());
    return (key);
}

/// The lease with the identifier that its client sends.
LeaseScan::Found
foundOf(const Lease4& lease) {
    LeaseScan::Found found;
    found.lease = lease_queries::leaseWithHostName(lease);
    const auto bytes = identifierOf(lease);
    const auto derived = parseDerived(bytes);
    found.claimant = derived.has_value();
    found.identifier = (derived ? derived->identifier : bytes).copy();
    return (found);
}

Bytes
duidOf(const LeaseScan::Found& found) {
    const auto parts = parseRfc4361(found.identifier);
    return (parts ? parts->duid.copy() : Bytes());
}

}  // namespace

LeaseScan::LeaseScan(const Settings& settings) :
    types_(settings.client_id_types), exempt_(settings.exempt) {}

/// Continues the current scan, or begins another.
void
LeaseScan::continueOrBegin(const IOAddress& after) {
    // A page that is requested again, because the answer was lost, belongs to the same scan.
    if (duids_ && !after.isV4Zero() && !(after < begun_) && after <= reached_) {
        return;
    }
    duids_ = std::make_unique<FirstSeen>(randomKey(), MAX_DUIDS);
    begun_ = after;
    reached_ = after;
}

LeaseScan::Page
LeaseScan::scanPage(const IOAddress& after, size_t limit) {
    const std::lock_guard<std::mutex> lock(mutex_);
    continueOrBegin(after);
    const auto leases = lease_queries::page(after, limit);
    Page page;
    page.leases = leases.size();
    page.compared_from = begun_;
    Work work;
    for (const auto& lease : leases) {
        if (lease->stateDeclined()) {
            addDeclined(*lease, page);
        } else {
            addLease(*lease, page, work);
        }
    }
    page.not_compared = duids_->missed();
    if (leases.size() < limit) {
        duids_.reset();
    } else {
        page.next = leases.back()->addr_;
        reached_ = std::max(reached_, leases.back()->addr_);
    }
    return (page);
}

/// Counts a declined address, unless the server leases it again.
void
LeaseScan::addDeclined(const Lease4& lease, Page& page) {
    if (lease.expired()) {
        return;
    }
    const auto until = static_cast<int64_t>(lease.cltt_) + static_cast<int64_t>(lease.valid_lft_);
    auto& declined = page.declined[lease.subnet_id_];
    declined.first_until = declined.count == 0 ? until : std::min(declined.first_until, until);
    declined.last_until = std::max(declined.last_until, until);
    ++declined.count;
}

void
LeaseScan::addLease(const Lease4& lease, Page& page, Work& work) {
    const auto found = foundOf(lease);
    if (!found.lease.address.usable()) {
        return;
    }
    if (found.claimant && found.identifier.empty()) {
        auto& finding = page.identifiers[parseDerived(identifierOf(lease))->digest.copy()];
        finding.digest = true;
        finding.leases[found.lease.ip] = found;
        return;
    }
    if (isGuarded(found)) {
        addIdentifier(found, page, work);
        addDuid(found, page, work);
    }
}

bool
LeaseScan::isGuarded(const Found& found) const {
    if (exempt_.covers(found.identifier, found.lease.address)) {
        return (false);
    }
    return (found.claimant ||
            classify(found.identifier, types_, ClientId::MAX_CLIENT_ID_LEN) == IdentifierKind::GUARDED);
}

LeaseScan::Sharers
LeaseScan::sharersOf(ByteView identifier) {
    Sharers sharers;
    for (const auto& lease : lease_queries::leasesOf(identifier)) {
        auto found = foundOf(*lease);
        if (found.lease.address.usable()) {
            sharers.addresses.insert(found.lease.address);
            sharers.leases.push_back(std::move(found));
        }
    }
    return (sharers);
}

void
LeaseScan::addIdentifier(const Found& found, Page& page, Work& work) {
    auto known = work.sharers.find(found.identifier);
    if (known == work.sharers.end()) {
        known = work.sharers.emplace(found.identifier, sharersOf(found.identifier)).first;
    }
    auto& sharers = known->second;
    const bool own = sharers.addresses.count(found.lease.address) > 0;
    const bool others = sharers.addresses.size() > (own ? 1U : 0U);
    // A derived identifier proves that there was another hardware address, even if that has no lease any more.
    const bool returned = own && !found.lease.live;
    if (!others && (!found.claimant || returned)) {
        return;
    }
    auto& finding = page.identifiers[found.identifier];
    finding.leases[found.lease.ip] = found;
    addOthers(found, sharers, finding, work);
}

/// Adds the other leases of an identifier to its finding, once a page. Those on this page are added anyway.
void
LeaseScan::addOthers(const Found& found, Sharers& sharers, Finding& finding, Work& work) {
    auto others = std::exchange(sharers.leases, {});
    // The first one proves the finding.
    std::stable_partition(others.begin(), others.end(), [&found](const Found& other) {
        return (other.lease.address != found.lease.address);
    });
    const auto room = MAX_OTHERS_OF_PAGE - std::min(work.others, MAX_OTHERS_OF_PAGE);
    const auto wanted = std::max<size_t>(1, std::min(room, MAX_OTHERS_OF_FINDING));
    size_t added = 0;
    for (auto& other : others) {
        if (added == wanted) {
            break;
        }
        added += finding.leases.emplace(other.lease.ip, std::move(other)).second ? 1 : 0;
    }
    work.others += added;
}

/// Reads the lease at which a DUID was seen first, once a page.
const LeaseScan::Found&
LeaseScan::firstAt(IpAddress ip, Work& work) {
    const auto known = work.firsts.find(ip);
    if (known != work.firsts.end()) {
        return (known->second);
    }
    const auto lease = ask([ip] { return (leaseDatabase().getLease4(toKea(ip))); });
    return (work.firsts.emplace(ip, lease ? foundOf(*lease) : Found()).first->second);
}

void
LeaseScan::addDuid(const Found& found, Page& page, Work& work) {
    const auto duid = duidOf(found);
    if (duid.empty()) {
        return;
    }
    const auto ip = found.lease.ip;
    const auto first_ip = duids_->insert(duid, ip);
    if (first_ip == ip) {
        return;
    }
    const auto& first = firstAt(first_ip, work);
    if (duidOf(first) != duid) {
        duids_->replace(duid, ip);
        return;
    }
    // Equal identifiers are a finding of their own.
    if (first.lease.address != found.lease.address && first.identifier != found.identifier) {
        auto& leases = page.duids[duid].leases;
        leases[first.lease.ip] = first;
        leases[ip] = found;
    }
}

}  // namespace clone_guard
