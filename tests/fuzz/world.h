// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_WORLD_H
#define CLONE_GUARD_TESTS_FUZZ_WORLD_H

#include <tests/fuzz/packet_grammar.h>
#include <tests/fuzz/server.h>

#include <map>

namespace clone_guard {
namespace fuzz {

/// @brief A network with a server, machines and strangers.
///
/// Each packet is checked by R15: it leaves the live leases of all other machines as they are. A broken property ends the
/// program, so that libFuzzer keeps the input.
class World {
public:
    explicit World(const Site& site);

    /// @brief Sends a packet and checks what it did.
    Passage send(const Packet& packet);

    /// @brief A machine boots: DISCOVER and REQUEST.
    void boot(uint32_t subnet, const HardwareAddress& machine, const Bytes& identifier);

    /// @brief A machine renews one of the leases.
    ///
    /// @return the reply, of type 0 if there is no such lease
    Reply renew(size_t number);

    /// @brief Adds a lease, unless a live one of its identifier or hardware address exists.
    ///
    /// @param kind 0 live, 1 expired, 2 reclaimed, 3 declined, 4 live without hardware address, 5 live without
    /// identifier, 6 live under a derived identifier
    void addLease(size_t kind, uint32_t subnet, uint32_t address, const HardwareAddress& machine,
                  const Bytes& identifier);

    /// @brief Checks that each machine with a live lease can renew it.
    void checkRenewals();

    [[nodiscard]] Server& server() {
        return (server_);
    }

private:
    struct Live {
        isc::dhcp::Lease4Ptr lease;
        HardwareAddress owner;
    };
    using Leases = std::map<uint32_t, Live>;

    [[nodiscard]] Leases protectedLeases() const;
    [[nodiscard]] bool isProtected(const isc::dhcp::Lease4& lease, const HardwareAddress& owner) const;
    [[nodiscard]] bool isExempt(isc::dhcp::Pkt4& query, const HardwareAddress& sender) const;
    [[nodiscard]] bool isRenewable(const Live& live) const;
    void expectUntouched(const Leases& before, const HardwareAddress& sender) const;
    void expectOwnIdentifier(const Passage& passage) const;
    void expectNoFailure() const;
    void expectLoggable() const;
    void require(bool holds, const std::string& what) const;

    const Site& site_;
    Server& server_;
    Bytes last_;  ///< the last packet, for the message of a broken property
};

}  // namespace fuzz
}  // namespace clone_guard

#endif
