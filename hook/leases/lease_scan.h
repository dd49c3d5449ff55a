// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_LEASE_SCAN_H
#define CLONE_GUARD_HOOK_LEASES_LEASE_SCAN_H

#include <hook/kea_compat.h>

#include <core/decision/judge.h>
#include <core/decision/settings.h>
#include <hook/leases/first_seen.h>

#include <asiolink/io_address.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace clone_guard {

/// @brief Searches the lease database for clones, page by page.
///
/// For each lease of a page, the lease database returns the other leases of its identifier. It has no index of DUIDs, so
/// one scan through all pages remembers the first address of each DUID. There is one scan at a time. Safe to call from
/// several threads.
class LeaseScan {
public:
    /// @brief Maximum number of DUIDs that a scan remembers: about 30 MB, freed at its end.
    static constexpr size_t MAX_DUIDS = 1048576;

    /// @brief Maximum number of leases from other pages in one finding, and in all findings of a page. Each finding has one
    /// of them that proves it, if there is one.
    static constexpr size_t MAX_OTHERS_OF_FINDING = 100;
    static constexpr size_t MAX_OTHERS_OF_PAGE = 1000;

    /// @brief A lease that belongs to a finding.
    struct Found {
        Lease lease;
        Bytes identifier;       ///< as the client sends it; empty if only its digest is known
        bool claimant = false;  ///< the lease has the derived identifier
    };

    /// @brief An identifier or a DUID with several hardware addresses.
    struct Finding {
        bool digest = false;                ///< only the digest of the identifier is known
        std::map<IpAddress, Found> leases;  ///< by address
    };

    using Findings = std::map<Bytes, Finding>;

    /// @brief The declined addresses of a subnet.
    struct Declined {
        uint64_t count = 0;
        int64_t first_until = 0;  ///< when the first is leased again, seconds since 1970
        int64_t last_until = 0;   ///< when the last is leased again
    };

    /// @brief The findings of one page. A finding with leases on several pages is found on each, with the leases of that page
    /// and some of the others.
    struct Page {
        size_t leases = 0;                      ///< number of leases on the page
        Findings identifiers;                   ///< by client identifier, or its digest
        Findings duids;                         ///< by DUID: DUIDs with different identifiers
        std::map<uint32_t, Declined> declined;  ///< by the number of the subnet
        isc::asiolink::IOAddress compared_from = isc::asiolink::IOAddress::
            IPV4_ZERO_ADDRESS();    ///< DUIDs are compared with those of the leases after this address
        uint64_t not_compared = 0;  ///< DUIDs of the scan so far for which there was no room
        std::optional<isc::asiolink::IOAddress>
            next;  ///< the address after which the next page begins; std::nullopt at the end
    };

    explicit LeaseScan(const Settings& settings);

    /// @brief Scans one page.
    ///
    /// @param after the address after which the page begins; zero begins a new scan.
    /// @throw LeaseDatabaseDown if the lease database does not answer.
    Page scanPage(const isc::asiolink::IOAddress& after, size_t limit);

private:
    /// @brief The leases of an identifier, until they are added to a finding, and their hardware addresses.
    struct Sharers {
        std::vector<Found> leases;
        std::set<HardwareAddress> addresses;
    };

    /// @brief What one page has looked up and added.
    struct Work {
        std::map<Bytes, Sharers> sharers;   ///< by identifier
        std::map<IpAddress, Found> firsts;  ///< first leases of DUIDs; empty if a lease is gone
        size_t others = 0;                  ///< leases added to findings that may be on other pages
    };

    void continueOrBegin(const isc::asiolink::IOAddress& after);
    static void addDeclined(const isc::dhcp::Lease4& lease, Page& page);
    void addLease(const isc::dhcp::Lease4& lease, Page& page, Work& work);
    static void addIdentifier(const Found& found, Page& page, Work& work);
    static void addOthers(const Found& found, Sharers& sharers, Finding& finding, Work& work);
    static Sharers sharersOf(ByteView identifier);
    static const Found& firstAt(IpAddress ip, Work& work);
    void addDuid(const Found& found, Page& page, Work& work);
    [[nodiscard]] bool isGuarded(const Found& found) const;

    const IdentifierTypes types_;
    const Exemptions exempt_;
    std::mutex mutex_;
    isc::asiolink::IOAddress begun_ = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    isc::asiolink::IOAddress reached_ = isc::asiolink::IOAddress::IPV4_ZERO_ADDRESS();
    std::unique_ptr<FirstSeen> duids_;  ///< of the current scan; null between scans
};

}  // namespace clone_guard

#endif
