// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>

#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace clone_guard {
namespace test {

namespace {

namespace io = boost::iostreams;

template <typename Filter>
std::string
packed(const std::string& text) {
    std::string result;
    io::filtering_ostream out;
    out.push(Filter());
    out.push(io::back_inserter(result));
    out << text;
    out.reset();
    return (result);
}

using Pack = std::string (*)(const std::string& text);
const std::vector<std::pair<const char*, Pack>> COMPRESSIONS{{"gzip", packed<io::gzip_compressor>},
                                                             {"bzip2", packed<io::bzip2_compressor>},
                                                             {"xz", packed<io::lzma_compressor>}};

/// Lines that do not compress to nothing, so that each compressed file spans several buffers.
std::string
manyLines() {
    std::string text;
    uint32_t random = 1;
    for (int line = 1; line <= 20000; ++line) {
        random = random * 1664525 + 1013904223;
        text += std::to_string(line) + " " + std::to_string(random) + "\n";
    }
    return (text);
}

}  // namespace

class InputFileTest : public ::testing::Test {
protected:
    /// Reads all lines.
    ///
    /// @return the text, or the message of the failure.
    std::string read(const std::string& content) {
        const auto path = folder_.write("input", content);
        read_.clear();
        try {
            LineReader reader(path);
            for (std::string_view line; reader.next(line);) {
                read_.append(line).append("\n");
            }
            position_ = reader.position();
            return (read_);
        } catch (const Failure& failure) {
            return (failure.what());
        }
    }

    TemporaryFolder folder_;
    const std::string text_ = manyLines();
    std::string read_;
    uint64_t position_ = 0;
};

// The buffer grows for longer lines: no byte is lost at its ends, and only a line of the maximum length is cut.
TEST_F(InputFileTest, longLines) {
    for (const size_t size : {size_t{16383}, size_t{16384}, size_t{16385}, size_t{32768}, size_t{100000},
                              LineReader::MAX_LINE - 1}) {
        const auto text = "first\n" + std::string(size, 'a') + "\nlast\n";
        EXPECT_TRUE(read(text) == text) << size;
    }
    const auto cut = std::string(LineReader::MAX_LINE, 'a');
    EXPECT_TRUE(read(cut + "bc\nlast\n") == cut + "\nlast\n");
}

// A compressed file has the lines of the file that was compressed; the position counts bytes of the compressed file.
TEST_F(InputFileTest, unpacks) {
    for (const auto& [name, pack] : COMPRESSIONS) {
        const auto content = pack(text_);
        EXPECT_TRUE(read(content) == text_) << name;
        EXPECT_EQ(position_, content.size()) << name;
        EXPECT_TRUE(read(pack("")).empty()) << name;
    }
}

// Compressed files that were appended to each other are read as one, as gzip and its relatives do.
TEST_F(InputFileTest, unpacksSeveralParts) {
    for (const auto& [name, pack] : COMPRESSIONS) {
        EXPECT_EQ(read(pack("first\n") + pack("second\n")), "first\nsecond\n") << name;
    }
}

// A compressed file without its end is never taken for a whole one, whatever is missing.
TEST_F(InputFileTest, truncated) {
    for (const auto& [name, pack] : COMPRESSIONS) {
        const auto whole = pack(text_);
        for (const size_t missing :
             {size_t{1}, size_t{5}, size_t{9}, whole.size() / 2, whole.size() - 7}) {
            const auto said = read(whole.substr(0, whole.size() - missing));
            EXPECT_TRUE(contains(said, "is damaged: its " + std::string(name) +
                                           " data ends too early at byte " +
                                           std::to_string(whole.size() - missing)))
                << name << " without " << missing << " bytes: " << said.substr(0, 200);
            EXPECT_TRUE(contains(said, folder_.path() + "/input")) << said.substr(0, 200);
        }
    }
}

// A compressed file with a changed byte is reported with the file, the byte and the last good line.
TEST_F(InputFileTest, corrupt) {
    for (const auto& [name, pack] : COMPRESSIONS) {
        auto content = pack(text_);
        content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 0x55);
        content[content.size() / 2 + 1] = static_cast<char>(content[content.size() / 2 + 1] ^ 0x55);
        const auto said = read(content);
        EXPECT_TRUE(contains(said, "is damaged: its " + std::string(name) + " data "))
            << said.substr(0, 200);
        EXPECT_EQ(said.find('\n'), std::string::npos) << name;
        const auto lines = std::count(read_.begin(), read_.end(), '\n');
        EXPECT_EQ(lines > 0, contains(said, "; the last good line is " + std::to_string(lines))) << said;
    }
}

// Text that begins like a compressed file, but is shorter than its first bytes, is text.
TEST_F(InputFileTest, textLikeCompressed) {
    for (const auto* content : {"B\n", "BZ\n", "BZ", "\x1f", "B"}) {
        EXPECT_EQ(read(content),
                  content + std::string(content[std::strlen(content) - 1] == '\n' ? "" : "\n"));
    }
}

// Lines of a pipe are handed out when they come: watch prints the record before the writer closes its end.
TEST_F(InputFileTest, pipeIsNotHeldBack) {
    const auto printed = folder_.path() + "/printed";
    const auto late = folder_.path() + "/late";
    const auto outcome = runShell(
        "{ echo '{\"time\":\"2026-11-22T10:00:00.000Z\",\"event\":\"conflict-ended\"}'; tries=0; "
        "until [ -s " +
        printed + " ]; do tries=$((tries + 1)); [ $tries -lt 300 ] || { touch " + late +
        "; break; }; "
        "sleep 0.1; done; } | '" CLONE_GUARD_COMMAND "' watch - > " +
        printed + "; cat " + printed);
    EXPECT_TRUE(contains(outcome.out, "2026-11-22 10:00:00")) << outcome.out;
    EXPECT_FALSE(std::filesystem::exists(late)) << outcome.out;
}

// zstd is refused with a way out, because a truncated file would be read as a whole one.
TEST_F(InputFileTest, zstd) {
    EXPECT_TRUE(contains(read("\x28\xb5\x2f\xfd rest"), "run 'zstdcat FILE | clone-guard ... -'"));
}

}  // namespace test
}  // namespace clone_guard
