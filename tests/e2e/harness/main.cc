// SPDX-License-Identifier: MPL-2.0
//
// Runs the tests of a program in a network namespace.

#include <tests/e2e/harness/net/isolation.h>

#include <gtest/gtest.h>

int
main(int argc, char* argv[]) {
    ::testing::InitGoogleTest(&argc, argv);
    const bool isolated = clone_guard::e2e::isolate().empty();
    const int result = RUN_ALL_TESTS();
    // Without a namespace every test is skipped; this status reports it to ctest.
    return (result == 0 && !isolated ? 77 : result);
}
