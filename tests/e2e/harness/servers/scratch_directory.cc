// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/scratch_directory.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

ScratchDirectory::ScratchDirectory(const std::string& name) {
    std::string pattern = std::filesystem::temp_directory_path() / ("clone-guard-" + name + ".XXXXXX");
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a directory like " + pattern);
    }
    path_ = pattern;
    // Some releases of Kea require this mode for their directories.
    chmod(path_.c_str(), 0750);
}

ScratchDirectory::~ScratchDirectory() {
    if (std::getenv("CLONE_GUARD_KEEP") != nullptr) {
        std::cerr << "kept: " << path_ << std::endl;
        return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace e2e
}  // namespace clone_guard
