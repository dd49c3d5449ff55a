// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_EXPLAIN_SYSTEMD_H
#define CLONE_GUARD_EXPLAIN_SYSTEMD_H

#include <core/explain/siphash.h>
#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief How systemd-networkd makes client identifiers (src/libsystemd-network/dhcp-identifier.c and sd-dhcp-duid.c
/// of systemd).
namespace systemd {

/// @brief Its number in the registry of private enterprise numbers.
constexpr uint32_t ENTERPRISE = 43793;

/// @brief Bytes of a machine-id.
constexpr size_t MACHINE_ID_SIZE = 16;

/// @brief Makes IAIDs of interface names, many of them.
class IaidHash {
public:
    /// @throw std::runtime_error where OpenSSL fails; so does the call.
    IaidHash();

    /// @param nic persistent name of the interface.
    /// @return the IAID, as a number whose bytes go out in network order.
    uint32_t operator()(std::string_view nic);

private:
    SipHash hash_;
};

/// @brief The DUID-EN that a machine-id leads to.
///
/// @param machine_id 16 bytes.
/// @return 14 bytes.
/// @throw std::invalid_argument for another size, std::runtime_error where OpenSSL fails.
Bytes duidOf(ByteView machine_id);

/// @brief The IAID of an interface, by its persistent name.
///
/// @return 4 bytes.
/// @throw std::runtime_error where OpenSSL fails.
Bytes iaidOf(std::string_view nic);

/// @brief Option 61 as networkd sends it: 255, IAID, DUID.
Bytes identifierOf(ByteView machine_id, std::string_view nic);

/// @brief Reads a machine-id as it stands in /etc/machine-id; dashes are allowed, as in a UUID.
///
/// @return nothing where it is none; all zeros is none.
std::optional<Bytes> parseMachineId(std::string_view text);

/// @brief Whether text can be the name of an interface: 1 to 15 printable characters without '/', ':' and blanks
/// (IFNAMSIZ in Linux's if.h).
bool isNicName(std::string_view text) noexcept;

}  // namespace systemd
}  // namespace clone_guard

#endif
