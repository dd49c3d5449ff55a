// SPDX-License-Identifier: MPL-2.0

/// @file
/// Prints the source of the table in nic_table.h. The build runs this program.

#include <core/explain/nic_name_list.h>
#include <core/explain/systemd.h>

#include <cstdio>
#include <exception>
#include <map>

int
main() {
    try {
        clone_guard::systemd::IaidHash iaid;
        std::map<uint32_t, uint32_t> names;
        for (uint32_t number = 0; number < clone_guard::commonNicNames(); ++number) {
            // The first name of an IAID is the most common one.
            names.emplace(iaid(clone_guard::commonNicName(number)), number);
        }
        std::puts("#include <core/explain/nic_table.h>\n\n"
                  "const clone_guard::NicEntry clone_guard::NIC_TABLE[] = {");
        for (const auto& [hash, number] : names) {
            std::printf("{%uU,%uU},\n", hash, number);
        }
        std::printf("};\n\nconst size_t clone_guard::NIC_TABLE_SIZE = %zu;\n", names.size());
        return (std::fflush(stdout) == 0 ? 0 : 1);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nic_table: %s\n", error.what());
        return (1);
    }
}
