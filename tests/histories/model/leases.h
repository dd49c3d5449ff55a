// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASES_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASES_H

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

#include <tests/histories/rules/journal.h>

#include <map>
#include <vector>

namespace clone_guard {
namespace model {

/// @brief A lease in the simulated lease database.
struct StoredLease {
    enum State { DEFAULT, DECLINED, RECLAIMED };

    IpAddress ip;
    Bytes hw_address;  ///< empty once it was declined
    Bytes client_id;   ///< empty: none
    uint32_t subnet = 0;
    uint64_t cltt = 0;
    uint32_t valid = 0;
    State state = DEFAULT;

    [[nodiscard]] bool expired(uint64_t now) const {
        return (cltt + valid < now);
    }

    /// @brief Checks whether the client has released the lease, and the server keeps it.
    [[nodiscard]] bool released() const {
        return (valid == 0);
    }

    /// @brief Checks whether the server takes the lease for that of a client: two identifiers have to be equal, and if
    /// either is absent, the hardware address decides.
    [[nodiscard]] bool belongsTo(const Bytes& client_hw_address, const Bytes& identifier) const;
};

/// @brief The simulated lease database, and what it writes to its file.
class Leases {
public:
    /// @return the lease of an address, or null if the address is free.
    [[nodiscard]] const StoredLease* at(IpAddress ip) const;

    /// @return the leases of an identifier, ordered by subnet, then by the time at which they got it.
    [[nodiscard]] std::vector<const StoredLease*> ofClient(ByteView identifier) const;

    /// @return the leases of a hardware address in the same order.
    [[nodiscard]] std::vector<const StoredLease*> ofHardware(ByteView hw_address) const;

    [[nodiscard]] std::vector<const StoredLease*> all() const;

    void write(const StoredLease& lease);
    void remove(IpAddress ip);

    /// @brief Removes the released leases, as a server does when it reads its lease file.
    void removeReleased();

    /// @brief Returns what was written since the last call.
    std::vector<e2e::history::Row> takeWritten();

    static e2e::history::Row rowOf(const StoredLease& lease);

private:
    struct Entry {
        StoredLease lease;
        uint64_t since_client = 0;    ///< when it got its identifier or came to its subnet
        uint64_t since_hardware = 0;  ///< likewise its hardware address
    };

    std::map<IpAddress, Entry> entries_;
    std::vector<e2e::history::Row> written_;
    uint64_t writes_ = 0;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASES_H
