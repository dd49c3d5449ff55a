// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_HISTORY_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_HISTORY_H

#include <tool/scan/lease_file.h>
#include <tool/scan/lease_store.h>

#include <core/identity/hardware_address.h>

#include <map>

namespace clone_guard {

/// @brief What a lease file shows of several hardware addresses with one identifier.
struct Evidence {
    uint64_t changes = 0;    ///< so often another hardware address came
    uint64_t returns = 0;    ///< so often it was one that had been there before
    uint64_t live = 0;       ///< so often the lease of the one before had not run out
    uint64_t deleted = 0;    ///< so often a record was deleted while another one had the identifier
    bool both = false;       ///< two of them are on record at the same time, with different addresses
    bool open = false;       ///< the file ends before it shows whether the one before is gone
    bool set_aside = false;  ///< a clone guard has set one of them aside
};

/// @brief What several hardware addresses with one identifier are taken for.
enum class Sharing {
    CLONES,  ///< two machines, by the evidence
    MOVED,   ///< one after the other, and none came back: a replaced network card, a machine made anew
    APART,   ///< in different subnets or files, which may be different networks: two ordinary leases
};

/// @brief A hardware address that had an identifier.
struct SeenMachine {
    HardwareAddress address;
    std::string hostname;             ///< the last, as the client sent it
    std::vector<uint32_t> addresses;  ///< at most LeaseHistory::MAX_ADDRESSES of them
    uint32_t subnet = 0;
    int64_t first = 0;  ///< when it was heard, seconds since 1970
    int64_t last = 0;
    uint64_t rows = 0;       ///< so many records
    bool set_aside = false;  ///< by a clone guard
};

/// @brief An identifier that several hardware addresses had.
struct SharedIdentifier {
    Bytes identifier;
    Sharing sharing = Sharing::APART;
    Evidence evidence;
    std::vector<SeenMachine> machines;  ///< by the time they were first heard
    uint64_t left_out = 0;              ///< so many more that were not kept
};

/// @brief A DUID in different identifiers of different hardware addresses, which do not collide in DHCPv4.
struct SharedDuid {
    Bytes duid;
    std::vector<std::pair<Bytes, SeenMachine>> machines;  ///< with the identifier of each
};

/// @brief Gathers from lease files who had which identifier when.
///
/// An identifier has to be unique within a network. A lease file knows subnets only, so each subnet counts as a network.
class LeaseHistory {
public:
    static constexpr size_t MAX_ADDRESSES = 16;
    /// @brief A flood of random hardware addresses under one identifier ends here.
    static constexpr size_t MAX_MACHINES = 4096;

    /// @brief The next line is of another server's file, whose history runs beside this one.
    void nextServer();

    /// @param row rows of one server come in the order of the file.
    /// @param restated the file repeats what earlier ones have: what is not newer is no news.
    void add(const LeaseRow& row, bool restated = false);

    /// @return the clones, then the moved, then those apart; the most machines first.
    [[nodiscard]] std::vector<SharedIdentifier> shared();

    /// @return the most machines first.
    [[nodiscard]] std::vector<SharedDuid> sharedDuids() const;

    /// @return identifiers seen, one in two subnets counts twice.
    [[nodiscard]] size_t identifiers() const noexcept {
        return (store_.users().size());
    }

private:
    struct Machine {
        std::string hostname;  ///< as in the file
        std::vector<uint32_t> addresses;
        int64_t first = 0;
        int64_t last = 0;
        int64_t until = 0;  ///< it believes in its lease until then
        uint64_t rows = 0;
        uint16_t source = 0;
        bool set_aside = false;
    };
    struct Crowd {
        std::map<Bytes, Machine, ByteLess> machines;
        std::map<uint32_t, Machine*> records;  ///< by address, as the server has them
        Machine* current = nullptr;            ///< who was heard last
        Machine* longest = nullptr;            ///< whose lease runs longest
        int64_t last = 0;
        int64_t open_until = 0;  ///< then the last one whose live lease was taken over is gone
        uint64_t left_out = 0;
        uint32_t user = 0;
        uint16_t source = 0;
        Evidence evidence;
    };

    void addTo(FirstUser& user, const LeaseRow& row, bool added);
    Crowd& crowdOf(FirstUser& user);
    void addTo(Crowd& crowd, ByteView hw_address, const LeaseRow& row, bool set_aside, bool restated);
    void end(Crowd& crowd, Machine& machine, const LeaseRow& row);
    void change(Crowd& crowd, Machine& machine, const LeaseRow& row, bool known);
    void close(Crowd& crowd) const;
    void enter(Crowd& crowd);
    [[nodiscard]] std::vector<uint64_t> byHash(bool duids) const;
    void machinesOf(const FirstUser& user, std::vector<SeenMachine>& machines) const;
    void addApart(std::vector<SharedIdentifier>& all) const;

    LeaseStore store_;
    std::deque<Crowd> crowds_;
    std::map<uint32_t, int64_t>
        declined_;                  ///< addresses, and when a client last said that they are in use
    std::vector<int64_t> ends_{0};  ///< the last time of each server's files
};

}  // namespace clone_guard

#endif
