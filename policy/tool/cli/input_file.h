// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_INPUT_FILE_H
#define CLONE_GUARD_TOOL_CLI_INPUT_FILE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace clone_guard {

/// @brief Reads the bytes of a file, a pipe or the standard input, and unpacks compressed ones.
///
/// The first bytes decide, not the name: gzip, bzip2 and xz are unpacked. zstd is refused, because Boost.Iostreams does
/// not notice if its end is missing.
class InputFile {
public:
    /// @param path the file or pipe; "-" is the standard input.
    /// @throw Failure if the file cannot be opened, or is compressed by zstd.
    explicit InputFile(const std::string& path);
    ~InputFile();

    /// @brief Reads the next bytes; from a pipe, those that it has by now.
    ///
    /// @return the number of bytes, or 0 at the end of the file.
    /// @throw Failure if the file cannot be read, or its compressed data is damaged; names the file and the byte.
    size_t read(char* to, size_t size);

    /// @return the number of bytes read from the file; of a compressed file, its compressed bytes.
    [[nodiscard]] uint64_t position() const noexcept;

    /// @return "gzip", "bzip2" or "xz", or an empty string if the file is not compressed.
    [[nodiscard]] const char* compression() const noexcept;

private:
    class Raw;
    struct Unpacker;

    std::unique_ptr<Raw> raw_;
    std::unique_ptr<Unpacker> unpacker_;
    const char* compression_ = "";
};

}  // namespace clone_guard

#endif
