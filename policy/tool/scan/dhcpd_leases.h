// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_DHCPD_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_DHCPD_LEASES_H

#include <tool/scan/lease_reader.h>

#include <optional>

namespace clone_guard {

/// @brief Reads a lease file of ISC dhcpd: a log of blocks "lease ADDRESS { ... }".
class DhcpdLeases : public LeaseReader {
public:
    /// @param path names the file in errors.
    DhcpdLeases(std::string path, LineReader& lines, OnDamage on_damage,
                const LeaseAssumptions& assumptions) :
        LeaseReader(lines, std::move(on_damage)),
        path_(std::move(path)), assumptions_(assumptions) {}

    /// @throw Failure if the file has leases for DHCPv6.
    const LeaseRow* next() override;

private:
    /// The statements of a block that matter.
    struct Block {
        uint64_t line = 0;  ///< number of its first line
        std::optional<UtcSeconds> starts;
        std::optional<UtcSeconds> ends;
        std::optional<UtcSeconds> last;  ///< of the client's last transaction
        bool endless = false;
        bool released = false;
        bool abandoned = false;
        const char* damage = nullptr;
    };

    void begin(std::string_view line);
    void readStatement(std::string_view line);
    void readTime(std::string_view text, std::optional<UtcSeconds>& time);
    void readIdentifier(std::string_view text);
    bool finish();

    std::string path_;
    LeaseAssumptions assumptions_;
    Block block_;
    bool in_lease_ = false;
    int depth_ = 0;  ///< of blocks in a lease, or outside of leases
    std::string text_;
    std::string hostname_;
    Bytes hw_address_;
    Bytes identifier_;
    LeaseRow row_;
};

}  // namespace clone_guard

#endif
