// SPDX-License-Identifier: MPL-2.0
#include "companion.h"

namespace clone_guard {
namespace test {

std::ostream&
operator<<(std::ostream& stream, const Company& company) {
    const std::string prefix = "libdhcp_";
    const auto name = company.library.substr(prefix.size(), company.library.rfind('.') - prefix.size());
    return (stream << name << (company.before ? "_before" : "_after")
                   << (company.threads > 0 ? "_threads" : ""));
}

namespace {

std::vector<Company>
ifShipped(const std::vector<Company>& orders) {
    return (KeaServer::ships(orders.front().library) ? orders : std::vector<Company>());
}

}  // namespace

std::vector<Company>
bothOrders(const std::string& library) {
    return (ifShipped({{library, true, 0}, {library, false, 0}}));
}

std::vector<Company>
bothOrdersThreaded(const std::string& library) {
    return (
        ifShipped({{library, true, 0}, {library, false, 0}, {library, true, 4}, {library, false, 4}}));
}

std::vector<Company>
onlyBefore(const std::string& library) {
    return (ifShipped({{library, true, 0}}));
}

std::vector<Company>
onlyAfter(const std::string& library) {
    return (ifShipped({{library, false, 0}}));
}

ServerSetup
CompanionTest::inCompany(const std::string& library, const Json& parameters) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = GetParam().threads;
    setup.subnets = {subnet(1), subnet(2)};
    (GetParam().before ? setup.hooks_before : setup.hooks_after)[library] = parameters;
    return (setup);
}

void
CompanionTest::meet() {
    awaitService();
    clones_ = {&clone(1), &clone(2), &clone(3, 2)};
    for (SimClient* machine : clones_) {
        ASSERT_FALSE(boot(*machine).isZero()) << machine->hwText();
    }
    ASSERT_NE(first().address(), second().address());
}

void
CompanionTest::expectApart() {
    for (SimClient* machine : clones_) {
        expectKept(*machine);
    }
    server().restart();
    awaitService();
    for (SimClient* machine : clones_) {
        expectKept(*machine);
    }
}

std::string
textOption(const Reply& reply, uint8_t code) {
    const auto data = reply.packet ? reply.packet->option(code) : std::nullopt;
    return (data ? std::string(data->begin(), data->end()) : std::string());
}

}  // namespace test
}  // namespace clone_guard
