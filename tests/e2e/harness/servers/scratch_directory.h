// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H

#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A server's own directory under TMPDIR, removed with this object. If CLONE_GUARD_KEEP is set in the
/// environment, it is kept, and its path is printed to standard error.
class ScratchDirectory {
public:
    /// @param name part of the directory's name after "clone-guard-".
    /// @throw std::runtime_error if the directory cannot be made.
    explicit ScratchDirectory(const std::string& name);
    ~ScratchDirectory();

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    const std::string& path() const {
        return (path_);
    }

    /// @return the path of a file in the directory.
    std::string file(const std::string& name) const {
        return (path_ + "/" + name);
    }

private:
    std::string path_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SCRATCH_DIRECTORY_H
