// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_parser.h>

#include <core/audit/rfc3339.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

/// The longest text that is kept of a field, in bytes. The guard's longest is a client identifier, 764.
constexpr size_t MAX_FIELD = 1024;

/// Records of the year 3000 and later are rejected: they would leave the rest of a timeline empty.
constexpr UtcTime TIME_LIMIT = utcFromMilliseconds(32503680000000);

/// The value belongs to no field of a record.
constexpr size_t NO_FIELD = AUDIT_FIELDS;

constexpr std::string_view IN_HOLDER = "holder.";

/// The name of a field inside its object.
struct FieldName {
    std::string_view name;
    bool in_holder = false;
};

constexpr auto NAMES = [] {
    std::array<FieldName, AUDIT_FIELDS> names{};
    for (size_t i = 0; i < AUDIT_FIELDS; ++i) {
        const auto path = AUDIT_FIELD_NAMES[i];
        const bool in_holder = path.substr(0, IN_HOLDER.size()) == IN_HOLDER;
        names[i] = {in_holder ? path.substr(IN_HOLDER.size()) : path, in_holder};
    }
    return (names);
}();
constexpr size_t HOLDER = auditFieldIndex(audit_field::HOLDER);

/// Takes the fields of a record from the events of the JSON parser, without a tree of JSON values. If a record repeats a
/// name, the last value counts.
class FieldReader {
public:
    explicit FieldReader(AuditEntry& entry) : entry_(entry) {}

    [[nodiscard]] uint64_t number(size_t index) const {
        return (numbers_.at(index));
    }

    // The events of the parser. Each returns true to continue.
    bool key(std::string& name) {
        field_ = NO_FIELD;
        if (depth_ == 1 || (depth_ == 2 && in_holder_)) {
            field_ = find(name, depth_ == 2);
            clear(field_);
        }
        if (depth_ == 1) {
            in_holder_ = field_ == HOLDER;
        }
        return (true);
    }
    bool string(std::string& text) {
        if (field_ != NO_FIELD) {
            auto& value = entry_.texts.at(field_);
            if (text.size() <= MAX_FIELD && isPrintableAscii(text)) {
                value.swap(text);
            } else {
                value = printable(std::string_view(text).substr(0, MAX_FIELD));
                value += text.size() > MAX_FIELD ? "..." : "";
            }
        }
        return (true);
    }
    bool number_unsigned(uint64_t number) {
        if (field_ != NO_FIELD) {
            numbers_.at(field_) = number;
        }
        return (true);
    }
    bool start_object(size_t /*elements*/) {
        return (enter());
    }
    bool start_array(size_t /*elements*/) {
        return (enter());
    }
    bool end_object() {
        return (leave());
    }
    bool end_array() {
        return (leave());
    }
    static bool null() {
        return (true);
    }
    static bool boolean(bool /*value*/) {
        return (true);
    }
    static bool number_integer(int64_t /*number*/) {
        return (true);
    }
    static bool number_float(double /*number*/, const std::string& /*text*/) {
        return (true);
    }
    static bool binary(nlohmann::json::binary_t& /*bytes*/) {
        return (true);
    }
    static bool parse_error(size_t /*position*/, const std::string& /*token*/,
                            const nlohmann::json::exception& /*error*/) {
        return (false);
    }

private:
    bool enter() {
        ++depth_;
        field_ = NO_FIELD;
        return (true);
    }
    bool leave() {
        --depth_;
        field_ = NO_FIELD;
        return (true);
    }

    /// Finds a field. The guard writes the fields in the order of NAMES, so the search begins after the last one.
    size_t find(std::string_view name, bool in_holder) {
        for (size_t searched = 0; searched < AUDIT_FIELDS; ++searched) {
            const auto index = next_;
            next_ = next_ + 1 == AUDIT_FIELDS ? 0 : next_ + 1;
            if (NAMES[index].name == name && NAMES[index].in_holder == in_holder) {
                return (index);
            }
        }
        return (NO_FIELD);
    }

    void clear(size_t field) {
        if (field == NO_FIELD) {
            return;
        }
        entry_.texts.at(field).clear();
        numbers_.at(field) = 0;
        for (size_t i = 0; field == HOLDER && i < AUDIT_FIELDS; ++i) {
            if (NAMES[i].in_holder) {
                entry_.texts.at(i).clear();
            }
        }
    }

    AuditEntry& entry_;
    std::array<uint64_t, AUDIT_FIELDS> numbers_{};
    size_t field_ = NO_FIELD;  ///< field of the value that follows
    size_t next_ = 0;
    size_t depth_ = 0;  ///< objects and arrays that are open
    bool in_holder_ = false;
};

std::optional<UtcTime>
timeOf(const std::string& text) {
    const auto milliseconds = parseRfc3339(text);
    if (!milliseconds || *milliseconds < 0 || utcFromMilliseconds(*milliseconds) >= TIME_LIMIT) {
        return (std::nullopt);
    }
    return (utcFromMilliseconds(*milliseconds));
}

}  // namespace

const AuditEntry*
AuditParser::reject(const char* reason) {
    error_ = reason;
    return (nullptr);
}

const AuditEntry*
AuditParser::parse(std::string_view line) {
    const auto begin = line.find('{');
    if (begin == std::string_view::npos) {
        return (reject("the line has no JSON object"));
    }
    if (line.size() >= MAX_RECORD) {
        return (reject("the line is longer than a record can be"));
    }
    for (auto& text : entry_.texts) {
        text.clear();
    }
    FieldReader reader(entry_);
    if (!nlohmann::json::sax_parse(line.data() + begin, line.data() + line.size(), &reader)) {
        return (reject("the JSON is damaged"));
    }
    constexpr auto TIME = auditFieldIndex(audit_field::TIME);
    constexpr auto EVENT = auditFieldIndex(audit_field::EVENT);
    constexpr auto LAST_SEEN = auditFieldIndex(audit_field::HOLDER_LAST_SEEN);
    const auto time = timeOf(entry_.texts[TIME]);
    if (!time || entry_.texts[EVENT].empty()) {
        return (reject("the object lacks a valid time or event of an audit record"));
    }
    entry_.time = *time;
    entry_.event = entry_.texts[EVENT];
    entry_.subnet_id = reader.number(auditFieldIndex(audit_field::SUBNET_ID));
    entry_.claimants = reader.number(auditFieldIndex(audit_field::CLAIMANTS));
    entry_.suppressed = reader.number(auditFieldIndex(audit_field::SUPPRESSED));
    entry_.holder_last_seen =
        entry_.texts[LAST_SEEN].empty() ? std::nullopt : timeOf(entry_.texts[LAST_SEEN]);
    return (&entry_);
}

std::optional<AuditEntry>
parseAuditLine(std::string_view line, std::string& error) {
    AuditParser parser;
    if (const auto* const entry = parser.parse(line)) {
        return (*entry);
    }
    error = parser.error();
    return (std::nullopt);
}

}  // namespace clone_guard
