// SPDX-License-Identifier: MPL-2.0

#include <tool/templates/template_list.h>

#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/templates/template_json.h>

#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace clone_guard {

namespace {

namespace fs = std::filesystem;

constexpr const char* UNINITIALIZED = "uninitialized";
constexpr std::string_view BLANKS = " \t\"'";

/// The files of a machine that hold its identity.
constexpr const char* MACHINE_ID = "etc/machine-id";
constexpr std::array<const char*, 3> DUID_FILES{
    {"var/lib/dhcpcd/duid", "etc/dhcpcd.duid", "var/lib/wicked/duid.xml"}};

std::string_view
trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(BLANKS);
    return (begin == std::string_view::npos
                ? std::string_view()
                : text.substr(begin, text.find_last_not_of(BLANKS) - begin + 1));
}

/// The identity of a template: sealed, a machine-id, or a DUID.
struct Identity {
    bool sealed = false;
    Bytes machine_id;
    Bytes duid;
};

std::optional<Identity>
identityOf(std::string_view word) {
    Identity identity;
    if (word == UNINITIALIZED) {
        identity.sealed = true;
        return (identity);
    }
    // Colons distinguish a DUID of 16 bytes from a machine-id.
    if (word.find(':') != std::string_view::npos) {
        const auto duid = fromHex(word);
        if (!duid || duid->size() < MIN_DUID || duid->size() > MAX_DUID) {
            return (std::nullopt);
        }
        identity.duid = *duid;
        return (identity);
    }
    const auto machine_id = systemd::parseMachineId(word);
    if (!machine_id) {
        return (std::nullopt);
    }
    identity.machine_id = *machine_id;
    return (identity);
}

bool
isIdentity(std::string_view word) {
    return (identityOf(word).has_value());
}

void
keep(const Identity& identity, const std::string& name, const std::string& path, TemplateList& list) {
    if (identity.sealed) {
        list.sealed.push_back(name.empty() ? path : name);
    } else if (name.empty()) {
        throw Failure(
            (path == "-" ? "the standard input" : inQuotes(path)) +
            " does not name its template; use the option --name of 'clone-guard templates', or "
            "call the file NAME.machine-id");
    } else {
        list.templates.push_back({name, identity.machine_id, identity.duid});
    }
}

std::vector<std::string_view>
fieldsOf(std::string_view line) {
    // In a list with commas, semicolons or tabs, names may have blanks.
    const char separator = line.find(',') != std::string_view::npos    ? ','
                           : line.find(';') != std::string_view::npos  ? ';'
                           : line.find('\t') != std::string_view::npos ? '\t'
                                                                       : ' ';
    std::vector<std::string_view> fields;
    for (size_t begin = 0; begin <= line.size();) {
        const auto end = std::min(line.find(separator, begin), line.size());
        const auto field = trimmed(line.substr(begin, end - begin));
        if (!field.empty()) {
            fields.push_back(field);
        }
        begin = end + 1;
    }
    return (fields);
}

/// Reads "NAME ID" or "ID NAME"; further fields are ignored.
bool
readListLine(std::string_view line, TemplateList& list) {
    const auto fields = fieldsOf(line);
    const auto found = std::find_if(fields.begin(), fields.end(), isIdentity);
    if (found == fields.end() || fields.size() < 2) {
        return (false);
    }
    const auto name = found == fields.begin() ? fields[1] : fields[0];
    keep(*identityOf(*found), std::string(name), "", list);
    return (true);
}

bool
isHeading(std::string_view line) {
    std::string lower(line);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char character) {
        return (character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                     : character);
    });
    return (lower.find("name") != std::string::npos || lower.find("machine") != std::string::npos);
}

void
readList(std::string_view first, uint64_t first_number, LineReader& lines, const std::string& path,
         TemplateList& list) {
    const auto before = list.templates.size() + list.sealed.size();
    const auto mistakes = list.mistakes.size();
    size_t bad = 0;
    const auto take = [&](std::string_view line, uint64_t number) {
        if (!readListLine(line, list)) {
            ++bad;
            list.mistakes.push_back(inQuotes(path) + ": line " + std::to_string(number) +
                                    ": no name with a machine-id or a DUID: '" + escape(line) + "'");
        }
    };
    const auto fields = fieldsOf(first);
    if (!isHeading(first) || std::any_of(fields.begin(), fields.end(), isIdentity)) {
        take(first, first_number);
    }
    for (std::string_view line; lines.next(line);) {
        const auto text = trimmed(line);
        if (!text.empty() && text.front() != '#') {
            take(text, lines.number());
        }
    }
    if (list.templates.size() + list.sealed.size() == before) {
        list.mistakes.resize(mistakes);
        throw Failure(inQuotes(path) +
                      " has neither a machine-id nor a DUID nor a list of them ('NAME MACHINE-ID')");
    }
    list.bad_lines += bad;
}

/// Reads the DUID file of wicked: XML with the DUID as the text of an element.
void
readXml(std::string_view line, const std::string& name, const std::string& path, TemplateList& list) {
    for (auto begin = line.find('>'); begin != std::string_view::npos; begin = line.find('>', begin)) {
        ++begin;
        const auto text = trimmed(line.substr(begin, line.find('<', begin) - begin));
        const auto identity = identityOf(text);
        if (identity && !identity->duid.empty()) {
            keep(*identity, name, path, list);
        }
    }
}

/// Returns the name of a template, derived from the path of a file that belongs to it, or an empty string if the path has
/// only the name that this file has in each machine.
std::string
nameOf(const std::string& path) {
    if (path == "-") {
        return {};
    }
    const auto absolute = fs::absolute(path).lexically_normal();
    const auto text = absolute.string();
    std::vector<std::string> tails{MACHINE_ID};
    tails.insert(tails.end(), DUID_FILES.begin(), DUID_FILES.end());
    for (const auto& tail : tails) {
        const auto end = text.size() - std::min(text.size(), tail.size() + 1);
        if (end > 0 && text.substr(end) == "/" + tail) {
            return (fs::path(text.substr(0, end)).filename().string());
        }
    }
    const auto is_common = [&absolute](const std::string& tail) {
        return (fs::path(tail).filename() == absolute.filename());
    };
    return (std::any_of(tails.begin(), tails.end(), is_common) ? std::string()
                                                               : absolute.stem().string());
}

/// Checks a file of a mounted image; a link that leads out of the image is reported as a mistake.
///
/// @return true if the file exists inside the image.
bool
isInside(const fs::path& root, const fs::path& file, TemplateList& list) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(file, error))) {
        return (false);
    }
    const auto real = fs::weakly_canonical(file, error).lexically_relative(fs::canonical(root, error));
    if (error || real.empty() || *real.begin() == "..") {
        list.mistakes.push_back(inQuotes(file.string()) +
                                " leads out of the image and is not read; name the file itself");
        return (false);
    }
    return (true);
}

void
readImageRoot(const fs::path& root, const std::string& name, TemplateList& list) {
    TemplateList found;
    const auto machine_id = root / MACHINE_ID;
    if (isInside(root, machine_id, found)) {
        readTemplateFile(machine_id.string(), name, found);
    } else if (found.mistakes.empty()) {
        found.sealed.push_back(name);  // systemd creates a machine-id at the first boot
    }
    for (const auto* duid : DUID_FILES) {
        if (isInside(root, root / duid, found)) {
            readTemplateFile((root / duid).string(), name, found);
        }
    }
    list.templates.insert(list.templates.end(), found.templates.begin(), found.templates.end());
    list.mistakes.insert(list.mistakes.end(), found.mistakes.begin(), found.mistakes.end());
    if (found.templates.empty() && !found.sealed.empty()) {
        list.sealed.push_back(name);
    }
}

}  // namespace

void
readTemplateFile(const std::string& path, const std::string& name, TemplateList& list) {
    LineReader lines(path);
    const auto own = name.empty() ? nameOf(path) : name;
    std::string_view line;
    bool comments = false;
    do {
        comments = comments || !trimmed(line).empty();
        if (!lines.next(line)) {
            // An image tool that failed also prints nothing.
            if (path == "-" || comments) {
                throw Failure((path == "-" ? "the standard input" : inQuotes(path)) +
                              std::string(" has no machine-id; a sealed template has an empty file"));
            }
            list.sealed.push_back(own.empty() ? path : own);
            return;
        }
    } while (trimmed(line).empty() || trimmed(line).front() == '#');
    const auto number = lines.number();
    if (line.find('\0') != std::string_view::npos || lines.cut()) {
        throw Failure(inQuotes(path) + " is not a text file");
    }
    const std::string first(line.substr(line.find_first_not_of(BLANKS.substr(0, 2))));
    if (first.front() == '{' || first.front() == '[' || first.rfind("\"templates\"", 0) == 0) {
        std::string text = first + "\n";
        while (lines.next(line)) {
            text.append(line).append("\n");
        }
        readTemplateJson(text, path, list);
        return;
    }
    if (first.front() == '<') {
        const auto before = list.templates.size();
        auto more = true;
        for (line = first; more; more = lines.next(line)) {
            readXml(line, own, path, list);
        }
        if (list.templates.size() == before) {
            throw Failure(inQuotes(path) + " has no DUID");
        }
        return;
    }
    if (const auto identity = identityOf(trimmed(first))) {
        keep(*identity, own, path, list);
        while (lines.next(line)) {
            if (!trimmed(line).empty() && trimmed(line).front() != '#') {
                throw Failure(inQuotes(path) + ": line " + std::to_string(lines.number()) +
                              ": a list needs a name with each machine-id or DUID");
            }
        }
        return;
    }
    readList(trimmed(first), number, lines, path, list);
}

void
readImageRoots(const std::string& directory, const std::string& name, TemplateList& list) {
    std::error_code error;
    const auto root = fs::absolute(directory).lexically_normal();
    const auto named = [](const fs::path& path) {
        const auto last = path.has_filename() ? path.filename() : path.parent_path().filename();
        return (last.empty() ? std::string("root") : last.string());
    };
    if (fs::is_directory(root / "etc", error)) {
        readImageRoot(root, name.empty() ? named(root) : name, list);
        return;
    }
    std::vector<fs::path> roots;
    for (auto entry = fs::directory_iterator(root, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::error_code ignored;
        if (fs::is_directory(entry->path() / "etc", ignored)) {
            roots.push_back(entry->path());
        }
    }
    if (error) {
        throw Failure(inQuotes(directory) + " cannot be read: " + error.message());
    }
    if (roots.empty()) {
        throw Failure(inQuotes(directory) +
                      " is not a mounted image: neither the folder nor a folder in it has an etc");
    }
    std::sort(roots.begin(), roots.end());
    for (const auto& one : roots) {
        readImageRoot(one, named(one), list);
    }
}

}  // namespace clone_guard
