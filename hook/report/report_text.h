// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_REPORT_TEXT_H
#define CLONE_GUARD_HOOK_REPORT_REPORT_TEXT_H

#include <core/decision/guarded_query.h>
#include <core/decision/lease.h>
#include <core/decision/network.h>

#include <dhcp/pkt4.h>

#include <string>

namespace clone_guard {

// Texts that several log messages contain.

/// @return the address, or an empty string if it is unspecified.
std::string ipText(IpAddress ip);

/// @return the network: "network 'lab' (subnet 1)", "subnet 1".
std::string networkText(const Network& network);

/// @return the holder's hardware address, or "another machine" if it is unknown.
std::string holderText(const Lease& holder);

/// @return " with the address 192.0.2.1", or an empty string if the holder's address is unknown.
std::string holderAddressText(const Lease& holder);

/// @return " (host name web-01)", or an empty string if the host name is empty.
///
/// @param hostname the host name, which the caller has escaped.
std::string hostnameText(const std::string& hostname);

/// @return from where a query came: "interface ens18, relay 192.0.2.1".
std::string placeText(const std::string& interface, IpAddress relay);

/// @return a text about a table that is full, with the sender of the query that found it full. In a flood of forged
/// queries that is nearly always the flood's source.
std::string fullTableText(const std::string& table, const isc::dhcp::Pkt4& query,
                          const GuardedQuery& sender);

/// @return who sent a query: "the query that was not logged came from interface ens18, relay 192.0.2.1, hardware address
/// bc:24:11:00:00:01, client identifier ff:ca:53:...".
std::string sourceText(const std::string& what, const isc::dhcp::Pkt4& query,
                       const GuardedQuery& sender);

}  // namespace clone_guard

#endif
