// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_TEMPORARY_FOLDER_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_TEMPORARY_FOLDER_H

#include <string>

namespace clone_guard {
namespace test {

/// @brief A folder for the files of one test; it is removed with everything in it.
class TemporaryFolder {
public:
    /// @throw std::runtime_error where there can be none.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept {
        return (path_);
    }

    /// @brief Makes a file, and the folders it is in.
    ///
    /// @param name relative to the folder.
    /// @return its path.
    std::string write(const std::string& name, const std::string& text) const;

private:
    std::string path_;
};

}  // namespace test
}  // namespace clone_guard

#endif
