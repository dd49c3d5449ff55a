// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_REMEDY_H
#define CLONE_GUARD_CORE_EXPLAIN_REMEDY_H

#include <core/explain/dhcp_client.h>

namespace clone_guard {

/// @brief Returns one sentence on how to seal the template of an identifier, with the command to run.
///
/// docs/operator.md describes the procedure, docs/clients.md the clients.
///
/// @param duid the DUID; empty if the identifier has no DUID
/// @param known the explanation so far: type, enterprise, template, vendor
/// @param client the DHCP client of the machine
std::string remedyFor(ByteView duid, const Explanation& known, DhcpClient client);

/// @brief Names the template in a remedy that an explanation without its name, or with another name, has.
///
/// @param remedy see remedyFor(); another text stays as it is
/// @param known the name in the remedy, escaped; empty if it has none
/// @param name the name to set, escaped
std::string nameTemplate(std::string remedy, const std::string& known, const std::string& name);

/// @brief Checks whether an interface is a bond, a bridge or a team by its name: such an interface can take the hardware
/// address of another network card.
bool isAggregate(const std::string& nic);

/// @brief Returns the remedy for a conflict that is open again after its cure.
///
/// systemd makes the machine-id of a virtual machine from the UUID in its SMBIOS. If clones share the UUID, sealing gives
/// them the same machine-id again.
std::string remedyAfterCure(const Explanation& known);

}  // namespace clone_guard

#endif
