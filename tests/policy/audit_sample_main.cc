// SPDX-License-Identifier: MPL-2.0

/// @file
/// Prints an audit log for tests and trials: `clone-guard-audit-sample [--hostile]`.

#include <tests/policy/audit_sample.h>

#include <iostream>

int
main(int argc, char** argv) {
    using namespace clone_guard::test;
    const bool hostile = argc > 1 && argv[1] == std::string("--hostile");
    for (const auto& line : hostile ? hostileAudit() : sampleAudit()) {
        std::cout << line << '\n';
    }
    return (0);
}
