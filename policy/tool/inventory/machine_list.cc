// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/machine_list.h>

#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/text.h>

#include <core/identity/escape.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace clone_guard {

namespace {

/// The places of the columns in a line.
struct Columns {
    size_t hw_address = 0;
    size_t name = 1;
    size_t from = 2;
};

char
separatorOf(std::string_view line) {
    for (const char separator : {',', ';', '\t'}) {
        if (line.find(separator) != std::string_view::npos) {
            return (separator);
        }
    }
    return (',');
}

/// Splits a line. A field in double quotes may have separators, and doubled quotes.
std::vector<std::string>
fieldsOf(std::string_view line) {
    const auto separator = separatorOf(line);
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '"' && is_quoted && line.substr(at + 1, 1) == "\"") {
            fields.back() += line[++at];
        } else if (line[at] == '"' && (is_quoted || trimmed(fields.back()).empty())) {
            is_quoted = !is_quoted;
        } else if (line[at] == separator && !is_quoted) {
            fields.emplace_back();
        } else {
            fields.back() += line[at];
        }
    }
    for (auto& field : fields) {
        field = std::string(trimmed(field));
    }
    return (fields);
}

/// Reads the names of the columns.
///
/// @return the places, or std::nullopt if no column has hardware addresses.
std::optional<Columns>
columnsOf(const std::vector<std::string>& head) {
    Columns columns{head.size(), head.size(), head.size()};
    for (size_t at = head.size(); at-- > 0;) {
        std::string name;
        for (const char character : head[at]) {
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
        }
        if (name.find("mac") == 0 || name.find("hw") == 0 || name.find("hardware") == 0) {
            columns.hw_address = at;
        } else if (name.find("name") != std::string::npos || name == "vm") {
            columns.name = at;
        } else if (name.find("template") == 0) {
            columns.from = at;
        }
    }
    return (columns.hw_address == head.size() ? std::nullopt : std::make_optional(columns));
}

std::string
fieldAt(const std::vector<std::string>& fields, size_t at) {
    return (at < fields.size() ? fields[at] : std::string());
}

}  // namespace

void
readMachineList(const std::string& path, Inventory& inventory) {
    LineReader lines(path);
    Columns columns;
    bool is_first = true;
    size_t found = 0;
    std::vector<std::string> mistakes;
    for (std::string_view line; lines.next(line);) {
        line = withoutMark(line);
        const auto fields = fieldsOf(line);
        if ((fields.size() == 1 && fields[0].empty()) || fields[0].substr(0, 1) == "#") {
            continue;
        }
        const auto hw_address = parseMac(fieldAt(fields, columns.hw_address));
        const auto head = is_first && !hw_address ? columnsOf(fields) : std::nullopt;
        is_first = false;
        if (head) {
            columns = *head;
            continue;
        }
        if (!hw_address) {
            mistakes.push_back(inQuotes(path) + ": line " + std::to_string(lines.number()) +
                               ": no hardware address: '" + escape(line) + "'");
            continue;
        }
        KnownMachine machine;
        machine.name = fieldAt(fields, columns.name);
        machine.from.name = fieldAt(fields, columns.from);
        inventory.add(*hw_address, machine);
        ++found;
    }
    if (found == 0) {
        throw Failure(inQuotes(path) + " is not an inventory: no line has a hardware address and a name "
                                       "('mac,name,template')");
    }
    for (const auto& mistake : mistakes) {
        inventory.addMistake(mistake);
    }
}

}  // namespace clone_guard
