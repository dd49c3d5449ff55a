// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_FILE_H

#include <tool/scan/lease_format.h>
#include <tool/scan/lease_reader.h>
#include <tool/scan/lease_text.h>

#include <memory>
#include <string>

namespace clone_guard {

/// @brief Reads a DHCPv4 lease file as a stream. The content decides which server's format it has.
class LeaseFile {
public:
    using OnDamage = LeaseReader::OnDamage;

    /// @param path path of the file; "-" is the standard input.
    /// @throw Failure if the file cannot be read or is not a DHCPv4 lease file.
    explicit LeaseFile(const std::string& path, OnDamage on_damage = {},
                       const LeaseAssumptions& assumptions = {});

    /// @return the next undamaged record, or null at the end.
    /// @throw Failure if the file cannot be read.
    const LeaseRow* next();

    [[nodiscard]] LeaseFormat format() const noexcept {
        return (format_);
    }
    [[nodiscard]] uint64_t rows() const noexcept {
        return (rows_);
    }
    [[nodiscard]] uint64_t damaged() const noexcept {
        return (reader_->damaged());
    }
    [[nodiscard]] uint64_t position() const noexcept {
        return (lines_.position());
    }

private:
    LineReader lines_;
    LeaseFormat format_;
    std::unique_ptr<LeaseReader> reader_;
    uint64_t rows_ = 0;
};

}  // namespace clone_guard

#endif
