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

/// @brief A reply of the server, or its silence.
struct Reply {
    std::optional<Packet> packet;

    bool isSilence() const {
        return (!packet);
    }

    /// @brief The message type, or 0 for silence.
    uint8_t type() const {
        return (packet ? packet->type() : 0);
    }

    /// @brief The address in the reply, or zero for silence.
    Address address() const {
        return (packet ? packet->yiaddr : Address());
    }
};

std::ostream& operator<<(std::ostream& stream, const Reply& reply);

/// @brief Fields of a packet's header that differ from what a correct client sends; std::nullopt for the correct value.
struct Header {
    std::optional<uint8_t> op;
    std::optional<uint8_t> htype;
    std::optional<uint8_t> hlen;  ///< need not be the length of chaddr
    std::optional<Bytes> chaddr;
    std::optional<uint16_t> secs;
    std::optional<uint16_t> flags;
    std::optional<Address> yiaddr;
    std::optional<Address> siaddr;

    /// @brief Sets these fields in a packet.
    void applyTo(Packet& packet) const;
};

/// @brief A simulated machine: a hardware address, the option 61 that it sends, and its address.
///
/// Every message returns the server's reply. A timeout alone does not count as silence: the machine sends the INFORM of
/// a bystander, and the query counts as unanswered once that INFORM is answered.
class SimClient {
public:
    /// @param link the path to the server.
    /// @param hw_address the value of chaddr, at most sixteen bytes.
    /// @param identifier the value of option 61, or std::nullopt for no option 61.
    /// @param relay the relay between machine and server, see @ref relayOf.
    SimClient(Link& link, const Bytes& hw_address, const std::optional<Bytes>& identifier,
              Address relay);

    /// @brief Sends DISCOVER, as after a boot.
    Reply discover();

    /// @brief Sends REQUEST for the address of an offer (SELECTING).
    Reply request(const Reply& offer);

    /// @brief Sends REQUEST for any address to its server (SELECTING).
    Reply request(Address address);

    /// @brief Sends REQUEST for a remembered address (INIT-REBOOT).
    Reply initReboot(Address address);

    /// @brief Sends REQUEST straight from its address (RENEWING).
    Reply renew();

    /// @brief Sends REQUEST with its address through the relay (REBINDING).
    Reply rebind();

    /// @brief Sends RELEASE for its own address or for any other.
    void release();
    void release(Address address);

    /// @brief Sends DECLINE for its own address or for any other.
    void decline();
    void decline(Address address);

    /// @brief Sends DISCOVER and REQUEST, and holds the address on success.
    ///
    /// @return the address, or zero if the server did not allocate one.
    Address acquire();

    /// @brief Sends the INFORM of a bystander: once it is answered, the server has handled all earlier messages.
    void settle();

    /// @brief Sends any packet and returns the reply.
    Reply exchange(const Packet& packet);

    /// @brief Makes a packet of one type, with this machine's option 61 and its other options.
    Packet packet(MessageType type) const;

    /// @brief Makes a BOOTP query: a packet without a message type.
    Packet bootp() const;

    /// @brief Makes an INFORM straight from an address.
    Packet informing(Address address) const;

    /// @brief Makes the message of @ref request, @ref initReboot, @ref renew or @ref rebind without sending it.
    Packet selecting(Address address) const;
    Packet rebooting(Address address) const;
    Packet renewing() const;
    Packet rebinding() const;

    /// @brief A query and the machine that sends it.
    struct ClientQuery {
        SimClient* client;
        Packet query;
    };

    /// @brief Sends the queries of several machines back to back, and reads the replies only afterwards.
    ///
    /// The server's socket holds some hundred messages and loses any more.
    ///
    /// @return the reply to each query, in the order of the queries.
    static std::vector<Reply> exchangeTogether(const std::vector<ClientQuery>& queries);

    /// @brief Holds an address without a REQUEST, as a clone that resumes with it.
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
        header_.htype = htype;
    }

    /// @brief Sets fields of the header of every packet from now on, valid or not.
    void setHeader(const Header& header) {
        header_ = header;
    }

    /// @brief Adds an option to every message from now on.
    void addOption(uint8_t code, const Bytes& data) {
        more_.emplace_back(code, data);
    }

    /// @brief The expected option 61 of a reply: the client's own, none, or any.
    enum class Echo { OWN, NONE, ANY };

    /// @brief Sets the expected option 61 of all replies; the default is the client's own.
    void expectEcho(Echo echo) {
        expected_echo_ = echo;
    }

    /// @brief The number of replies whose option 61 was unexpected.
    unsigned wrongEchoes() const {
        return (wrong_echoes_);
    }

private:
    Packet untyped() const;
    void addOptions(Packet& packet) const;
    void checkEcho(const Packet& query, const Packet& reply);
    Reply take(const Packet& query, const Packet& reply);
    Bytes serverIdentifier() const;
    Packet sentinel() const;

    Link& link_;
    Bytes hw_address_;
    Header header_;
    std::optional<Bytes> identifier_;
    Address relay_;
    Address address_;
    Address server_;  ///< the server that answered last
    std::vector<std::pair<uint8_t, Bytes>> more_;
    Echo expected_echo_ = Echo::OWN;
    unsigned wrong_echoes_ = 0;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_CLIENTS_SIM_CLIENT_H
