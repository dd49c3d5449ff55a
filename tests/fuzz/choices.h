// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_CHOICES_H
#define CLONE_GUARD_TESTS_FUZZ_CHOICES_H

#include <core/identity/bytes.h>

#include <algorithm>

namespace clone_guard {
namespace fuzz {

/// @brief Reads the input of a fuzzer as a sequence of choices.
///
/// Each choice takes a fixed number of bytes, so that a changed byte changes one choice. After the end of the input each
/// choice is 0, the ordinary one.
class Choices {
public:
    explicit Choices(ByteView input) : input_(input) {}

    [[nodiscard]] bool atEnd() const {
        return (input_.empty());
    }

    uint8_t byte() {
        if (input_.empty()) {
            return (0);
        }
        const auto value = input_[0];
        input_ = input_.from(1);
        return (value);
    }

    /// @return a number below the limit, which is at most 256
    size_t below(size_t limit) {
        return (byte() % limit);
    }

    uint32_t number() {
        uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            value = value << 8U | byte();
        }
        return (value);
    }

    /// @return the next bytes, fewer if the input ends
    Bytes bytes(size_t size) {
        const auto taken = ByteView(input_.data(), std::min(size, input_.size())).copy();
        input_ = input_.from(taken.size());
        return (taken);
    }

private:
    ByteView input_;
};

}  // namespace fuzz
}  // namespace clone_guard

#endif
