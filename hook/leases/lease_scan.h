// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_LEASES_LEASE_SCAN_H
#define CLONE_GUARD_LEASES_LEASE_SCAN_H

#include <hook/kea_compat.h>

#include <core/decision/judge.h>
#include <core/decision/settings.h>
#include <hook/leases/first_seen.h>

#include <asiolink/io_address.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace clone_guard {

/// @brief Looks through the lease database for clones, a page at a time.
///
/// What an identifier's leases are, the lease database says for each lease of a page. Which leases share a DUID it
/// cannot be asked; so one walk through all pages remembers where each DUID was first. There is one walk at a time.
/// Safe to use from several threads.
class LeaseScan {
public:
    /// @brief So many DUIDs of a walk are remembered: some 30 MB, given back at its end.
    static constexpr size_t MAX_DUIDS = 1048576;

    /// @brief A lease that belongs to a finding.
    struct Found {
        Lease lease;
        Bytes identifier;       ///< what the client sends; empty where only its digest is known
        bool claimant = false;  ///< it is on record under its derived identifier
    };

    /// @brief Something with several hardware addresses.
    struct Finding {
        bool digest = false;                ///< it is known by its digest only
        std::map<IpAddress, Found> leases;  ///< by address
    };

    using Findings = std::map<Bytes, Finding>;

    /// @brief What a page shows. What is on several pages is found on several.
    struct Page {
        size_t leases = 0;     ///< how many were looked at
        Findings identifiers;  ///< by client identifier, or its digest
        Findings duids;        ///< by DUID: those that came with different identifiers
        isc::asiolink::IOAddress compared_from =
            isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();  ///< DUIDs, with the leases after this one
        uint64_t not_compared = 0;                          ///< DUIDs so far that there was no room for
        std::optional<isc::asiolink::IOAddress> next;       ///< where to go on; nothing at the end
    };

    explicit LeaseScan(const Settings& settings);

    /// @brief Looks at a page.
    ///
    /// @param after the lease to go on after; zero begins a walk, and ends the one before.
    /// @throw LeaseDatabaseDown where the lease database does not answer.
    Page look(const isc::asiolink::IOAddress& after, size_t limit);

private:
    void follow(const isc::asiolink::IOAddress& after);
    void lookAt(const isc::dhcp::Lease4& lease, Page& page);
    void lookAtIdentifier(const Found& found, Page& page) const;
    void lookAtDuid(const Found& found, Page& page);
    [[nodiscard]] bool isConcerned(const Found& found) const;

    const IdentifierTypes types_;
    const Exemptions exempt_;
    std::mutex mutex_;
    isc::asiolink::IOAddress begun_ = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    isc::asiolink::IOAddress reached_ = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    std::unique_ptr<FirstSeen> duids_;  ///< of the walk that is under way
};

}  // namespace clone_guard

#endif
