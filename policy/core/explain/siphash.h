// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_SIPHASH_H
#define CLONE_GUARD_CORE_EXPLAIN_SIPHASH_H

#include <core/identity/bytes.h>

#include <array>
#include <memory>

namespace clone_guard {

/// @brief Computes SipHash-2-4 with a result of 64 bits, by OpenSSL, under one key.
///
/// An object must not be used from several threads at once.
class SipHash {
public:
    using Key = std::array<uint8_t, 16>;

    /// @throw std::runtime_error if OpenSSL has no SipHash
    explicit SipHash(const Key& key);

    /// @brief Returns the hash of bytes.
    ///
    /// @throw std::runtime_error if OpenSSL fails
    uint64_t operator()(ByteView data);

private:
    struct Free {
        void operator()(void* context) const noexcept;
    };
    Key key_;
    std::unique_ptr<void, Free> context_;
};

}  // namespace clone_guard

#endif
