// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_TEMPORARY_FOLDER_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_TEMPORARY_FOLDER_H

#include <string>

namespace clone_guard {
namespace test {

/// @brief A folder for the files of one test. The destructor removes it with all its content.
class TemporaryFolder {
public:
    /// @throw std::runtime_error if the folder cannot be made.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept {
        return (path_);
    }

    /// @brief Writes a file, and makes the folders in its path.
    ///
    /// @param name the path of the file, relative to the folder.
    /// @return the path of the file.
    std::string write(const std::string& name, const std::string& text) const;

private:
    std::string path_;
};

}  // namespace test
}  // namespace clone_guard

#endif
