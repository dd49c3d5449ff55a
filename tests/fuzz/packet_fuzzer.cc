// SPDX-License-Identifier: MPL-2.0
//
// Packets through the real library and Kea's allocation. An input is a short history: leases of all kinds, machines that
// boot and renew, strangers that send anything, commands of the operator, and time that passes. Its first byte chooses the
// configuration. See world.h for what is checked.

#include <tests/fuzz/operator.h>
#include <tests/fuzz/stopped_clock.h>
#include <tests/fuzz/world.h>

namespace {

using namespace clone_guard;
using namespace clone_guard::fuzz;

/// Longer histories find nothing that shorter ones do not, and take longer.
constexpr int MAX_EVENTS = 20;

/// What the server does by itself.
void
maintain(size_t task, World& world) {
    switch (task) {
    case 0:
        world.server().reclaim(false);
        break;
    case 1:
        world.server().reclaim(true);
        break;
    default:
        Server::update();
        break;
    }
}

void
play(Choices& choices, World& world) {
    switch (choices.below(12)) {
    case 0: {
        const auto subnet = 1 + static_cast<uint32_t>(choices.below(SUBNETS));
        const auto machine = chooseMachine(choices);
        world.boot(subnet, machine, chooseIdentifier(choices));
        break;
    }
    case 1: {
        const auto kind = choices.below(7);
        const auto subnet = 1 + static_cast<uint32_t>(choices.below(SUBNETS));
        const auto address = chooseAddress(choices, subnet);
        const auto machine = chooseMachine(choices);
        world.addLease(kind, subnet, address, machine, chooseIdentifier(choices));
        break;
    }
    case 2:
        world.renew(choices.byte());
        break;
    case 3:
        // Up to two lifetimes of a lease.
        stopped_clock::advance(choices.byte() * 30);
        break;
    case 5:
        // Up to ten days.
        stopped_clock::advance(choices.byte() * 3600);
        break;
    case 6:
        operate(world.server(), choices);
        break;
    case 7:
        maintain(choices.below(3), world);
        break;
    default:
        world.send(chooseStranger(choices));
        break;
    }
}

}  // namespace

/// libFuzzer follows the library from its first input on.
extern "C" int
LLVMFuzzerInitialize(int*, char***) {
    Server::instance();
    return (0);
}

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    Choices choices(ByteView(data, size));
    World world(site(choices.below(SITES)));
    for (int event = 0; event < MAX_EVENTS && !choices.atEnd(); ++event) {
        play(choices, world);
    }
    world.checkRenewals();
    return (0);
}
