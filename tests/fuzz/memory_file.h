// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_MEMORY_FILE_H
#define CLONE_GUARD_TESTS_FUZZ_MEMORY_FILE_H

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

namespace clone_guard {
namespace fuzz {

/// @brief A file in memory with a path, for functions that read files.
class MemoryFile {
public:
    /// @throw std::system_error if the file cannot be made
    MemoryFile(const uint8_t* data, size_t size) : descriptor_(memfd_create("input", 0)) {
        if (descriptor_ < 0 || write(descriptor_, data, size) != static_cast<ssize_t>(size)) {
            throw std::system_error(errno, std::generic_category(), "memfd_create");
        }
    }
    ~MemoryFile() {
        close(descriptor_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] std::string path() const {
        return ("/proc/self/fd/" + std::to_string(descriptor_));
    }

private:
    int descriptor_;
};

/// @brief Checks that a text has no control character but the newline, so that it can be shown on a terminal.
inline bool
isPlain(const std::string& text) {
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f) {
            return (false);
        }
    }
    return (true);
}

}  // namespace fuzz
}  // namespace clone_guard

#endif
