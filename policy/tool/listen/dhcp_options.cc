// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/dhcp_options.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

constexpr uint32_t MAGIC_COOKIE = 0x63825363;  // RFC 2131 section 3
constexpr size_t COOKIE_SIZE = 4;

enum Option : uint8_t {
    PAD = 0,
    HOST_NAME = 12,
    REQUESTED_ADDRESS = 50,
    LEASE_TIME = 51,
    OVERLOAD = 52,
    MESSAGE_TYPE = 53,
    SERVER_IDENTIFIER = 54,
    REQUESTED_OPTIONS = 55,
    VENDOR_CLASS = 60,
    CLIENT_IDENTIFIER = 61,
    FQDN = 81,
    AGENT_INFORMATION = 82,
    END = 255,
};

/// Bits of option 52.
constexpr uint8_t FILE_HAS_OPTIONS = 1;
constexpr uint8_t SNAME_HAS_OPTIONS = 2;

/// The options that are kept, joined.
class Options {
public:
    /// Reads one field. Returns false if an option is cut short. The end option may be missing, because some clients
    /// leave it out.
    bool read(ByteView field) {
        for (size_t at = 0; at < field.size();) {
            const auto code = field.data()[at++];
            if (code == PAD) {
                continue;
            }
            if (code == END) {
                return (true);
            }
            if (at >= field.size()) {
                return (false);
            }
            const size_t size = field.data()[at++];
            if (size > field.size() - at) {
                return (false);
            }
            auto& value = values_.at(code);
            value.insert(value.end(), field.data() + at, field.data() + at + size);
            at += size;
        }
        return (true);
    }

    [[nodiscard]] const Bytes& operator[](uint8_t code) const {
        return (values_.at(code));
    }

private:
    std::array<Bytes, 256> values_;
};

IpAddress
addressOf(const Bytes& value) {
    return (value.size() == 4 ? IpAddress(toNumber(value)) : IpAddress());
}

std::string
textOf(const Bytes& value) {
    std::string text(value.begin(), value.end());
    text.resize(std::min(text.find_last_not_of('\0') + 1, text.size()));
    return (text);
}

/// Returns the first label of option 81 (RFC 4702 section 2): flags (1), two unused bytes, then the name.
std::string
fqdnLabel(const Bytes& value) {
    constexpr size_t NAME = 3;
    constexpr uint8_t IN_WIRE_FORMAT = 4;
    if (value.size() <= NAME) {
        return {};
    }
    const auto begin = value.begin() + NAME;
    if ((value[0] & IN_WIRE_FORMAT) != 0) {
        const auto size = std::min<size_t>(*begin, value.size() - NAME - 1);
        return (std::string(begin + 1, begin + 1 + static_cast<std::ptrdiff_t>(size)));
    }
    return (std::string(begin, std::find(begin, value.end(), '.')));
}

/// Returns a suboption of option 82 (RFC 3046 section 2.0), or no bytes.
Bytes
suboption(const Bytes& value, uint8_t code) {
    for (size_t at = 0; at + 1 < value.size(); at += 2 + value[at + 1]) {
        if (value[at] == code && value[at + 1] <= value.size() - at - 2) {
            const auto begin = value.begin() + static_cast<std::ptrdiff_t>(at) + 2;
            return {begin, begin + value[at + 1]};
        }
    }
    return {};
}

void
fill(const Options& options, Message& message) {
    message.requested_address = addressOf(options[REQUESTED_ADDRESS]);
    message.server = addressOf(options[SERVER_IDENTIFIER]);
    if (options[LEASE_TIME].size() == 4) {
        message.lease_time = std::chrono::seconds(toNumber(options[LEASE_TIME]));
    }
    message.identifier = options[CLIENT_IDENTIFIER];
    message.hostname = textOf(options[HOST_NAME]);
    if (message.hostname.empty()) {
        message.hostname = fqdnLabel(options[FQDN]);
    }
    message.vendor_class = textOf(options[VENDOR_CLASS]);
    message.requested_options = options[REQUESTED_OPTIONS];
    message.circuit_id = suboption(options[AGENT_INFORMATION], 1);
    message.remote_id = suboption(options[AGENT_INFORMATION], 2);
}

}  // namespace

OptionsResult
readOptions(const OptionFields& fields, Message& message) {
    if (fields.options.size() < COOKIE_SIZE) {
        return (OptionsResult::DAMAGED);
    }
    if (toNumber({fields.options.data(), COOKIE_SIZE}) != MAGIC_COOKIE) {
        return (OptionsResult::NO_TYPE);
    }
    Options options;
    if (!options.read(fields.options.from(COOKIE_SIZE))) {
        return (OptionsResult::DAMAGED);
    }
    const uint8_t overload = options[OVERLOAD].size() == 1 ? options[OVERLOAD][0] : 0;
    if (((overload & FILE_HAS_OPTIONS) != 0 && !options.read(fields.file)) ||
        ((overload & SNAME_HAS_OPTIONS) != 0 && !options.read(fields.sname))) {
        return (OptionsResult::DAMAGED);
    }
    if (options[MESSAGE_TYPE].empty()) {
        return (OptionsResult::NO_TYPE);
    }
    const auto type = options[MESSAGE_TYPE][0];
    if (options[MESSAGE_TYPE].size() != 1 || type < 1 ||
        type > static_cast<uint8_t>(MessageType::INFORM)) {
        return (OptionsResult::NO_TYPE);
    }
    message.type = static_cast<MessageType>(type);
    fill(options, message);
    return (OptionsResult::COMPLETE);
}

}  // namespace clone_guard
