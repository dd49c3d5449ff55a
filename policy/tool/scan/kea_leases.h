// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_KEA_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_KEA_LEASES_H

#include <tool/scan/lease_reader.h>

#include <array>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Reads a DHCPv4 lease file of Kea's memfile. The first line names the columns.
class KeaLeases : public LeaseReader {
public:
    /// @param path names the file in errors.
    /// @throw Failure if the first line is not that of a DHCPv4 lease file.
    KeaLeases(const std::string& path, LineReader& lines, OnDamage on_damage);

    const LeaseRow* next() override;

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

    std::array<std::string_view, MAX_COLUMNS> fields_;
    std::vector<std::string> names_;
    Columns columns_{};
    Bytes hw_address_;
    Bytes identifier_;
    LeaseRow row_;
};

}  // namespace clone_guard

#endif
