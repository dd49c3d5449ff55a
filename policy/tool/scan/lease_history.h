// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_HISTORY_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_HISTORY_H

#include <tool/scan/declined_leases.h>
#include <tool/scan/lease_row.h>
#include <tool/scan/lease_store.h>
#include <tool/scan/shared_identifier.h>

#include <map>

namespace clone_guard {

/// @brief Collects from lease files which hardware addresses used an identifier, and when.
///
/// An identifier is unique within a network. A lease file has subnets only, so each subnet counts as a network.
class LeaseHistory {
public:
    static constexpr size_t MAX_ADDRESSES = 16;
    /// @brief The number of hardware addresses that are kept of one identifier.
    static constexpr size_t MAX_MACHINES = 4096;

    /// @brief Begins the files of the next server. Its history is independent of the previous one's.
    void nextServer();

    /// @brief Adds a lease.
    ///
    /// @param row leases of one server are added in the order of its files.
    /// @param is_snapshot the file repeats leases of earlier files: a lease that is not newer is ignored.
    void add(const LeaseRow& row, bool is_snapshot = false);

    /// @brief Returns the clones, then the former clones, the moved identifiers and those in separate subnets; of each,
    /// those with the most machines first.
    ///
    /// @param now the time for the states of the machines, if it is later than the end of the files.
    [[nodiscard]] std::vector<SharedIdentifier> shared(UtcSeconds now = UtcSeconds());

    /// @return the DUIDs in several identifiers, those with the most machines first.
    [[nodiscard]] std::vector<SharedDuid> sharedDuids() const;

    /// @return the addresses that are declined at the end of the files, in their order.
    [[nodiscard]] std::vector<DeclinedAddress> declined() const;

    /// @return the number of identifiers; an identifier in two subnets counts twice.
    [[nodiscard]] size_t identifiers() const noexcept {
        return (store_.users().size());
    }

    /// @return the number of rows whose lease has no client identifier.
    [[nodiscard]] uint64_t withoutIdentifier() const noexcept {
        return (without_identifier_);
    }

private:
    struct Machine {
        std::string hostname;  ///< escaped as in the file
        std::vector<IpAddress> addresses;
        UtcSeconds first;
        UtcSeconds last;
        UtcSeconds expires;                ///< of its last lease
        std::chrono::seconds lifetime{0};  ///< of the last lease that was not given back
        bool released = false;             ///< the last lease was given back
        uint64_t leases = 0;
        uint16_t server = 0;
        bool set_aside = false;
    };
    /// The use of an identifier by several hardware addresses.
    struct SharedUse {
        std::map<Bytes, Machine, ByteLess> machines;
        std::map<IpAddress, Machine*> leases;  ///< the server's live leases, by address
        Machine* current = nullptr;            ///< the machine of the last lease
        Machine* longest = nullptr;            ///< the machine whose lease expires last
        UtcSeconds last;
        UtcSeconds undecided_until;  ///< the last live lease that was taken over expires then
        uint64_t omitted = 0;
        uint16_t server = 0;
        SharingEvidence evidence;
    };

    [[nodiscard]] uint16_t server() const noexcept {
        return (static_cast<uint16_t>(ends_.size() - 1));
    }
    void addSole(SoleUser& user, const LeaseRow& row, bool is_new);
    SharedUse& sharedUseOf(SoleUser& user);
    void addShared(SharedUse& use, ByteView hw_address, const LeaseRow& row, bool set_aside,
                   bool is_snapshot);
    static void addState(Machine& machine, const LeaseRow& row);
    void addEndedLease(SharedUse& use, Machine& machine, const LeaseRow& row);
    void addLiveLease(SharedUse& use, Machine& machine, const LeaseRow& row, bool is_known);
    void finishServer(SharedUse& use) const;
    void enterServer(SharedUse& use);
    [[nodiscard]] std::vector<uint64_t> byHash(bool duids) const;
    void appendMachines(const SoleUser& user, std::vector<SeenMachine>& machines) const;
    void addStates(std::vector<SharedIdentifier>& all, UtcSeconds now) const;
    void addSealed(std::vector<SharedIdentifier>& all, UtcSeconds now) const;
    void addSeparateSubnets(std::vector<SharedIdentifier>& all) const;

    LeaseStore store_;
    uint64_t without_identifier_ = 0;
    std::deque<SharedUse> shared_uses_;
    DeclinedLeases declined_;
    std::vector<UtcSeconds> ends_{UtcSeconds()};  ///< the last time in each server's files
    std::vector<uint8_t> prefixes_{0};            ///< LeaseRow::prefix in each server's files
};

}  // namespace clone_guard

#endif
