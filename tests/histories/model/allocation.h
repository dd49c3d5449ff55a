// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_ALLOCATION_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_ALLOCATION_H

#include <tests/histories/model/leases.h>
#include <tests/histories/model/message.h>

#include <array>
#include <functional>
#include <optional>

namespace clone_guard {
namespace model {

/// @brief Simulates how Kea handles a query after its callouts of pkt4_receive: which lease it finds, makes, renews or
/// ends, and what it answers. RELEASE deletes a lease as in Kea 2.2.0, or keeps it as in later releases. There are no reservations and no classes; the server is not authoritative and
/// matches identifiers in every subnet.
class Allocation {
public:
    /// @brief Simulates lease4_select for a real allocation. Returns true if the address may be leased.
    using Select = std::function<bool(IpAddress ip)>;

    /// @param keep_released Whether RELEASE keeps the lease, with a lifetime of 0.
    Allocation(Leases& leases, bool keep_released) : leases_(leases), keep_released_(keep_released) {}

    /// @param query the query with the identifier after pkt4_receive.
    std::optional<Outbound> handle(const Inbound& query, const Select& select, uint64_t now);

    /// @brief Reclaims expired leases. Removes declined ones in any case.
    void reclaim(bool remove, uint64_t now);

    /// @brief Begins to lease addresses from the first on, as a new process does.
    void restart();

private:
    /// @brief A query in progress. The subnet follows the lease that is found or made.
    struct Context {
        const Inbound& query;
        const Select& select;
        uint64_t now;
        uint32_t subnet;
        IpAddress hint;
    };

    [[nodiscard]] const StoredLease* findClientLease(Context& context) const;
    static bool inPool(Context& context, IpAddress ip);
    IpAddress discover(Context& context);
    IpAddress pickAddress(Context& context);
    IpAddress nextOf(uint32_t subnet);
    std::optional<Outbound> request(Context& context);
    std::optional<Outbound> bootp(Context& context);
    bool allocate(const Context& context, IpAddress ip);
    void lease(const Context& context, IpAddress ip);
    void giveUp(const Inbound& query, uint64_t now);

    Leases& leases_;
    const bool keep_released_;
    std::array<IpAddress, 4> last_{};   ///< the address picked last, by subnet
    std::array<uint64_t, 4> picked_{};  ///< when, in picks
    uint64_t picks_ = 0;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_ALLOCATION_H
