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

/// @brief What Kea 2.2.0 does with a query once its callouts of pkt4_receive are through: which lease it finds
/// for the client, which it makes, renews, ends, and what it answers. No reservations, no classes, not
/// authoritative, identifiers matched in every subnet.
class Allocation {
public:
    /// @brief lease4_select for a real allocation: whether an address may be given.
    using Select = std::function<bool(IpAddress ip)>;

    explicit Allocation(Leases& leases) : leases_(leases) {}

    /// @param query under the identifier that the guard left in it.
    std::optional<Outbound> handle(const Inbound& query, const Select& select, uint64_t now);

    /// @brief Reclaims leases that have run out; declined ones are removed in any case.
    void reclaim(bool remove, uint64_t now);

    /// @brief A new process begins to give addresses from the first on.
    void restart();

private:
    /// @brief A query while it is handled; the subnet follows the lease that is found or made.
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
    bool allocate(const Context& context, IpAddress ip);
    void lease(const Context& context, IpAddress ip);
    void giveUp(const Inbound& query, uint64_t now);

    Leases& leases_;
    std::array<IpAddress, 4> last_{};   ///< the address picked last, by subnet
    std::array<uint64_t, 4> picked_{};  ///< when, in picks
    uint64_t picks_ = 0;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_ALLOCATION_H
