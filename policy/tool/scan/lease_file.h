// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H

#include <tool/cli/line_reader.h>

#include <core/identity/bytes.h>

#include <array>
#include <functional>

namespace clone_guard {

/// @brief One line of a DHCPv4 lease file: what the server put on record for an address at one time. The views are
/// valid until the next line is read.
struct LeaseRow {
    uint32_t address = 0;
    ByteView hw_address;   ///< empty where the server knows none
    ByteView identifier;   ///< option 61; empty where the client sent none
    int64_t time = 0;      ///< when the client was heard, seconds since 1970
    int64_t lifetime = 0;  ///< seconds; 0: the record was deleted
    uint32_t subnet = 0;
    uint32_t state = 0;         ///< 0 in use, 1 declined, 2 expired and reclaimed, 3 released
    std::string_view hostname;  ///< as it stands in the file, see unescapeField
};

/// @brief Undoes the server's way to keep separators out of a field: "a&#x2cb" is "a,b".
std::string unescapeField(std::string_view field);

/// @brief "192.0.2.1"
std::string addressText(uint32_t address);

/// @brief Reads "192.0.2.1".
///
/// @return nothing where it is none.
std::optional<uint32_t> parseAddress(std::string_view text) noexcept;

/// @brief A DHCPv4 lease file of Kea's memfile, read as a stream. The first line names the columns.
class LeaseFile {
public:
    /// @brief Is told which lines are skipped and why.
    using OnDamage = std::function<void(uint64_t line, const std::string& why)>;

    /// @param path "-" is the standard input.
    /// @throw Failure where it cannot be read or is no DHCPv4 lease file.
    explicit LeaseFile(const std::string& path, OnDamage on_damage = {});

    /// @return the next line that can be read; null at the end.
    /// @throw Failure where the file cannot be read.
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
    /// The columns that are read, by their place in the line.
    struct Columns {
        size_t address, hw_address, identifier, lifetime, expires, subnet, hostname, state;
    };

    void readHead(const std::string& path);
    [[nodiscard]] size_t column(const std::string& name) const noexcept;
    size_t split(std::string_view line) noexcept;
    const char* read();

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
