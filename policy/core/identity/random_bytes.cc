// SPDX-License-Identifier: MPL-2.0

#include <core/identity/random_bytes.h>

#include <openssl/rand.h>

#include <stdexcept>

namespace clone_guard {

void
fillRandomly(uint8_t* data, size_t size) {
    if (RAND_bytes(data, static_cast<int>(size)) != 1) {
        throw std::runtime_error("OpenSSL has no random numbers");
    }
}

}  // namespace clone_guard
