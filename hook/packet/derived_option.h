// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_PACKET_DERIVED_OPTION_H
#define CLONE_GUARD_HOOK_PACKET_DERIVED_OPTION_H

#include <hook/packet/query_context.h>

#include <dhcp/option.h>

namespace clone_guard {

/// @brief Option 61 of a claimant. The server reads the derived identifier; the wire gets the client's own.
///
/// The server copies option 61 of a query into its reply (RFC 6842), as the same object. So each reply carries the
/// client's identifier byte for byte, independent of other libraries and their order, and needs no further callout.
///
/// The code of this class is in the library, which can be unloaded. No packet outlives the library: before the server
/// unloads libraries, it stops its threads and empties the parking lots, and a query holds the library by its callout
/// handle.
class DerivedOption : public isc::dhcp::Option {
public:
    /// @param derived the identifier for leases, classes, expressions and logs.
    /// @param context with the identifier that the client sent.
    DerivedOption(const Bytes& derived, QueryContextPtr context);

    /// @return what the guard knows about the query.
    [[nodiscard]] const QueryContextPtr& context() const noexcept {
        return (context_);
    }

    /// @brief Returns a copy of this class. The server copies options that it passes to libraries.
    [[nodiscard]] isc::dhcp::OptionPtr clone() const override;

    /// @brief Writes the client's own identifier, in several options 61 if it does not fit into one (RFC 3396).
    void pack(isc::util::OutputBuffer& buffer, bool check = true) const override;

    /// @return the number of bytes that pack() writes, at most 255, because pack() splits the option itself.
    [[nodiscard]] uint16_t len() const override;

    /// @return the derived identifier, which expressions read.
    [[nodiscard]] std::vector<uint8_t> toBinary(bool include_header = false) const override;

    /// @return both identifiers, for debug logs.
    [[nodiscard]] std::string toText(int indent = 0) const override;

private:
    /// @return the identifier that the client sent.
    [[nodiscard]] ByteView own() const {
        return (context_->query.identifier);
    }

    const QueryContextPtr context_;
};

}  // namespace clone_guard

#endif
