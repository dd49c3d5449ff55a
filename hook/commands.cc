// SPDX-License-Identifier: MPL-2.0

#include <kea_compat.h>

#include <commands.h>
#include <conflict_list.h>
#include <lease_evidence.h>

#include <asiolink/io_address.h>
#include <config/cmds_impl.h>

namespace clone_guard {
namespace commands {

namespace {

using isc::asiolink::IOAddress;
using isc::config::CONTROL_RESULT_EMPTY;
using isc::config::CONTROL_RESULT_SUCCESS;
using isc::data::ConstElementPtr;
using isc::data::Element;

/// Begins what "next" says once the leases have been gone through.
const std::string IN_MEMORY = "memory:";

constexpr int64_t DEFAULT_LIMIT = 1000;
constexpr int64_t MAX_LIMIT = 10000;

/// Where a page begins and how much it may look at.
struct PageRequest {
    bool leases = true;
    IOAddress after_lease = IOAddress::IPV4_ZERO_ADDRESS();
    Bytes after_identifier;
    size_t limit = DEFAULT_LIMIT;
};

void
readFrom(const std::string& from, PageRequest& page) {
    if (from == "start") {
        return;
    }
    page.leases = from.rfind(IN_MEMORY, 0) != 0;
    if (page.leases) {
        try {
            page.after_lease = IOAddress(from);
        } catch (const isc::Exception&) {
            page.after_lease = IOAddress::IPV6_ZERO_ADDRESS();
        }
        if (page.after_lease.isV4()) {
            return;
        }
    } else if (const auto identifier = fromHex(from.substr(IN_MEMORY.size()))) {
        page.after_identifier = *identifier;
        return;
    } else if (from == IN_MEMORY) {
        return;
    }
    isc_throw(isc::BadValue, "invalid from: '" << from
                                               << "', must be \"start\" or what the argument next "
                                                  "of the page before says");
}

PageRequest
readArguments(const ConstElementPtr& arguments) {
    PageRequest page;
    if (!arguments) {
        return (page);
    }
    if (arguments->getType() != Element::map) {
        isc_throw(isc::BadValue, "the arguments must be a map");
    }
    for (const auto& [name, value] : arguments->mapValue()) {
        if (name == "from") {
            if (value->getType() != Element::string) {
                isc_throw(isc::BadValue, "invalid from: must be a string");
            }
            readFrom(value->stringValue(), page);
        } else if (name == "limit") {
            if (value->getType() != Element::integer || value->intValue() < 1 ||
                value->intValue() > MAX_LIMIT) {
                isc_throw(isc::BadValue,
                          "invalid limit: '" << value->str() << "', must be 1.." << MAX_LIMIT);
            }
            page.limit = static_cast<size_t>(value->intValue());
        } else {
            isc_throw(isc::BadValue, "unknown argument '" << name << "', there are from and limit");
        }
    }
    return (page);
}

class ConflictCommand : private isc::config::CmdsImpl {
public:
    explicit ConflictCommand(const Guard& guard) : guard_(guard), list_(guard) {}

    void getAll(isc::hooks::CalloutHandle& handle) {
        try {
            extractCommand(handle);
            const auto next = fill(readArguments(cmd_args_));
            auto response = answer(next);
            setResponse(handle, response);
        } catch (const std::exception& error) {
            setErrorResponse(handle, error.what());
        }
    }

private:
    /// Returns where the next page begins; empty after the last one.
    std::string fill(const PageRequest& page) {
        auto room = page.limit;
        if (page.leases) {
            const auto leases = ask([&page] {
                return (
                    leaseDatabase().getLeases4(page.after_lease, isc::dhcp::LeasePageSize(page.limit)));
            });
            for (const auto& lease : leases) {
                list_.add(*lease);
            }
            if (leases.size() >= page.limit) {
                return (leases.back()->addr_.toText());
            }
            room -= leases.size();
        }
        const auto views = guard_.conflicts().list(page.after_identifier, room);
        for (const auto& view : views) {
            list_.add(view, std::chrono::steady_clock::now());
        }
        return (views.size() >= room ? IN_MEMORY + toHex(views.back().identifier) : std::string());
    }

    [[nodiscard]] ConstElementPtr answer(const std::string& next) const {
        auto arguments = Element::createMap();
        const auto conflicts = list_.toElement();
        arguments->set("conflicts", conflicts);
        arguments->set("count", Element::create(static_cast<int64_t>(conflicts->size())));
        if (!next.empty()) {
            arguments->set("next", Element::create(next));
        }
        const auto text = std::to_string(conflicts->size()) + " conflict(s) found" +
                          (next.empty() ? "." : ", ask on from '" + next + "'.");
        const bool nothing = conflicts->empty() && next.empty();
        return (isc::config::createAnswer(nothing ? CONTROL_RESULT_EMPTY : CONTROL_RESULT_SUCCESS, text,
                                          arguments));
    }

    const Guard& guard_;
    ConflictList list_;
};

}  // namespace

void
conflictGetAll(isc::hooks::CalloutHandle& handle, const Guard& guard) {
    ConflictCommand(guard).getAll(handle);
}

}  // namespace commands
}  // namespace clone_guard
