// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/scan/lease_file.h>
#include <tool/scan/lease_file_set.h>
#include <tool/scan/lease_history.h>

#include <gtest/gtest.h>

#include <random>

namespace clone_guard {
namespace test {

namespace {

constexpr uint32_t LIFETIME = 600;

/// What a stock server writes while machines boot, renew, and disappear. Each identifier has its address.
std::vector<LeaseLine>
randomLines(std::mt19937_64& random) {
    const auto machines = static_cast<uint32_t>(2 + random() % 5);
    std::vector<uint32_t> identifier(machines);
    std::vector<int64_t> next(machines);
    for (uint32_t i = 0; i < machines; ++i) {
        identifier[i] = static_cast<uint32_t>(random() % machines);
        next[i] = static_cast<int64_t>(random() % 3000);
    }
    std::vector<LeaseLine> lines;
    for (int64_t now = 0; now < 6000; ++now) {
        for (uint32_t i = 0; i < machines; ++i) {
            if (next[i] == now) {
                lines.push_back(
                    {now, i + 1, identifier[i] + 1, LIFETIME, identifierNumber(identifier[i])});
                // Some machines are switched off, for some time or for the rest of the history.
                next[i] +=
                    random() % 4 == 0 ? static_cast<int64_t>(1000 + random() % 9000) : LIFETIME / 2;
            }
        }
    }
    return (lines);
}

/// What the lines prove, by brute force: which machine returned after another, and which may be active at the end.
std::map<Bytes, Sharing>
proven(const std::vector<LeaseLine>& lines) {
    std::map<Bytes, Sharing> all;
    for (const auto& line : lines) {
        std::vector<LeaseLine> own;
        for (const auto& other : lines) {
            if (other.identifier == line.identifier &&
                (own.empty() || own.back().machine != other.machine)) {
                own.push_back(other);
            } else if (other.identifier == line.identifier) {
                own.back().at = other.at;
            }
        }
        if (own.size() < 2) {
            continue;
        }
        auto& sharing = all.emplace(line.identifier, Sharing::MOVED).first->second;
        for (size_t i = 0; i < own.size(); ++i) {
            for (size_t j = i + 1; j < own.size(); ++j) {
                const bool back = own[j].machine == own[i].machine;
                const bool open = j == i + 1 && own[i].at + LIFETIME > lines.back().at;
                sharing = back || open ? Sharing::CLONES : sharing;
            }
        }
    }
    return (all);
}

std::map<Bytes, Sharing>
found(const std::string& base) {
    LeaseHistory history;
    const auto sets = leaseFileSets({base}, true);
    for (const auto& part : sets.front()) {
        LeaseFile file(part.path);
        while (const auto* row = file.next()) {
            history.add(*row, part.is_snapshot);
        }
    }
    std::map<Bytes, Sharing> all;
    for (const auto& one : history.shared()) {
        all.emplace(one.identifier, one.sharing);
    }
    return (all);
}

// R9: in random histories the scan finds exactly what the lines prove, however the history is cut into files.
TEST(LeaseHistoryRandomTest, rule09ExactlyWhatIsProven) {
    std::mt19937_64 random(seed());
    const TemporaryFolder folder;
    size_t clones = 0;
    size_t moved = 0;
    for (int i = 0; i < 100; ++i) {
        const auto lines = randomLines(random);
        const auto expected = proven(lines);
        for (const auto& one : expected) {
            ++(one.second == Sharing::CLONES ? clones : moved);
        }
        const auto first = lines.begin() + static_cast<std::ptrdiff_t>(random() % (lines.size() + 1));
        const auto second = first + static_cast<std::ptrdiff_t>(
                                        random() % (static_cast<size_t>(lines.end() - first) + 1));
        folder.write("whole.csv", leaseFile(lines));
        folder.write("cut.csv.2", leaseFile({lines.begin(), first}));
        folder.write("cut.csv.1", leaseFile({first, second}));
        folder.write("cut.csv.completed", leaseFile({lines.begin(), second}));
        folder.write("cut.csv", leaseFile({second, lines.end()}));
        ASSERT_EQ(found(folder.path() + "/whole.csv"), expected) << "history number " << i;
        ASSERT_EQ(found(folder.path() + "/cut.csv"), expected) << "history number " << i;
    }
    EXPECT_GT(clones, 30U);
    EXPECT_GT(moved, 5U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
