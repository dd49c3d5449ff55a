// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_KEYED_HASH_H
#define CLONE_GUARD_CORE_IDENTITY_KEYED_HASH_H

#include <core/identity/bytes.h>
#include <core/identity/random_bytes.h>

#include <algorithm>
#include <array>

namespace clone_guard {

/// @brief A hash for tables whose keys strangers choose: multilinear hashing with random keys (D. Lemire, O. Kaser,
/// "Strongly universal string hashing is fast", section 2).
///
/// Two different inputs collide with a probability of 2^-32, whatever they are: only the process knows its keys. The
/// hash never leaves the process.
///
/// @tparam MAX_SIZE length of the longest input in bytes; the rest of a longer one is ignored.
template <size_t MAX_SIZE>
class KeyedHash {
public:
    /// @throw std::runtime_error without random numbers.
    KeyedHash() {
        fillRandomly(reinterpret_cast<uint8_t*>(keys_.data()), sizeof(keys_));
    }

    /// @return a sum of which the upper 32 bits are the hash. The upper bits of a sum of several such sums, each with
    /// keys of its own, are the hash of all inputs together.
    uint64_t operator()(ByteView bytes) const noexcept {
        size_t left = std::min(bytes.size(), MAX_SIZE);
        uint64_t sum = keys_[0] + keys_[1] * left;
        const auto* key = &keys_[2];
        for (const auto* data = bytes.data(); left > 0; ++key) {
            const size_t size = std::min(left, sizeof(uint32_t));
            uint32_t word = 0;
            std::memcpy(&word, data, size);
            sum += *key * word;
            data += size;
            left -= size;
        }
        return (sum);
    }

private:
    static constexpr size_t WORDS = (MAX_SIZE + sizeof(uint32_t) - 1) / sizeof(uint32_t);

    std::array<uint64_t, 2 + WORDS> keys_{};
};

}  // namespace clone_guard

#endif
