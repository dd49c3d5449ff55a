// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_JUDGE_H
#define CLONE_GUARD_DECISION_JUDGE_H

#include <core/conflicts/conflict_table.h>
#include <core/decision/claim_table.h>
#include <core/decision/network.h>

namespace clone_guard {

/// @brief A lease of the lease database, as far as it is evidence.
struct Record {
    HardwareAddress address;
    uint32_t subnet_id = 0;
    uint32_t ip = 0;        ///< the leased address
    int64_t last_seen = 0;  ///< client last transaction time, seconds since 1970
    bool live = false;      ///< in use and not run out
    std::string hostname;   ///< as the lease has it; filled in only for conflicts
};

/// @brief What the judge may ask. Every question costs something, so none is asked without need.
class Evidence {
public:
    virtual ~Evidence() = default;

    /// @brief Where the query came from.
    virtual const Place& place() = 0;

    /// @return whether the query renews a lease that has its identifier and its hardware address and
    /// will still be live when a claim taken now has run out. The cheapest look-up there is; no is no answer, records() has it.
    virtual bool renewsLastingLease() = 0;

    /// @return the records of the query's identifier in all networks, in the server's order.
    virtual std::vector<Record> records() = 0;

    /// @return the records of the query's identifier as a claimant with that hardware address gets it.
    virtual std::vector<Record> derivedRecords(const HardwareAddress& claimant) = 0;

    /// @return whether the address of a record is reserved for the query's hardware address.
    virtual bool reservedForSender(const Record& record) = 0;

    /// @return whether any address is reserved for the query's hardware address. No look-up in the lease database.
    virtual bool hasReservation() = 0;

    /// @return the network that the server selects for a place.
    virtual Network networkOf(const Place& place) = 0;

    /// @return the network in which a claimant from that place gets its lease; another one only
    /// where subnets are selected by the class that claimants join.
    virtual Network claimantNetworkOf(const Place& place, const Network& network) = 0;
};

/// @brief How far a client has come (RFC 2131 section 4.3.2, table 4). All but the last is a boot, as far
/// as anybody can tell (R10).
enum class Stage {
    DISCOVERING,
    SELECTING,  ///< REQUEST of what a server offered
    REBOOTING,  ///< REQUEST of an address that it remembers (INIT-REBOOT)
    RENEWING,   ///< REQUEST from its address: RENEWING or REBINDING
};

/// @brief A DISCOVER or REQUEST that carries a guarded identifier.
struct Question {
    ByteView identifier;
    HardwareAddress address;
    Instant now;
    Stage stage = Stage::DISCOVERING;
    bool forged = false;  ///< the identifier begins like a derived one

    [[nodiscard]] Sign sign() const noexcept {
        return (stage == Stage::RENEWING ? Sign::RENEWAL : Sign::BOOT);
    }
};

/// @brief What was found about one query.
struct Judgement {
    enum class Standing { PASSES, CLAIMANT };
    Standing standing = Standing::PASSES;
    bool conflicting = false;  ///< the identifier came up with another hardware address too
    bool claims_full = false;  ///< the table of claims had no room
    bool moved = false;        ///< passes with what was another hardware address's (R9)
    bool other_live = false;   ///< another hardware address has a live record of the identifier
    Network network;           ///< known for claimants and wherever @c conflicting is set
    Record holder;  ///< whose the identifier is, or was before it moved; address empty if unknown
    /// @brief Its records under its derived identifier; not looked up where @c other_live is set and no record of
    /// its own passes, because there they change nothing.
    std::vector<Record> own;
    /// @brief The addresses of all records of the identifier, in whatever network; nothing where they were not read.
    std::optional<std::vector<uint32_t>> on_record;

    /// @brief Whether nothing but its own past makes it a claimant: nobody else is there any more.
    [[nodiscard]] bool leftOver() const {
        return (standing == Standing::CLAIMANT && !other_live && !own.empty());
    }
};

/// @brief Says who passes with an identifier (R3).
///
/// Knows the order of the questions and nothing else. Safe to call from several threads.
class Judge {
public:
    Judge(ClaimTable& claims, ConflictTable& conflicts) : claims_(claims), conflicts_(conflicts) {}

    /// @brief Whether a query is the renewal of a lease that nobody disputes, which is what nearly all
    /// queries are: it passes, and nothing else has to be asked.
    bool renewsUndisputed(const Question& question, Evidence& evidence);

    /// @brief Judges any other query.
    Judgement judge(const Question& question, Evidence& evidence);

    /// @brief Asks for the claim of an identifier on behalf of a claimant that is about to get an address
    /// whose expired record still carries it (R6).
    ///
    /// @return whether the claim was won, or could not be kept for want of room.
    bool winsClaim(const Question& question, Evidence& evidence, const Network& network);

    /// @brief Whether a move is to be told: not again while the claim lasts that it rests on.
    bool tellsMove(const Question& question);

    /// @brief For how long a machine counts as there after it was heard, unless it has given its lease up (R10): as long
    /// as its lease lasts, and where claimants get none, being heard is all there is to know them alive by.
    [[nodiscard]] std::chrono::milliseconds presence(const Network& network) const;

    /// @brief Closes the conflict that a query belongs to if nobody else is left in it (R10). Looks where nobody else was
    /// heard for as long as a lease lasts, and no more than once each claim window.
    ///
    /// @return whether it was closed.
    bool closeIfOver(const Question& question, Evidence& evidence, const Judgement& judgement);

private:
    bool presumedNewcomer(const Question& question, Evidence& evidence) const;
    Judgement deliberate(const Question& question, Evidence& evidence, std::vector<Record> records);
    bool mayMove(const Question& question, Evidence& evidence, const Judgement& judgement,
                 const std::vector<Record>& records) const;
    bool contest(const Question& question, Evidence& evidence, Judgement& judgement, bool overrule);

    ClaimTable& claims_;
    ConflictTable& conflicts_;
};

/// @brief A hardware address's records as a claimant that count in the network of a judgement: those in it, and in
/// the one where claimants from the same place get their leases.
std::vector<Record> recordsAsClaimant(const Judgement& judgement, Evidence& evidence,
                                      const HardwareAddress& claimant);

/// @brief What a RELEASE or DECLINE is with regard to the lease that it names (R8).
enum class NamedLease {
    NO_CONCERN,  ///< nothing that the guard has a say in
    HOLDERS,     ///< the identifier's lease, but another hardware address's: a claimant's message
    CLAIMANTS,   ///< the sender's own lease under its derived identifier
};

/// @param identifier and @param address are the message's.
/// @param lease_identifier and @param lease_address are those of the lease it names.
NamedLease judgeNamedLease(ByteView identifier, const HardwareAddress& address,
                           ByteView lease_identifier, const HardwareAddress& lease_address);

}  // namespace clone_guard

#endif
