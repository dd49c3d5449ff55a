// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/strangers.h>

#include <tests/e2e/harness/net/addresses.h>
#include <tests/histories/rules/network.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

const size_t CHADDR_SIZE = 16;
/// The longest hardware address that Kea accepts: it pads a longer one than chaddr.
const size_t LONGEST_HARDWARE_ADDRESS = 20;
const uint8_t OPTION_OVERLOAD = 52;
const uint8_t OPTION_USER_CLASS = 77;
const uint8_t OPTION_SUBNET_SELECTION = 118;
const uint8_t LEASEQUERY = 10;
const unsigned STRANGERS = 4;
const unsigned INVENTED_IDENTIFIERS = 3;

/// Draws the fields of one message.
class Draw {
public:
    Draw(const Host& victim, const std::vector<Host>& hosts, uint32_t seed) :
        victim_(victim), hosts_(hosts), random_(seed) {}

    unsigned below(unsigned sides) {
        return (unsigned(random_() % sides));
    }

    bool chance(unsigned percent) {
        return (below(100) < percent);
    }

    Bytes bytes(size_t size) {
        Bytes drawn(size);
        std::generate(drawn.begin(), drawn.end(), [this] { return (uint8_t(below(256))); });
        return (drawn);
    }

    const Host& anyHost() {
        return (hosts_[below(unsigned(hosts_.size()))]);
    }

    /// Makes the renewal of an address that no machine has, by one of two machines with an invented identifier.
    Packet pretend() {
        Packet packet;
        packet.chaddr = {0x02, 0x57, 0x00, 0x00, 0x01, uint8_t(below(2))};
        packet.type(REQUEST);
        packet.add(OPTION_CLIENT_IDENTIFIER, cloneIdentifier(0x6000000));
        packet.ciaddr = addressIn(victim_.relay.value >> 16 & 0xff, 8, uint8_t(1 + below(200)));
        packet.giaddr = victim_.relay;
        return (packet);
    }

    void drawHardware(Packet& packet) {
        const Bytes own{0x02, 0x57, 0x00, 0x00, 0x00, uint8_t(below(STRANGERS))};
        const unsigned which = below(100);
        packet.chaddr = own;
        if (which < 20) {
            packet.chaddr = Bytes(6, 0);
        } else if (which < 35) {
            packet.hlen = 0;
            packet.chaddr = chance(50) ? Bytes() : own;
        } else if (which < 42) {
            packet.chaddr = {0x01, 0x00, 0x5e, 0x00, 0x00, own.back()};
        } else if (which < 47) {
            packet.chaddr = Bytes(6, 0xff);
        } else if (which < 52) {
            packet.hlen = uint8_t(1 + below(5));
        } else if (which < 57) {
            packet.hlen = uint8_t(7 + below(10));
        } else if (which < 64) {
            // A part of the victim's address, or more than it: another hardware address.
            packet.hlen = chance(50) ? uint8_t(1 + below(5)) : uint8_t(7 + below(10));
            packet.chaddr = victim_.hw_address;
        } else if (which < 67) {
            packet.hlen = uint8_t(17 + below(239));
        } else if (which < 72) {
            static const uint8_t types[] = {0, 6, 7, 32, 255};
            packet.htype = types[below(5)];
            packet.hlen = packet.htype == 32 ? 0 : 6;
        }
    }

    Address address(Address gained) {
        const unsigned which = below(100);
        if (which < 60) {
            return (victim_.last);
        } else if (which < 70) {
            return (anyHost().last);
        } else if (which < 80) {
            const uint32_t subnet = victim_.relay.value >> 16 & 0xff;
            return (addressIn(subnet, 1, uint8_t(1 + below(poolSize(subnet)))));
        } else if (which < 90) {
            return (gained);
        }
        static const Address odd[] = {Address(), Address(0xffffffff), Address(0x7f000001), relayOf(1),
                                      Address(1)};
        return (odd[below(5)]);
    }

    Bytes identifier() {
        const Bytes overheard =
            victim_.guarded() ? *victim_.identifier : templateIdentifier(below(TEMPLATES));
        const Bytes own{0x02, 0x57, 0x00, 0x00, 0x00, uint8_t(below(STRANGERS))};
        const unsigned which = below(100);
        if (which < 62) {
            return (overheard);
        } else if (which < 70) {
            return (derivedIdentifier(victim_.hw_address, overheard));
        } else if (which < 74) {
            return (derivedIdentifier(own, overheard));
        } else if (which < 84) {
            return (cloneIdentifier(0x5000000 + below(INVENTED_IDENTIFIERS)));
        } else if (which < 92) {
            const Host& other = anyHost();
            return (other.guarded() ? *other.identifier : overheard);
        } else if (which < 95) {
            return (Bytes{0x00, 0x43, 0x47} + bytes(below(3)));
        }
        const Bytes random = Bytes{uint8_t(chance(50) ? 0xff : 0x00)} + bytes(below(255));
        return (random);
    }

    void addIdentifier(Packet& packet) {
        if (chance(8)) {
            return;
        } else if (chance(2)) {
            packet.add(OPTION_CLIENT_IDENTIFIER, {});
            return;
        }
        const Bytes whole = identifier();
        if (whole.size() > 1 && chance(10)) {
            const auto middle = whole.begin() + std::ptrdiff_t(below(unsigned(whole.size())));
            packet.add(OPTION_CLIENT_IDENTIFIER, Bytes(whole.begin(), middle));
            packet.add(OPTION_CLIENT_IDENTIFIER, Bytes(middle, whole.end()));
            return;
        }
        packet.add(OPTION_CLIENT_IDENTIFIER, whole);
        if (chance(3)) {
            packet.add(OPTION_CLIENT_IDENTIFIER, whole);
        }
    }

    void drawMessage(Packet& packet, Address gained) {
        const unsigned which = below(100);
        if (which < 42) {
            request(packet, gained);
        } else if (which < 54) {
            packet.type(DISCOVER);
            if (chance(50)) {
                packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address(gained).value));
            }
        } else if (which < 63) {
            packet.ciaddr = chance(50) ? address(gained) : Address();  // BOOTP
        } else if (which < 73) {
            giveUp(packet, gained);
        } else if (which < 81) {
            packet.type(DECLINE);
            packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address(gained).value));
            addServerIdentifier(packet, 75);
        } else if (which < 88) {
            packet.type(INFORM);
            packet.ciaddr = address(gained);
        } else if (which < 92) {
            packet.type(MessageType(LEASEQUERY));
            packet.ciaddr = chance(50) ? address(gained) : Address();
        } else if (which < 98) {
            packet.type(MessageType(below(256)));
            packet.ciaddr = chance(50) ? address(gained) : Address();
        } else {
            packet.add(OPTION_MESSAGE_TYPE, bytes(below(3)));
        }
    }

    void decorate(Packet& packet, Address gained) {
        const auto some = [this] { return (chance(8)); };
        packet.op = chance(2) ? uint8_t(below(4)) : packet.op;
        packet.secs = some() ? uint16_t(below(65536)) : uint16_t(0);
        packet.flags = some() ? uint16_t(chance(50) ? 0x8000 : below(65536)) : uint16_t(0);
        packet.yiaddr = some() ? address(gained) : Address();
        packet.siaddr = some() ? address(gained) : Address();
        if (some()) {
            packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(address(gained).value));
        }
        if (some()) {
            packet.add(OPTION_VENDOR_CLASS, fromText(chance(50) ? "PXEClient:Arch:00000" : "MSFT 5.0"));
        }
        if (some()) {
            packet.add(OPTION_USER_CLASS, bytes(below(20)));
        }
        if (some()) {
            packet.add(OPTION_PARAMETER_LIST, bytes(below(30)));
        }
        if (some()) {
            packet.add(OPTION_OVERLOAD, {uint8_t(below(5))});
        }
        if (some()) {
            packet.add(OPTION_SUBNET_SELECTION, bigEndian(relayOf(1 + below(3)).value));
        }
        if (some()) {
            static const uint8_t suboptions[] = {1, 2, 5, 5, 11, 19, 151};
            const uint8_t code = suboptions[below(7)];
            const Bytes data = code == 5    ? bigEndian(relayOf(1 + below(3)).value)
                               : code == 11 ? bigEndian(serverAddress(1 + below(2)).value)
                                            : bytes(1 + below(8));
            packet.add(OPTION_RELAY_AGENT, Bytes{code, uint8_t(data.size())} + data);
        }
    }

    /// Draws the relay. A message without relay comes from its ciaddr, which has to be an address of the hosts.
    void drawRelay(Packet& packet) {
        const unsigned which = below(100);
        const bool direct = packet.ciaddr.value >> 24 == 10;
        packet.giaddr = which < 75              ? victim_.relay
                        : which < 85            ? relayOf(1 + below(3))
                        : which < 88 || !direct ? relayOf(9)
                                                : Address();
    }

private:
    void addServerIdentifier(Packet& packet, unsigned percent) {
        if (chance(percent)) {
            packet.add(OPTION_SERVER_IDENTIFIER, bigEndian(serverAddress(1).value));
        } else if (chance(10)) {
            packet.add(OPTION_SERVER_IDENTIFIER, bigEndian(address(Address()).value));
        }
    }

    void request(Packet& packet, Address gained) {
        packet.type(REQUEST);
        const unsigned which = below(4);
        const Address wanted = address(gained);
        if (which < 2) {
            packet.ciaddr = wanted;  // RENEWING or REBINDING
            return;
        }
        packet.add(OPTION_REQUESTED_ADDRESS, bigEndian(wanted.value));
        addServerIdentifier(packet, which == 2 ? 100 : 0);
    }

    void giveUp(Packet& packet, Address gained) {
        packet.type(RELEASE);
        packet.ciaddr = address(gained);
        addServerIdentifier(packet, 75);
    }

    const Host& victim_;
    const std::vector<Host>& hosts_;
    std::mt19937 random_;
};

}  // namespace

Bytes
hardwareAddressOf(const Packet& packet) {
    if (packet.hlen > LONGEST_HARDWARE_ADDRESS) {
        return {};
    }
    Bytes hardware = packet.chaddr;
    hardware.resize(CHADDR_SIZE);
    hardware.resize(packet.hlen);
    return (hardware);
}

bool
isUsable(const std::string& hw_address) {
    return (hw_address.find_first_not_of("0:") != std::string::npos);
}

bool
belongsToHosts(const std::string& hw_address) {
    static const std::string example = toHex(virtualMac(0));
    static const size_t prefix = 8;
    return (hw_address.size() == example.size() &&
            hw_address.compare(0, prefix, example, 0, prefix) == 0);
}

std::string
describe(const Packet& packet) {
    std::string text = messageName(packet.type()) + " op " + std::to_string(packet.op) + " htype " +
                       std::to_string(packet.htype) + " hlen " + std::to_string(packet.hlen) +
                       " chaddr " + toHex(packet.chaddr) + " xid " + toHex(bigEndian(packet.xid)) +
                       " ciaddr " + packet.ciaddr.toText() + " yiaddr " + packet.yiaddr.toText() +
                       " giaddr " + packet.giaddr.toText();
    for (const auto& option : packet.options) {
        text += ", option " + std::to_string(option.first) + " " + toHex(option.second);
    }
    return (text);
}

Packet
Strangers::make(const Host& victim, const std::vector<Host>& hosts, uint32_t seed) const {
    Draw draw(victim, hosts, seed);
    if (seed % PRETENDERS == 0) {
        return (draw.pretend());
    }
    Packet packet;
    draw.drawHardware(packet);
    const auto found = gained_.find(hardwareAddressOf(packet));
    const Address gained = found == gained_.end() ? Address() : found->second.address;
    if (found != gained_.end() && draw.chance(10)) {
        // The stranger releases what it gained: it would exhaust the pool.
        packet = found->second.query;
        packet.options.clear();
        packet.type(RELEASE);
        if (const auto identifier = found->second.query.option(OPTION_CLIENT_IDENTIFIER)) {
            packet.add(OPTION_CLIENT_IDENTIFIER, *identifier);
        }
        packet.ciaddr = gained;
        return (packet);
    }
    draw.drawMessage(packet, gained);
    draw.addIdentifier(packet);
    draw.decorate(packet, gained);
    draw.drawRelay(packet);
    return (packet);
}

void
Strangers::receive(const Packet& query, const Packet& reply) {
    if (!reply.yiaddr.isZero()) {
        gained_[hardwareAddressOf(query)] = {query, reply.yiaddr};
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
