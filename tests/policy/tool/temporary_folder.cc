// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/temporary_folder.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace clone_guard {
namespace test {

TemporaryFolder::TemporaryFolder() :
    path_((std::filesystem::temp_directory_path() / "clone-guard-test.XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("cannot make a temporary folder");
    }
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string
TemporaryFolder::write(const std::string& name, const std::string& text) const {
    const auto file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return (file.string());
}

}  // namespace test
}  // namespace clone_guard
