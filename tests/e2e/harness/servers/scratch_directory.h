// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H

#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A directory of a server's own under TMPDIR. It goes with this object; with CLONE_GUARD_KEEP in the environment
/// it stays, and standard error says where.
class ScratchDirectory {
public:
    /// @param name in the name of the directory, behind "clone-guard-".
    /// @throw std::runtime_error if it cannot be made.
    explicit ScratchDirectory(const std::string& name);
    ~ScratchDirectory();

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    const std::string& path() const {
        return (path_);
    }

    /// @return the path of a file in it.
    std::string file(const std::string& name) const {
        return (path_ + "/" + name);
    }

private:
    std::string path_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H
