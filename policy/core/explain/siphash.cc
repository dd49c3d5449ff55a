// SPDX-License-Identifier: MPL-2.0

#include <core/explain/siphash.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace clone_guard {

namespace {

/// A library context with OpenSSL's default algorithms. The hash protects no secret, so a system's restriction to FIPS,
/// which has no SipHash, must not apply to it.
OSSL_LIB_CTX*
defaults() {
    static const std::unique_ptr<OSSL_LIB_CTX, decltype(&OSSL_LIB_CTX_free)> context(OSSL_LIB_CTX_new(),
                                                                                     &OSSL_LIB_CTX_free);
    return (context.get());
}

EVP_MAC_CTX*
newContext() {
    EVP_MAC* mac = defaults() ? EVP_MAC_fetch(defaults(), "SIPHASH", nullptr) : nullptr;
    if (!mac) {
        return (nullptr);
    }
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    return (context);
}

}  // namespace

void
SipHash::Free::operator()(void* context) const noexcept {
    EVP_MAC_CTX_free(static_cast<EVP_MAC_CTX*>(context));
}

SipHash::SipHash(const Key& key) : key_(key), context_(newContext()) {
    if (!context_) {
        throw std::runtime_error("OpenSSL has no SipHash");
    }
}

uint64_t
SipHash::operator()(ByteView data) {
    auto* context = static_cast<EVP_MAC_CTX*>(context_.get());
    std::array<uint8_t, 8> hash{};
    size_t size = hash.size();
    const std::array<OSSL_PARAM, 2> params{OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                           OSSL_PARAM_construct_end()};
    size_t written = 0;
    if (EVP_MAC_init(context, key_.data(), key_.size(), params.data()) != 1 ||
        EVP_MAC_update(context, data.data(), data.size()) != 1 ||
        EVP_MAC_final(context, hash.data(), &written, hash.size()) != 1 || written != hash.size()) {
        throw std::runtime_error("OpenSSL's SipHash failed");
    }
    // The bytes of the hash are in little-endian order.
    uint64_t number = 0;
    for (auto byte = hash.rbegin(); byte != hash.rend(); ++byte) {
        number = (number << 8U) | *byte;
    }
    return (number);
}

}  // namespace clone_guard
