// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_ADDRESS_USES_H
#define CLONE_GUARD_TOOL_LISTEN_ADDRESS_USES_H

#include <tool/listen/message.h>
#include <tool/listen/observation.h>

#include <chrono>
#include <map>
#include <vector>

namespace clone_guard {

/// @brief Collects to which machines servers acknowledged an address, and which addresses clients declined.
class AddressUses {
public:
    /// @brief The number of machines that are kept of one address.
    static constexpr size_t MAX_MACHINES = 64;

    enum class Change { NONE, SHARED, DECLINED, FULL };

    /// @param limit the largest number of addresses.
    explicit AddressUses(size_t limit) : limit_(limit) {}

    /// @brief Records an acknowledgement.
    ///
    /// @param [out] other the machine whose lease is live; set if the result is SHARED, which is returned once for each
    /// machine.
    Change recordLease(const Segment& segment, const SeenAddress& address,
                       const HardwareAddress& machine, UtcTime time, std::chrono::seconds lifetime,
                       HardwareAddress& other);

    /// @brief Records that a machine gave its lease up.
    void recordRelease(const Segment& segment, const SeenAddress& address,
                       const HardwareAddress& machine);

    /// @brief Records that a machine found the address in use (RFC 2131 section 4.4.4).
    ///
    /// @return DECLINED the first time.
    Change recordDecline(const Segment& segment, const SeenAddress& address,
                         const HardwareAddress& machine, UtcTime time);

    /// @return the addresses of several machines, merged over all links.
    ///
    /// @param end the time up to which was captured. A machine that took over a live lease is not listed once that lease
    /// has run out without a return of the previous machine.
    [[nodiscard]] std::vector<ObservedAddress> shared(UtcTime end) const;
    [[nodiscard]] std::vector<ObservedDecline> declined() const;

private:
    struct Use {
        HardwareAddress holder;
        UtcTime expires;
        std::vector<HardwareAddress> machines;
        uint64_t changes = 0;  ///< while a lease was live
        bool returned = false;
        UtcTime unreturned_until;  ///< the live lease that was taken over expires then
        uint64_t declines = 0;
        HardwareAddress decliner;
        UtcTime declined;
    };
    using Key = std::pair<SeenAddress, std::pair<uint32_t, uint32_t>>;  ///< with VLAN and link

    Use* find(const Segment& segment, const SeenAddress& address);
    Use* findOrAdd(const Segment& segment, const SeenAddress& address);

    size_t limit_;
    std::map<Key, Use> uses_;
};

}  // namespace clone_guard

#endif
