// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H

#include <tests/e2e/harness/net/link.h>
#include <tests/e2e/harness/servers/scratch_directory.h>
#include <tests/e2e/harness/servers/server_clock.h>
#include <tests/e2e/harness/servers/server_setup.h>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A record of the lease file, as it was written last.
struct LeaseRecord {
    Address address;
    std::string hw_address;  ///< as @ref toHex writes it
    std::string client_id;   ///< likewise; empty if there is none
    uint32_t subnet_id = 0;
    uint64_t expires = 0;
    uint32_t valid_lifetime = 0;
    int state = 0;  ///< 0 default, 1 declined, 2 expired and reclaimed
};

/// @brief A real kea-dhcp4 in a temporary directory of its own.
///
/// The directory goes with the object; set CLONE_GUARD_KEEP in the environment to keep it.
class KeaServer {
public:
    /// @brief Makes the directory and writes the configuration; starts nothing.
    ///
    /// @param steppable_clock lets @ref advanceClock work (libfaketime).
    explicit KeaServer(const ServerSetup& setup, bool steppable_clock = false);

    ~KeaServer();

    KeaServer(const KeaServer&) = delete;
    KeaServer& operator=(const KeaServer&) = delete;

    /// @brief Starts the server and waits until it answers on its control socket.
    ///
    /// @throw std::runtime_error if it ends instead, with what it said.
    void start();

    /// @brief Starts a server that is expected to refuse its configuration.
    ///
    /// @return all it said by the time it ended.
    std::string startAndFail();

    /// @brief Has the server check its configuration and nothing else.
    ///
    /// @param option -t, or -T to have hook libraries check their part as well, where the release knows it.
    /// @return whether it found nothing wrong; what it said is in console.log.
    bool check(const char* option);

    /// @brief Ends the server in order.
    void stop();

    /// @brief Ends the server as a power failure would.
    void kill();

    /// @brief Ends it in order and starts it again, same files.
    void restart();

    bool isRunning();

    /// @brief Replaces the configuration file; @ref start or config-reload take it up.
    void configure(const ServerSetup& setup);

    /// @brief Sends a command through the control socket.
    ///
    /// @return the whole answer: "result", "text", "arguments".
    Json command(const std::string& name, const Json& arguments = Json::object());

    /// @brief The same over HTTP, where @ref ServerSetup::http_port says.
    Json commandByHttp(uint16_t port, const std::string& name, const Json& arguments = Json::object());

    /// @brief Whether the release of Kea takes commands over HTTP without an agent.
    static bool takesHttp();

    /// @brief Waits until no thread is at work on a query.
    ///
    /// By a command for which the server stops its threads and which does nothing else here.
    void awaitThreads();

    /// @brief The command config-set with another setup.
    Json configSet(const ServerSetup& setup);

    /// @brief The present value of a statistic; 0 if the server does not know it.
    int64_t statistic(const std::string& name);

    /// @brief Moves the server's clock forward.
    void advanceClock(unsigned seconds);

    /// @brief Stops the server's clock, from its next start on: only @ref advanceClock moves it.
    void freezeClock();

    /// @brief What a frozen clock says, in seconds since 1970.
    uint64_t frozenTime() const;

    /// @brief Goes by the clock of another server, which has to outlive this one; either can move it.
    ///
    /// From its next start on, and as it is by then: to be frozen before.
    void shareClock(const KeaServer& other);

    /// @brief The last record of each address in the lease file, by address.
    std::vector<LeaseRecord> leases() const;

    /// @brief The record of one address, if there is one.
    std::optional<LeaseRecord> lease(Address address) const;

    /// @brief Records of the audit log, one JSON object a line.
    ///
    /// @throw nlohmann::json::parse_error if a line is anything else.
    std::vector<Json> audit() const;

    /// @brief Records of the audit log with this event.
    std::vector<Json> audit(const std::string& event) const;

    /// @brief Lines of the operator's log that contain a text.
    std::vector<std::string> operatorLog(const std::string& text = "") const;

    /// @brief Lines of the server's log that contain a text.
    std::vector<std::string> serverLog(const std::string& text = "") const;

    /// @brief Lines of the log of one logger of @ref ServerSetup::debug that contain a text.
    std::vector<std::string> debugLog(const std::string& logger, const std::string& text) const;

    /// @brief All bytes of a file in the server's directory; none if it is not there.
    std::string file(const std::string& name) const;

    /// @brief Sets a variable in the environment of the servers started from now on.
    void environment(const std::string& name, const std::string& value);

    const std::string& directory() const {
        return (directory_.path());
    }

    pid_t pid() const {
        return (pid_);
    }

    /// @brief Whether the release of Kea ships a hook library of this file name.
    static bool ships(const std::string& library);

    /// @brief How many threads process packets; 0: single-threaded.
    unsigned threads() const {
        return (threads_);
    }

    /// @brief Where it listens.
    Address address() const {
        return (address_);
    }

private:
    void spawn(const char* option = "-c");

    /// @brief The environment of the servers: the test's own and what was added.
    std::vector<char*> variables();

    /// @brief Puts every library that a server may load where @ref LIBRARIES says.
    void linkLibraries() const;

    bool exited();

    ScratchDirectory directory_;
    Address address_;
    unsigned threads_ = 0;
    std::vector<std::string> environment_;
    std::shared_ptr<ServerClock> clock_;  ///< null: the machine's
    pid_t pid_ = -1;
    int status_ = 0;  ///< how the last one ended, as waitpid() has it
};

/// @brief Waits until something holds, with a generous limit.
///
/// @return false if it never did.
bool eventually(const std::function<bool()>& holds, Milliseconds limit = Milliseconds(20000));

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H
