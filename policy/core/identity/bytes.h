// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_BYTES_H
#define CLONE_GUARD_CORE_IDENTITY_BYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Owned bytes.
using Bytes = std::vector<uint8_t>;

/// @brief A view of bytes that another object owns: option data in a packet, an identifier in a table.
///
/// C++17 has no std::span; this class has the part of it that the guard needs.
class ByteView {
public:
    constexpr ByteView() noexcept = default;
    constexpr ByteView(const uint8_t* data, size_t size) noexcept : data_(data), size_(size) {}
    ByteView(const Bytes& bytes) noexcept : data_(bytes.data()), size_(bytes.size()) {}

    [[nodiscard]] const uint8_t* data() const noexcept {
        return (data_);
    }
    [[nodiscard]] size_t size() const noexcept {
        return (size_);
    }
    [[nodiscard]] bool empty() const noexcept {
        return (size_ == 0);
    }
    uint8_t operator[](size_t at) const noexcept {
        return (data_[at]);
    }
    [[nodiscard]] const uint8_t* begin() const noexcept {
        return (data_);
    }
    [[nodiscard]] const uint8_t* end() const noexcept {
        return (data_ + size_);
    }
    /// @brief Returns the bytes from position @c at on.
    ///
    /// @return the rest, or an empty view if @c at is past the end
    [[nodiscard]] ByteView from(size_t at) const noexcept {
        return (at < size_ ? ByteView(data_ + at, size_ - at) : ByteView());
    }
    [[nodiscard]] Bytes copy() const {
        return (Bytes(begin(), end()));
    }

    friend bool operator==(ByteView left, ByteView right) noexcept {
        return ((left.size_ == right.size_) &&
                ((left.size_ == 0) || (std::memcmp(left.data_, right.data_, left.size_) == 0)));
    }
    friend bool operator!=(ByteView left, ByteView right) noexcept {
        return (!(left == right));
    }
    /// @brief Orders by length, then by content; this is not the lexical order.
    friend bool operator<(ByteView left, ByteView right) noexcept {
        if (left.size_ != right.size_) {
            return (left.size_ < right.size_);
        }
        return ((left.size_ != 0) && (std::memcmp(left.data_, right.data_, left.size_) < 0));
    }

private:
    const uint8_t* data_ = nullptr;
    size_t size_ = 0;
};

/// @brief Compares owned bytes and views, so that a table of owned bytes is searched without a copy.
struct ByteLess {
    using is_transparent = void;
    bool operator()(ByteView left, ByteView right) const noexcept {
        return (left < right);
    }
};

/// @brief Formats bytes as lower-case hexadecimal with colons: "ff:ca:53".
std::string toHex(ByteView bytes);

/// @brief Parses hexadecimal with or without colons, dashes, dots or blanks between the bytes.
///
/// A leading "0x" is accepted.
///
/// @return the bytes, or std::nullopt if a digit is missing or invalid
std::optional<Bytes> fromHex(std::string_view text);

/// @brief Parses hexadecimal into an existing buffer, for callers that parse millions of texts.
///
/// @param [out] bytes the bytes; unspecified if the text is invalid
/// @return true if the text is valid hexadecimal
bool fromHex(std::string_view text, Bytes& bytes);

/// @brief Reads an unsigned number in network byte order.
///
/// @param bytes at most 4 bytes
uint32_t toNumber(ByteView bytes);

}  // namespace clone_guard

#endif
