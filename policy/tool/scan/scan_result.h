// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_RESULT_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_RESULT_H

#include <tool/scan/declined_address.h>
#include <tool/scan/lease_format.h>
#include <tool/scan/shared_identifier.h>

#include <algorithm>

namespace clone_guard {

/// @brief The number of lines that were read from a file.
struct ReadFile {
    std::string path;
    uint64_t leases = 0;
    uint64_t damaged = 0;  ///< skipped lines
    LeaseFormat format = LeaseFormat::KEA;
};

/// @brief The findings in lease files.
struct ScanResult {
    std::vector<SharedIdentifier> shared;
    std::vector<SharedDuid> duids;
    std::vector<DeclinedAddress> declined;
    std::vector<DeclinedCount> declined_counts;  ///< of a server, which does not list the addresses
    std::vector<ReadFile> files;
    size_t identifiers = 0;
    uint64_t without_identifier = 0;  ///< rows whose lease has no client identifier

    uint64_t not_compared = 0;  ///< DUIDs that a server did not compare for lack of memory
    bool is_whole = true;  ///< false if another scan of the server kept it from comparing some DUIDs

    bool are_copies = false;  ///< the files are copies of one server's file

    /// @return true if clones cannot be seen, because no lease has a client identifier.
    [[nodiscard]] bool lacksIdentifiers() const noexcept {
        return (identifiers == 0 && without_identifier > 0);
    }

    /// @return true if the findings are those of a running server.
    [[nodiscard]] bool isOfServer() const noexcept {
        return (!files.empty() && files.front().format == LeaseFormat::SERVER);
    }

    /// @return true if clones cannot be seen, because the files have one lease for each identifier.
    [[nodiscard]] bool lacksHistory() const {
        const auto is_single = [this](const ReadFile& file) {
            return (needsCopies(file.format) && (!are_copies || files.size() < 2));
        };
        return (!files.empty() && shared.empty() && std::all_of(files.begin(), files.end(), is_single));
    }

    /// @return true if clones cannot be seen.
    [[nodiscard]] bool isBlind() const {
        return (lacksIdentifiers() || lacksHistory());
    }

    /// @return the number of shared identifiers of this kind.
    [[nodiscard]] size_t count(Sharing sharing) const {
        const auto is_counted = [sharing](const SharedIdentifier& one) {
            return (one.sharing == sharing);
        };
        return (static_cast<size_t>(std::count_if(shared.begin(), shared.end(), is_counted)));
    }
};

}  // namespace clone_guard

#endif
