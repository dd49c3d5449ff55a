// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/hosts.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/histories/rules/history.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Builds the hosts network by network.
class HostSpecBuilder {
public:
    std::vector<HostSpec> specs;

    void network(unsigned number) {
        network_ = number;
        for (unsigned clone = 0; clone < 10; ++clone) {
            alone(HostKind::CLONE, int(clone % TEMPLATES));
        }
        together(HostKind::IPVLAN, {1, 2, -1});
        together(HostKind::BOOT_STAGE, {2, -1});
        together(HostKind::BOOT_STAGE, {0});
        pxe(macIdentifier(virtualMac(machine_)));
        together(HostKind::BOOT_STAGE, {1});
        pxe(std::nullopt);
        alone(HostKind::FORGER, -1);
        for (unsigned unique = 0; unique < 3; ++unique) {
            alone(HostKind::UNIQUE, -1);
        }
        alone(HostKind::UNIQUE, -1);
        specs.back().identifier = macIdentifier(virtualMac(machine_));
        alone(HostKind::UNIQUE, -1);
        specs.back().identifier.reset();
    }

private:
    void alone(HostKind kind, int template_number) {
        together(kind, {template_number});
    }

    void together(HostKind kind, const std::vector<int>& templates) {
        ++machine_;
        for (const int template_number : templates) {
            HostSpec spec;
            spec.kind = kind;
            spec.machine = machine_;
            spec.network = network_;
            spec.subnet = network_ == 0 ? 1 : 2 + machine_ % 2;
            spec.template_number = template_number;
            spec.identifier = template_number < 0 ? uniqueIdentifier(unsigned(specs.size()))
                                                  : templateIdentifier(unsigned(template_number));
            specs.push_back(spec);
        }
    }

    /// Adds the PXE stage of the last machine.
    void pxe(const std::optional<Bytes>& identifier) {
        HostSpec spec = specs.back();
        spec.template_number = -1;
        spec.identifier = identifier;
        specs.push_back(spec);
    }

    unsigned network_ = 0;
    unsigned machine_ = 0;
};

}  // namespace

const std::vector<HostSpec>&
hostSpecs() {
    static const std::vector<HostSpec> all = [] {
        HostSpecBuilder builder;
        builder.network(0);
        builder.network(1);
        return (builder.specs);
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
probeHwAddress() {
    return (Bytes{0x02, 0x00, 0x00, 0x00, 0x00, 0xfe});
}

Address
reservedAddress() {
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
