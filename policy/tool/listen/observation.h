// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_OBSERVATION_H
#define CLONE_GUARD_TOOL_LISTEN_OBSERVATION_H

#include <tool/listen/message.h>
#include <tool/scan/shared_identifier.h>

#include <string>
#include <vector>

namespace clone_guard {

/// @brief Something that the observer saw for the first time.
struct Event {
    enum class Kind {
        SUSPECTED,           ///< a second machine presents an identifier
        CONFIRMED,           ///< two machines with one identifier were alive at the same time (R10)
        ADDRESS_SHARED,      ///< an address was acknowledged to another machine while its lease was live
        ADDRESS_DECLINED,    ///< a client declined an address
        SERVERS_COMPETE,     ///< two servers answered one query
        IDENTIFIER_MISSING,  ///< a server returned no client identifier (RFC 6842)
        FULL,                ///< a bound is reached: further machines are not recorded
    };

    Kind kind = Kind::FULL;
    HardwareAddress machine;  ///< of the client
    Bytes identifier;         ///< for SUSPECTED and CONFIRMED
    size_t machines = 0;      ///< with the identifier
    std::string hostname;
    SeenAddress address;  ///< the shared or declined address
    HardwareAddress
        other;  ///< the holder: the first machine with the identifier, or the one with the address
    std::string other_hostname;
    SeenAddress other_address;
    UtcTime other_last;
    SeenAddress other_server;  ///< the server that answered first
};

/// @brief An identifier of several machines.
struct ObservedIdentifier {
    SharedIdentifier shared;  ///< the subnets of its machines are not set
    std::vector<Segment> segments;
    bool confirmed = false;  ///< two machines were alive at the same time (R10)
    bool unreturned =
        false;  ///< a live lease was taken over, and the previous machine did not return yet
    std::string vendor_class;  ///< of one of its machines
    Bytes requested_options;   ///< of the same machine
};

/// @brief An address that was acknowledged to several machines while a lease was live.
struct ObservedAddress {
    SeenAddress address;
    uint32_t vlan = 0;
    std::vector<HardwareAddress> machines;  ///< in the order of their first acknowledgement
    uint64_t changes = 0;
};

/// @brief An address that clients declined.
struct ObservedDecline {
    SeenAddress address;
    uint32_t vlan = 0;
    uint64_t count = 0;
    HardwareAddress machine;  ///< the last one
    UtcTime last;
};

/// @brief A server that sent replies.
struct ObservedServer {
    SeenAddress server;          ///< option 54, else the source address
    Bytes duid;                  ///< of a DHCPv6 server
    HardwareAddress hw_address;  ///< of the frame; empty if a relay forwarded each of its replies
    std::vector<Segment> segments;
    uint64_t offers = 0;
    uint64_t acknowledgements = 0;
    uint64_t refusals = 0;
    uint64_t competing = 0;           ///< queries that another server had answered before
    uint64_t with_identifier = 0;     ///< replies to queries with an identifier that return it
    uint64_t without_identifier = 0;  ///< replies to queries with an identifier that do not return it
};

/// @brief What the observer found.
struct Observation {
    std::vector<ObservedIdentifier> identifiers;  ///< clones first, then as `scan` orders them
    std::vector<SharedDuid> duids;                ///< clones, or machines with several interfaces
    std::vector<ObservedAddress> addresses;
    std::vector<ObservedDecline> declined;
    std::vector<ObservedServer> servers;
    uint64_t queries = 0;
    uint64_t replies = 0;
    size_t machines = 0;
    size_t known_identifiers = 0;
    uint64_t unidentified = 0;  ///< DHCPv6 messages that do not show the hardware address of the client
    uint64_t omitted = 0;       ///< messages that were not recorded, because a bound is reached
    UtcTime first;              ///< of the messages
    UtcTime last;

    [[nodiscard]] size_t count(Sharing sharing) const;

    /// @return true if two servers answered one query.
    [[nodiscard]] bool serversCompete() const;

    /// @return true if there is something to repair: clones, shared or declined addresses, competing servers.
    [[nodiscard]] bool hasFindings() const;
};

}  // namespace clone_guard

#endif
