// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SERVER_LEASES_H
#define CLONE_GUARD_TOOL_SCAN_SERVER_LEASES_H

#include <tool/cli/control_socket.h>
#include <tool/scan/scan_result.h>

#include <map>
#include <string>

namespace clone_guard {

/// @brief Joins the pages of the command `clone-guard-scan` to the findings of a scan.
///
/// The lease database of a server has the current leases and no history. Clones are those that the guard has given an
/// address of their own, and machines with leases at the same time in one subnet.
class ServerLeases {
public:
    /// @brief Adds the arguments of one answer; see docs/commands.md. Damaged parts are ignored.
    void add(const nlohmann::ordered_json& page);

    /// @return false if another caller began a scan in the meantime, so that some DUIDs were not compared.
    [[nodiscard]] bool isWhole() const noexcept {
        return (is_whole_);
    }

    /// @param path names the server in the result.
    [[nodiscard]] ScanResult result(const std::string& path) const;

private:
    /// The machines with one identifier or DUID. A machine with leases in two subnets counts twice.
    struct Finding {
        std::map<std::pair<HardwareAddress, uint32_t>, SeenMachine> machines;
        std::map<std::pair<HardwareAddress, uint32_t>, Bytes> identifiers;
        std::string template_name;
    };
    using Findings = std::map<Bytes, Finding, ByteLess>;

    static void addLeases(const nlohmann::ordered_json& found, Finding& finding);
    void addFindings(const nlohmann::ordered_json& page, const char* list);
    void addDeclined(const nlohmann::ordered_json& page);
    [[nodiscard]] static SharedIdentifier sharedIdentifier(const Bytes& identifier,
                                                           const Finding& finding);

    Findings identifiers_;
    Findings duids_;
    std::map<uint32_t, DeclinedCount> declined_;
    uint64_t leases_ = 0;
    uint64_t not_compared_ = 0;
    bool is_whole_ = true;
};

/// @brief Scans the leases of a running server, whatever its lease database is.
///
/// @param path the control socket.
/// @throw Failure as ControlSocket::ask().
ScanResult scanServer(const std::string& path);

}  // namespace clone_guard

#endif
