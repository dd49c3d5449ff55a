// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/disk_image.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace clone_guard {

namespace {

namespace fs = std::filesystem;

/// Longer chains are circles.
constexpr size_t MAX_CHAIN = 64;

constexpr std::string_view MAGIC = "QFI\xfb";
/// Magic, version, offset (64 bits) and length (32 bits) of the name of the backing file, in network byte order.
constexpr size_t HEADER = 20;
constexpr size_t OFFSET_AT = 8;
constexpr size_t LENGTH_AT = 16;
/// The format limits the name.
constexpr uint64_t MAX_NAME = 1023;
/// The name is in the first cluster, which has 2 MiB at most.
constexpr uint64_t MAX_OFFSET = uint64_t{2} << 20U;

uint64_t
numberAt(const std::array<char, HEADER>& header, size_t at, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; ++i) {
        number = number << 8U | static_cast<uint8_t>(header.at(at + i));
    }
    return (number);
}

/// Returns the file in a name such as "json:{"driver":"qcow2","file":{"driver":"file","filename":"/base.qcow2"}}".
std::string
fileInJson(const std::string& name) {
    const auto json = nlohmann::json::parse(name.substr(name.find(':') + 1), nullptr, false);
    const auto* node = &json;
    for (size_t depth = 0; depth < MAX_CHAIN && node->is_object(); ++depth) {
        for (const auto* key : {"filename", "file.filename"}) {
            const auto found = node->find(key);
            if (found != node->end() && found->is_string()) {
                return (found->get<std::string>());
            }
        }
        const auto file = node->find("file");
        if (file == node->end()) {
            break;
        }
        node = &*file;
    }
    return (name);
}

bool
isUrl(const std::string& name) {
    const auto colon = name.find(':');
    return (colon != std::string::npos && colon < name.find('/') && name.rfind("file:", 0) != 0);
}

/// Returns the path of a backing file, which is relative to the image.
std::string
resolved(const fs::path& image, std::string name) {
    if (name.rfind("json:", 0) == 0) {
        name = fileInJson(name);
    }
    if (name.rfind("file:", 0) == 0) {
        name.erase(0, std::string_view("file:").size());
    }
    return (isUrl(name) ? name : (image.parent_path() / name).lexically_normal().string());
}

/// Reads the name of the backing file.
///
/// @return the name, empty for an image without one; std::nullopt if the header cannot be read.
std::optional<std::string>
readHeader(const fs::path& path) {
    std::error_code error;
    // Other files, such as pipes, may wait for a writer.
    if (!fs::is_regular_file(path, error) && !fs::is_block_file(path, error)) {
        return (std::nullopt);
    }
    std::ifstream file(path, std::ios::binary);
    std::array<char, HEADER> header{};
    if (!file.read(header.data(), MAGIC.size())) {
        return (file.eof() ? std::make_optional(std::string()) : std::nullopt);
    }
    if (std::string_view(header.data(), MAGIC.size()) != MAGIC) {
        return (std::string());
    }
    if (!file.read(header.data() + MAGIC.size(), HEADER - MAGIC.size())) {
        return (std::nullopt);
    }
    const auto offset = numberAt(header, OFFSET_AT, sizeof(uint64_t));
    const auto length = numberAt(header, LENGTH_AT, sizeof(uint32_t));
    if (offset == 0 || length == 0) {
        return (std::string());
    }
    if (offset > MAX_OFFSET || length > MAX_NAME) {
        return (std::nullopt);
    }
    std::string name(length, '\0');
    file.seekg(static_cast<std::streamoff>(offset));
    if (!file.read(name.data(), static_cast<std::streamsize>(length))) {
        return (std::nullopt);
    }
    return (name);
}

}  // namespace

BackingChain
backingChain(const std::string& path) {
    BackingChain chain;
    fs::path image(path);
    while (chain.files.size() < MAX_CHAIN) {
        const auto name = isUrl(image.string()) ? std::nullopt : readHeader(image);
        if (!name) {
            chain.is_complete = false;
            break;
        }
        if (name->empty()) {
            break;
        }
        image = resolved(image, *name);
        const auto text = image.string();
        if (std::find(chain.files.begin(), chain.files.end(), text) != chain.files.end()) {
            break;
        }
        chain.files.push_back(text);
    }
    return (chain);
}

}  // namespace clone_guard
