// SPDX-License-Identifier: MPL-2.0
//
// Packets through the real library and Kea's allocation. An input is a short history: leases of all kinds, machines that
// boot and renew, and strangers that send anything. See world.h for what is checked.

#include <tests/fuzz/world.h>

#include <tests/policy/support.h>

namespace {

using namespace clone_guard;
using namespace clone_guard::fuzz;

/// Longer histories find nothing that shorter ones do not, and take longer.
constexpr int MAX_EVENTS = 16;

void
play(Choices& choices, World& world) {
    switch (choices.below(8)) {
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
        world.age(static_cast<uint32_t>(choices.byte()) * 30);
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
    World world;
    for (int event = 0; event < MAX_EVENTS && !choices.atEnd(); ++event) {
        play(choices, world);
    }
    world.checkRenewals();
    return (0);
}
