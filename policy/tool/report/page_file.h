// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_PAGE_FILE_H
#define CLONE_GUARD_TOOL_REPORT_PAGE_FILE_H

#include <fstream>
#include <string>

namespace clone_guard {

/// @brief A file that replaces an older one of its name only after it is complete.
class PageFile {
public:
    /// @throw Failure if the file cannot be created.
    explicit PageFile(std::string path);
    /// @brief Removes an incomplete file.
    ~PageFile();
    PageFile(const PageFile&) = delete;
    PageFile& operator=(const PageFile&) = delete;

    std::ostream& out() {
        return (out_);
    }

    /// @brief Completes the file and gives it its name.
    ///
    /// @throw Failure if the file cannot be written.
    void commit();

private:
    std::string path_;
    std::string temporary_;  ///< name of the incomplete file; empty after commit()
    std::ofstream out_;
};

/// @brief Reports a file that cannot be written, with the reason in errno.
///
/// @throw Failure in any case.
[[noreturn]] void reportWriteFailure(const std::string& path);

}  // namespace clone_guard

#endif
