// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/hosts.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/histories/rules/history.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Makes the hosts of one network after the other.
class Casting {
public:
    std::vector<Role> roles;

    void network(unsigned number) {
        network_ = number;
        for (unsigned clone = 0; clone < 10; ++clone) {
            alone(Kind::CLONE, int(clone % TEMPLATES));
        }
        together(Kind::NEIGHBOR, {1, 2, -1});
        together(Kind::STAGE, {2, -1});
        together(Kind::STAGE, {0});
        pxe(macIdentifier(virtualMac(machine_)));
        together(Kind::STAGE, {1});
        pxe(std::nullopt);
        alone(Kind::LIAR, -1);
        for (unsigned unique = 0; unique < 3; ++unique) {
            alone(Kind::UNIQUE, -1);
        }
        alone(Kind::UNIQUE, -1);
        roles.back().identifier = macIdentifier(virtualMac(machine_));
        alone(Kind::UNIQUE, -1);
        roles.back().identifier.reset();
    }

private:
    void alone(Kind kind, int made_from) {
        together(kind, {made_from});
    }

    void together(Kind kind, const std::vector<int>& templates) {
        ++machine_;
        for (const int made_from : templates) {
            Role role;
            role.kind = kind;
            role.machine = machine_;
            role.network = network_;
            role.subnet = network_ == 0 ? 1 : 2 + machine_ % 2;
            role.made_from = made_from;
            role.identifier = made_from < 0 ? uniqueIdentifier(unsigned(roles.size()))
                                            : templateIdentifier(unsigned(made_from));
            roles.push_back(role);
        }
    }

    /// What runs on the last machine before its system does.
    void pxe(const std::optional<Bytes>& identifier) {
        Role role = roles.back();
        role.made_from = -1;
        role.identifier = identifier;
        roles.push_back(role);
    }

    unsigned network_ = 0;
    unsigned machine_ = 0;
};

}  // namespace

const std::vector<Role>&
cast() {
    static const std::vector<Role> all = [] {
        Casting casting;
        casting.network(0);
        casting.network(1);
        return (casting.roles);
    }();
    return (all);
}

Bytes
templateIdentifier(unsigned number) {
    return (cloneIdentifier(0x1000 + number));
}

Bytes
uniqueIdentifier(unsigned number) {
    return (cloneIdentifier(0x2000000 + number));
}

Bytes
bystander() {
    return (Bytes{0x02, 0x00, 0x00, 0x00, 0x00, 0xfe});
}

Address
notToBeHad() {
    return (addressIn(1, 0, 2));
}

unsigned
networkOfSubnet(uint32_t subnet) {
    return (subnet == 1 ? 0 : 1);
}

unsigned
networkOf(Address address) {
    return (networkOfSubnet(address.value >> 16 & 0xff));
}

unsigned
poolSize(uint32_t subnet) {
    return (subnet == 1 ? 26 : 14);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
