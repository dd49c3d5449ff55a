// SPDX-License-Identifier: MPL-2.0
#include "ha_test.h"

#include <algorithm>
#include <iostream>

namespace clone_guard {
namespace test {

namespace {

/// How long a reply is waited for: replies are held back until the partner has the lease.
const Milliseconds PARKED(500);

/// The host like others, beside clones with the numbers before it.
const uint32_t UNIQUE = 9;

}  // namespace

void
HaTest::serveBoth(const ServerSetup& first, const ServerSetup& second, bool cabled) {
    HaPlan plan;
    plan.mode = GetParam();
    plan.cabled = cabled;
    pair_.reset();
    serve(plan.setup(first, 1), true);
    serveBeside(plan.setup(second, 2), true);
    pair_ = std::make_unique<HaPair>(plan, server(1), server(2));
    pair().awaitNormal();
    turnToBoth();
}

void
HaTest::turnToBoth() {
    link().turnTo(std::vector<Address>{serverAddress(1), serverAddress(2)});
    link().setPatience(PARKED);
    link().setBarrier([this] {
        for (const unsigned number : {1U, 2U}) {
            if (server(number).pid() > 0) {
                server(number).awaitThreads();
            }
        }
    });
}

unsigned
HaTest::serverOf(const SimClient& machine) {
    return (machine.server() == serverAddress(1) ? 1 : 2);
}

HaTest::Machines
HaTest::populate() {
    Machines machines{&clone(1), &clone(2), &clone(3), &machine(UNIQUE, cloneIdentifier(UNIQUE))};
    for (SimClient* each : machines) {
        EXPECT_FALSE(each->acquire().isZero()) << each->hwText() << " got no address";
    }
    return (machines);
}

size_t
HaTest::countKept(const Machines& machines) {
    return (size_t(std::count_if(machines.begin(), machines.end(), [](SimClient* machine) {
        const Address address = machine->address();
        return (!address.isZero() && machine->renew().address() == address &&
                machine->initReboot(address).address() == address && machine->acquire() == address &&
                machine->rebind().address() == address);
    })));
}

void
HaTest::expectAllKept(const Machines& machines, const std::string& when) {
    const size_t kept = countKept(machines);
    std::cout << GetParam() << ", " << when << ": " << kept << " of " << machines.size()
              << " clients kept their address" << std::endl;
    EXPECT_EQ(kept, machines.size());
}

Json
HaTest::leasesOf(unsigned number) {
    const Json answer = server(number).command("lease4-get-all");
    std::vector<Json> leases = answer.value("arguments", Json::object()).value("leases", Json::array());
    // Some releases keep a released lease for its client, without a lifetime, and not at the partner.
    leases.erase(std::remove_if(leases.begin(), leases.end(),
                                [](const Json& lease) { return (lease["valid-lft"] == 0); }),
                 leases.end());
    std::sort(leases.begin(), leases.end(), [](const Json& left, const Json& right) {
        return (Address(left["ip-address"].get<std::string>()) <
                Address(right["ip-address"].get<std::string>()));
    });
    return (leases);
}

}  // namespace test
}  // namespace clone_guard
