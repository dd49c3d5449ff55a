// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_SIM_CLIENT_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_SIM_CLIENT_H

#include <tests/e2e/harness/net/link.h>

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A reply of the server or its silence, which tests compare and print.
struct Reply {
    std::optional<Packet> packet;

    bool isSilence() const {
        return (!packet);
    }

    /// @brief The message type, 0 for silence.
    uint8_t type() const {
        return (packet ? packet->type() : 0);
    }

    /// @brief The address in it, zero for silence.
    Address address() const {
        return (packet ? packet->yiaddr : Address());
    }
};

std::ostream& operator<<(std::ostream& stream, const Reply& reply);

/// @brief A simulated machine: a hardware address, what it sends as option 61, and its address.
///
/// Every message returns what the server answered. Silence is not guessed from a time: when no reply
/// is there soon, an INFORM of a bystander follows, and once that is answered the first is settled.
class SimClient {
public:
    /// @param link the way to the server.
    /// @param hw_address what chaddr holds, at most sixteen bytes.
    /// @param identifier what option 61 holds; nothing: no option 61.
    /// @param relay the relay it is behind, see @ref relayOf.
    SimClient(Link& link, const Bytes& hw_address, const std::optional<Bytes>& identifier,
              Address relay);

    /// @brief DISCOVER, as after a boot.
    Reply discover();

    /// @brief REQUEST of what an offer offers (SELECTING).
    Reply request(const Reply& offer);

    /// @brief REQUEST of any address from its server (SELECTING).
    Reply request(Address address);

    /// @brief REQUEST in INIT-REBOOT state for an address it remembers.
    Reply initReboot(Address address);

    /// @brief REQUEST straight from its address (RENEWING).
    Reply renew();

    /// @brief REQUEST with its address through the relay (REBINDING).
    Reply rebind();

    /// @brief RELEASE of its own address or of any other.
    void release();
    void release(Address address);

    /// @brief DECLINE of its own address or of any other.
    void decline();
    void decline(Address address);

    /// @brief DISCOVER and REQUEST; on success the address is held.
    ///
    /// @return the address, zero if the server did not give one.
    Address acquire();

    /// @brief The INFORM of a bystander: when it is answered, all that was sent before is handled.
    void settle();

    /// @brief Sends any packet and tells what came back.
    Reply exchange(const Packet& packet);

    /// @brief A packet of this machine of one type, with its option 61 and its other options.
    Packet packet(MessageType type) const;

    /// @brief The messages of @ref request, @ref initReboot, @ref renew and @ref rebind, not yet sent.
    Packet selecting(Address address) const;
    Packet rebooting(Address address) const;
    Packet renewing() const;
    Packet rebinding() const;

    /// @brief A message of one of several machines.
    struct Turn {
        SimClient* client;
        Packet query;
    };

    /// @brief Sends messages back to back, and reads replies only then: machines that ask in one instant.
    ///
    /// The server's socket holds some hundred messages; more would be lost.
    ///
    /// @return what each machine was answered, in the order of the messages.
    static std::vector<Reply> exchangeTogether(const std::vector<Turn>& turns);

    /// @brief Holds an address without having asked for it, as a clone that woke up with it.
    void remember(Address address) {
        address_ = address;
    }

    Address address() const {
        return (address_);
    }

    /// @brief The server that answered last.
    Address server() const {
        return (server_);
    }

    const Bytes& hwAddress() const {
        return (hw_address_);
    }

    std::string hwText() const {
        return (toHex(hw_address_));
    }

    const Bytes& identifier() const {
        return (*identifier_);
    }

    /// @brief Sends another option 61 from now on, as after sealing.
    void setIdentifier(const std::optional<Bytes>& identifier) {
        identifier_ = identifier;
    }

    void setRelay(Address relay) {
        relay_ = relay;
    }

    void setHardwareType(uint8_t htype) {
        htype_ = htype;
    }

    /// @brief Adds an option to every message from now on.
    void addOption(uint8_t code, const Bytes& data) {
        more_.emplace_back(code, data);
    }

    /// @brief What a reply's option 61 has to be.
    enum class Echo { OWN, NONE, ANY };

    /// @brief Says what a reply's option 61 has to be; the client's own, unless something is said.
    void expectEcho(Echo echo) {
        expected_echo_ = echo;
    }

    /// @brief Replies whose option 61 was not what was expected.
    unsigned wrongEchoes() const {
        return (wrong_echoes_);
    }

private:
    void checkEcho(const Packet& query, const Packet& reply);
    Reply take(const Packet& query, const Packet& reply);
    Bytes serverIdentifier() const;
    Packet sentinel() const;

    Link& link_;
    Bytes hw_address_;
    uint8_t htype_ = 1;
    std::optional<Bytes> identifier_;
    Address relay_;
    Address address_;
    Address server_;  ///< who answered last
    std::vector<std::pair<uint8_t, Bytes>> more_;
    Echo expected_echo_ = Echo::OWN;
    unsigned wrong_echoes_ = 0;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_SIM_CLIENT_H
