// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_READER_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_READER_H

#include <tool/cli/line_reader.h>
#include <tool/scan/lease_row.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace clone_guard {

/// @brief What a file does not contain, and the operator knows.
struct LeaseAssumptions {
    std::chrono::seconds lease_time{3600};  ///< the lifetime of a lease
    uint8_t prefix = 24;                    ///< addresses with a common prefix are one network
    UtcSeconds now;                         ///< the time at which the file was made
};

/// @brief Reads the records of a lease file in the format of one server, as a stream.
class LeaseReader {
public:
    /// @brief Receives the number of each skipped line and the reason.
    using OnDamage = std::function<void(uint64_t line, const std::string& reason)>;

    virtual ~LeaseReader() = default;
    LeaseReader(const LeaseReader&) = delete;
    LeaseReader& operator=(const LeaseReader&) = delete;

    /// @return the next undamaged record, or null at the end.
    /// @throw Failure if the file cannot be read.
    virtual const LeaseRow* next() = 0;

    /// @return the number of skipped records.
    [[nodiscard]] uint64_t damaged() const noexcept {
        return (damaged_);
    }

protected:
    LeaseReader(LineReader& lines, OnDamage on_damage) :
        lines_(lines), on_damage_(std::move(on_damage)) {}

    [[nodiscard]] LineReader& lines() noexcept {
        return (lines_);
    }

    /// @brief Counts a damaged record.
    void skip(uint64_t line, const char* reason) {
        ++damaged_;
        if (on_damage_) {
            on_damage_(line, reason);
        }
    }

    /// @brief Counts the current line as damaged. The server may still be writing a last line without its end.
    void skipLine(const char* reason) {
        if (lines_.complete()) {
            skip(lines_.number(), reason);
        }
    }

private:
    LineReader& lines_;
    OnDamage on_damage_;
    uint64_t damaged_ = 0;
};

}  // namespace clone_guard

#endif
