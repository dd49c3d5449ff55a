// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_PACKET_DERIVED_OPTION_H
#define CLONE_GUARD_PACKET_DERIVED_OPTION_H

#include <core/identity/bytes.h>

#include <dhcp/option.h>

namespace clone_guard {

/// @brief Option 61 of a claimant: to the server its derived identifier, on the wire the client's own.
///
/// The server copies option 61 of a query into its reply (RFC 6842), as the same object. So each reply carries
/// what the client sent, byte for byte, whatever else is loaded and in whatever order, and no callout has to
/// put it back.
///
/// Its class is the library's, which can be unloaded. No packet outlives that: before it unloads libraries the
/// server has its threads finish and empties the parking lots, and a query keeps the library by its callout handle.
class DerivedOption : public isc::dhcp::Option {
public:
    /// @param derived what leases, classes, expressions and logs are to see.
    /// @param own what the client sent.
    DerivedOption(const Bytes& derived, const Bytes& own);

    /// @brief A copy is a claimant's, too: servers copy what they hand to libraries.
    [[nodiscard]] isc::dhcp::OptionPtr clone() const override;

    /// @brief Writes the client's own; more than one option 61 if it does not fit into one (RFC 3396).
    void pack(isc::util::OutputBuffer& buffer, bool check = true) const override;

    /// @return bytes that @ref pack writes with the header, at most 255: it does its own splitting.
    [[nodiscard]] uint16_t len() const override;

    /// @return the derived identifier: expressions go by it.
    [[nodiscard]] std::vector<uint8_t> toBinary(bool include_header = false) const override;

    /// @brief Both, for debug logs.
    [[nodiscard]] std::string toText(int indent = 0) const override;

private:
    const Bytes own_;
};

}  // namespace clone_guard

#endif
