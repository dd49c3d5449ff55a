// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_ROUTEROS_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_ROUTEROS_LEASES_H

#include <tool/scan/lease_reader.h>

namespace clone_guard {

/// @brief Reads the leases of RouterOS: the output of "/ip dhcp-server lease export", of a whole export, or of
/// "/ip dhcp-server lease print detail".
class RouterosLeases : public LeaseReader {
public:
    RouterosLeases(LineReader& lines, OnDamage on_damage, const LeaseAssumptions& assumptions) :
        LeaseReader(lines, std::move(on_damage)), assumptions_(assumptions), time_(assumptions.now) {}

    const LeaseRow* next() override;

private:
    /// @brief The longest record in bytes.
    static constexpr size_t LONGEST = size_t{1} << 16U;

    /// The texts of the fields; empty if a field is absent.
    struct Fields {
        std::string address, active_address, hw_address, active_hw_address, identifier,
            active_identifier, hostname, last_seen, expires_after, disabled;
    };

    void readHeader(std::string_view line);
    bool readExported(std::string_view line);
    bool readPrinted(std::string_view line);
    void append(std::string_view text);
    bool finish();
    static std::string* fieldNamed(Fields& fields, std::string_view name) noexcept;
    void readFields(Fields& fields) const;
    const char* readRow(const Fields& fields);

    LeaseAssumptions assumptions_;
    UtcSeconds time_;          ///< of the output
    bool is_export_ = false;   ///< sections that begin with "/"
    bool in_section_ = false;  ///< of the leases
    bool continues_ = false;   ///< the last line ended with a backslash
    uint64_t first_line_ = 0;  ///< of the record; 0 without a record
    std::string record_;
    std::string held_;  ///< a line that begins the record after the one that is returned
    Bytes hw_address_;
    Bytes identifier_;
    std::string hostname_;
    LeaseRow row_;
};

}  // namespace clone_guard

#endif
