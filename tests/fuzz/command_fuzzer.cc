// SPDX-License-Identifier: MPL-2.0
//
// Commands of the control channel, with arguments of any kind. The first byte chooses the command. If the rest begins with
// a brace, it is JSON; otherwise the grammar makes JSON of it.

#include <tests/fuzz/json_grammar.h>
#include <tests/fuzz/operator.h>
#include <tests/fuzz/world.h>

#include <tests/policy/support.h>

namespace {

using namespace clone_guard;
using namespace clone_guard::fuzz;
using clone_guard::properties::require;
using isc::data::ConstElementPtr;
using isc::data::Element;

const std::vector<const char*> WORDS{"client-id",
                                     "subnet-id",
                                     "from",
                                     "limit",
                                     "start",
                                     "network",
                                     "lab",
                                     "client-ids",
                                     "duids",
                                     "leases",
                                     "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
                                     "ffca53",
                                     "10.1.0.10",
                                     "next"};

/// Conflicts in several networks, of several policies.
void
prepare() {
    static World& world = *new World(site(0));
    if (leaseDatabase().getLeases4().empty()) {
        for (uint32_t subnet = 1; subnet <= SUBNETS; ++subnet) {
            for (uint32_t machine = 1; machine <= 3; ++machine) {
                world.boot(subnet, test::mac(machine), test::cloneIdentifier());
            }
        }
    }
}

/// @return the JSON; null if it cannot be parsed
ConstElementPtr
parsed(ByteView input) {
    if (!input.empty() && input[0] != '{') {
        Choices choices(input);
        return (JsonGrammar(choices, WORDS).map());
    }
    try {
        return (Element::fromJSON(std::string(input.begin(), input.end())));
    } catch (const isc::Exception&) {
        return {};
    }
}

}  // namespace

/// libFuzzer follows the library from its first input on.
extern "C" int
LLVMFuzzerInitialize(int*, char***) {
    prepare();
    return (0);
}

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    prepare();
    if (size == 0) {
        return (0);
    }
    const auto before = Server::degraded();
    const auto response = Server::instance().command(COMMANDS[data[0] % std::size(COMMANDS)],
                                                     parsed(ByteView(data + 1, size - 1)));
    checkAnswer(response);
    require(Server::degraded() == before, "R13: no command fails unforeseen");
    return (0);
}
