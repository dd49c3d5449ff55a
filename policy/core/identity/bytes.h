// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_IDENTITY_BYTES_H
#define CLONE_GUARD_IDENTITY_BYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Bytes that somebody owns.
using Bytes = std::vector<uint8_t>;

/// @brief Bytes that somebody else owns: option data in a packet, an identifier in a table.
///
/// C++17 has no std::span; this is as much of it as is needed.
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
    /// @brief The bytes from @c at on; empty where there are none.
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
    /// @brief A total order, shorter before longer; not the lexical one.
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

/// @brief Orders bytes wherever they are, so that a table of owned bytes is searched without a copy.
struct ByteLess {
    using is_transparent = void;
    bool operator()(ByteView left, ByteView right) const noexcept {
        return (left < right);
    }
};

/// @brief Lower-case hexadecimal with colons: "ff:ca:53".
std::string toHex(ByteView bytes);

/// @brief Reads hexadecimal with or without colons, dashes, dots or blanks between the bytes; a
/// leading "0x" is allowed.
///
/// @return nothing where a digit is missing, or a character is none.
std::optional<Bytes> fromHex(std::string_view text);

/// @brief The same into bytes that are there already, for who reads millions of them.
///
/// @return whether the text is hexadecimal; if not, what the bytes are is not said.
bool fromHex(std::string_view text, Bytes& bytes);

/// @brief An unsigned number in network byte order.
///
/// @param bytes at most 4 bytes.
uint32_t toNumber(ByteView bytes);

}  // namespace clone_guard

#endif
