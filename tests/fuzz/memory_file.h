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
    MemoryFile() : descriptor_(memfd_create("input", 0)) {
        if (descriptor_ < 0) {
            throw std::system_error(errno, std::generic_category(), "memfd_create");
        }
    }
    MemoryFile(const uint8_t* data, size_t size) : MemoryFile() {
        replace(data, size);
    }
    ~MemoryFile() {
        close(descriptor_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    /// @brief Replaces the content.
    ///
    /// @throw std::system_error if there is no memory
    void replace(const void* data, size_t size) {
        if (ftruncate(descriptor_, 0) != 0 ||
            pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size)) {
            throw std::system_error(errno, std::generic_category(), "memfd");
        }
    }

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
