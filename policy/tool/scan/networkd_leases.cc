// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/networkd_leases.h>

#include <tool/cli/failure.h>
#include <tool/scan/lease_text.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace clone_guard {

namespace {

using nlohmann::json;

/// Reads an array of bytes: [255, 202, 83]. Returns std::nullopt if it is absent or invalid.
std::optional<Bytes>
readBytes(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array() || found->size() > MAX_LEASE_BYTES) {
        return (std::nullopt);
    }
    Bytes bytes;
    for (const auto& number : *found) {
        if (!number.is_number_unsigned() || number.get<uint64_t>() > UINT8_MAX) {
            return (std::nullopt);
        }
        bytes.push_back(number.get<uint8_t>());
    }
    return (bytes);
}

std::optional<IpAddress>
readAddress(const json& object) {
    const auto bytes = readBytes(object, "Address");
    if (!bytes || bytes->size() != 4) {
        return (std::nullopt);
    }
    return (IpAddress(toNumber(*bytes)));
}

/// Reads when a lease expires. Returns the first second of 1970 if the document has only the time since boot.
UtcSeconds
readExpiry(const json& object) {
    static constexpr uint64_t MICROSECONDS = 1000000;
    const auto found = object.find("ExpirationRealtimeUSec");
    if (found == object.end() || !found->is_number_unsigned()) {
        return {};
    }
    return (utcFromSeconds(
        static_cast<int64_t>(std::min<uint64_t>(found->get<uint64_t>() / MICROSECONDS, UINT32_MAX))));
}

}  // namespace

/// Takes each lease out of the document as soon as it is complete, so that the whole document is never in memory.
class NetworkdLeases::Document {
public:
    Document(NetworkdLeases& reader) : reader_(reader) {}

    /// Parses the document. Returns its outermost value without the leases.
    json parse(const std::string& text) {
        const auto on_event = [this](int depth, json::parse_event_t event, json& value) {
            return (event != json::parse_event_t::object_end || depth == 0 || !isLease(value) ||
                    !take(value));
        };
        return (json::parse(text, on_event, false));
    }

    [[nodiscard]] bool hasLeases() const noexcept {
        return (number_ > 0);
    }

private:
    static bool isLease(const json& value) {
        return (value.is_object() && value.contains("ClientId") && value.contains("Address"));
    }

    bool take(const json& value) {
        ++number_;
        const auto address = readAddress(value);
        auto identifier = readBytes(value, "ClientId");
        if (!address || !identifier) {
            reader_.skip(number_, "the lease is invalid");
            return (true);
        }
        auto& lease = reader_.leases_.emplace_back();
        lease.address = *address;
        lease.identifier = std::move(*identifier);
        lease.hw_address = readBytes(value, "HardwareAddress").value_or(Bytes());
        const auto hostname = value.find("Hostname");
        if (hostname != value.end() && hostname->is_string()) {
            lease.hostname = hostname->get<std::string>();
        }
        const auto expires = readExpiry(value);
        lease.time = std::max(UtcSeconds(), expires - reader_.assumptions_.lease_time);
        return (true);
    }

    NetworkdLeases& reader_;
    uint64_t number_ = 0;
};

NetworkdLeases::NetworkdLeases(const std::string& path, LineReader& lines, OnDamage on_damage,
                               const LeaseAssumptions& assumptions) :
    LeaseReader(lines, std::move(on_damage)),
    assumptions_(assumptions) {
    std::string text;
    if (!lines.readRest(text, LONGEST)) {
        throw Failure(inQuotes(path) +
                      " is not a lease file of systemd-networkd: it is longer than 64 MiB");
    }
    Document document(*this);
    const auto outermost = document.parse(text);
    if (outermost.is_discarded()) {
        throw Failure(inQuotes(path) + " is damaged: its JSON is invalid, or its end is missing");
    }
    if (!document.hasLeases() && !outermost.contains("Leases")) {
        throw Failure(inQuotes(path) +
                      " is JSON, but not a lease file of systemd-networkd: it has no 'Leases'");
    }
    if (outermost.is_object()) {
        const auto length = outermost.find("PrefixLength");
        if (length != outermost.end() && length->is_number_unsigned() && length->get<uint64_t>() <= 32) {
            assumptions_.prefix = length->get<uint8_t>();
        }
    }
}

const LeaseRow*
NetworkdLeases::next() {
    if (at_ == leases_.size()) {
        return (nullptr);
    }
    const auto& lease = leases_[at_++];
    row_.address = lease.address;
    row_.hw_address = lease.hw_address;
    row_.identifier = lease.identifier;
    row_.hostname = lease.hostname;
    row_.time = lease.time;
    row_.lifetime = assumptions_.lease_time;
    row_.prefix = assumptions_.prefix;
    row_.subnet = prefixOf(lease.address, row_.prefix);
    return (&row_);
}

}  // namespace clone_guard
