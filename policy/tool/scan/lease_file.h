// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H

#include <tool/cli/line_reader.h>
#include <tool/cli/utc_time.h>

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

#include <array>
#include <functional>
#include <optional>

namespace clone_guard {

/// @brief One line of a DHCPv4 lease file: the lease of an address at one time.
///
/// The views are valid until the next line is read.
struct LeaseRow {
    IpAddress address;
    ByteView hw_address;               ///< empty if the server knows none
    ByteView identifier;               ///< option 61; empty if the client sent none
    UtcSeconds time;                   ///< the client's last message
    std::chrono::seconds lifetime{0};  ///< 0: the lease was deleted
    uint32_t subnet = 0;
    uint32_t state = 0;         ///< 0 in use, 1 declined, 2 expired and reclaimed, 3 released
    std::string_view hostname;  ///< escaped, see unescapeField()
};

/// @brief Decodes the separators in a field, which the server writes in hexadecimal: "a&#x2cb" is "a,b".
std::string unescapeField(std::string_view field);

/// @brief Parses an IPv4 address: "192.0.2.1".
///
/// @return the address, or std::nullopt if the text is invalid.
std::optional<IpAddress> parseAddress(std::string_view text) noexcept;

/// @brief Reads a DHCPv4 lease file of Kea's memfile as a stream. The first line names the columns.
class LeaseFile {
public:
    /// @brief Receives the number of each skipped line and the reason.
    using OnDamage = std::function<void(uint64_t line, const std::string& reason)>;

    /// @param path path of the file; "-" is the standard input.
    /// @throw Failure if the file cannot be read or is not a DHCPv4 lease file.
    explicit LeaseFile(const std::string& path, OnDamage on_damage = {});

    /// @return the next undamaged line, or null at the end.
    /// @throw Failure if the file cannot be read.
    const LeaseRow* next();

    [[nodiscard]] uint64_t rows() const noexcept {
        return (rows_);
    }
    [[nodiscard]] uint64_t damaged() const noexcept {
        return (damaged_);
    }
    [[nodiscard]] uint64_t position() const noexcept {
        return (lines_.position());
    }

private:
    static constexpr size_t MAX_COLUMNS = 64;
    /// The places of the used columns in a line.
    struct Columns {
        size_t address, hw_address, identifier, lifetime, expires, subnet, hostname, state;
    };

    void readHeader(const std::string& path);
    [[nodiscard]] size_t column(const std::string& name) const noexcept;
    size_t split(std::string_view line) noexcept;
    const char* readFields();

    LineReader lines_;
    OnDamage on_damage_;
    std::array<std::string_view, MAX_COLUMNS> fields_;
    std::vector<std::string> names_;
    Columns columns_{};
    Bytes hw_address_;
    Bytes identifier_;
    LeaseRow row_;
    uint64_t rows_ = 0;
    uint64_t damaged_ = 0;
};

}  // namespace clone_guard

#endif
