// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_SYSTEMD_H
#define CLONE_GUARD_CORE_EXPLAIN_SYSTEMD_H

#include <core/explain/siphash.h>
#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief Makes client identifiers as systemd-networkd does (src/libsystemd-network/dhcp-identifier.c and
/// sd-dhcp-duid.c of systemd).
namespace systemd {

/// @brief The number of systemd in the registry of private enterprise numbers.
constexpr uint32_t ENTERPRISE = 43793;

/// @brief The size of a machine-id in bytes.
constexpr size_t MACHINE_ID_SIZE = 16;

/// @brief Makes the IAIDs of many interface names with one hash context.
class IaidHash {
public:
    /// @throw std::runtime_error if OpenSSL fails, as does the call
    IaidHash();

    /// @param nic the persistent name of the interface
    /// @return the IAID, as a number that is sent in network byte order
    uint32_t operator()(std::string_view nic);

private:
    SipHash hash_;
};

/// @brief Makes the DUID-EN of a machine-id.
///
/// @param machine_id 16 bytes
/// @return the DUID of 14 bytes
/// @throw std::invalid_argument if the size is wrong, std::runtime_error if OpenSSL fails
Bytes duidOf(ByteView machine_id);

/// @brief Makes the IAID of an interface from its persistent name.
///
/// @return the IAID of 4 bytes
/// @throw std::runtime_error if OpenSSL fails
Bytes iaidOf(std::string_view nic);

/// @brief Makes option 61 as networkd sends it: 255, IAID, DUID.
Bytes identifierOf(ByteView machine_id, std::string_view nic);

/// @brief Parses a machine-id as in /etc/machine-id; dashes are accepted, as in a UUID.
///
/// @return the machine-id, or std::nullopt if the text is invalid or all zero
std::optional<Bytes> parseMachineId(std::string_view text);

/// @brief Checks whether text can be the name of an interface: 1 to 15 printable characters without '/', ':' and blanks
/// (IFNAMSIZ in Linux's if.h).
bool isNicName(std::string_view text) noexcept;

}  // namespace systemd
}  // namespace clone_guard

#endif
