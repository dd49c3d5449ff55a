// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H

#include <tests/e2e/harness/servers/eventually.h>
#include <tests/e2e/harness/servers/lease_record.h>
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

/// @brief A real kea-dhcp4 in its own temporary directory.
///
/// The directory is removed with the object; set CLONE_GUARD_KEEP in the environment to keep it.
class KeaServer {
public:
    /// @brief Makes the directory and writes the configuration, without starting the server.
    ///
    /// @param steppable_clock true to make @ref advanceClock available (libfaketime).
    explicit KeaServer(const ServerSetup& setup, bool steppable_clock = false);

    ~KeaServer();

    KeaServer(const KeaServer&) = delete;
    KeaServer& operator=(const KeaServer&) = delete;

    /// @brief Starts the server and waits until it answers on its control socket.
    ///
    /// @throw std::runtime_error with the server's output if it ends.
    void start();

    /// @brief Starts a server that is expected to refuse its configuration.
    ///
    /// @return all output until its end.
    std::string startAndFail();

    /// @brief Makes the server check its configuration and nothing else.
    ///
    /// @param option -t, or -T to have hook libraries check their part, if the release supports it.
    /// @return true if the server found no error; its output is in console.log.
    bool check(const char* option);

    /// @brief Stops the server in order.
    void stop();

    /// @brief Kills the server, as a power failure would.
    void kill();

    /// @brief Stops the server in order and starts it again with the same files.
    void restart();

    bool isRunning();

    /// @brief Replaces the configuration file; @ref start and config-reload read it.
    void configure(const ServerSetup& setup);

    /// @brief Sends a command through the control socket.
    ///
    /// @return the whole answer: "result", "text", "arguments".
    Json command(const std::string& name, const Json& arguments = Json::object());

    /// @brief Sends a command over HTTP to the port of @ref ServerSetup::http_port.
    Json commandByHttp(uint16_t port, const std::string& name, const Json& arguments = Json::object());

    /// @brief True if the release of Kea accepts commands over HTTP without an agent.
    static bool takesHttp();

    /// @brief Waits until no thread processes a query.
    ///
    /// It sends a command for which the server stops its threads and which has no other effect here.
    void awaitThreads();

    /// @brief Sends the command config-set with another setup.
    Json configSet(const ServerSetup& setup);

    /// @brief Returns the value of a statistic, or 0 if the server does not know it.
    int64_t statistic(const std::string& name);

    /// @brief Moves the server's clock forward.
    void advanceClock(unsigned seconds);

    /// @brief Stops the server's clock from its next start on: only @ref advanceClock moves it.
    void freezeClock();

    /// @brief Returns the time of a frozen clock in seconds since 1970.
    uint64_t frozenTime() const;

    /// @brief Uses the clock of another server, which has to outlive this one; either can move the clock.
    ///
    /// It takes effect at the next start. Freeze the clock before this call, not after it.
    void shareClock(const KeaServer& other);

    /// @brief Returns the lease of each address, in the order of the addresses: from the database of the setup, or the
    /// current entry in the lease file. Leases with a lifetime of 0 are left out.
    std::vector<LeaseRecord> leases() const;

    /// @brief Returns the lease of one address, or std::nullopt if it is absent.
    std::optional<LeaseRecord> lease(Address address) const;

    /// @brief Returns all audit records.
    ///
    /// @throw nlohmann::json::parse_error if a line of the audit log is not a JSON object.
    std::vector<Json> audit() const;

    /// @brief Returns the audit records of one event.
    std::vector<Json> audit(const std::string& event) const;

    /// @brief Returns the lines of the operator's log that contain a text.
    std::vector<std::string> operatorLog(const std::string& text = "") const;

    /// @brief Returns the lines of the server's log that contain a text.
    std::vector<std::string> serverLog(const std::string& text = "") const;

    /// @brief Returns the lines that contain a text in the log of one logger of @ref ServerSetup::debug.
    std::vector<std::string> debugLog(const std::string& logger, const std::string& text) const;

    /// @brief Returns the content of a file in the server's directory, or an empty text if the file is absent.
    std::string file(const std::string& name) const;

    /// @brief Sets a variable in the environment of the servers started from now on.
    void environment(const std::string& name, const std::string& value);

    const std::string& directory() const {
        return (directory_.path());
    }

    pid_t pid() const {
        return (pid_);
    }

    /// @brief True if the release of Kea ships a hook library of this file name.
    static bool ships(const std::string& library);

    /// @brief The number of threads that process packets; 0 if the server is single-threaded.
    unsigned threads() const {
        return (threads_);
    }

    /// @brief The address that the server listens on.
    Address address() const {
        return (address_);
    }

private:
    void spawn(const char* option = "-c");

    /// @brief Returns the environment of the servers: that of the test, and the added variables.
    std::vector<char*> variables();

    /// @brief Links every library that a server may load into the directory @ref LIBRARIES.
    void linkLibraries() const;

    bool exited();

    /// @brief How the last process ended, in words. Status errno: it could not be executed.
    std::string endText() const;

    ScratchDirectory directory_;
    Address address_;
    unsigned threads_ = 0;
    std::function<std::vector<LeaseRecord>()> read_leases_;
    std::vector<std::string> environment_;
    std::shared_ptr<ServerClock> clock_;  ///< null if the server uses the machine's clock
    pid_t pid_ = -1;
    int status_ = 0;  ///< status of the last process that ended, as from waitpid()
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_KEA_SERVER_H
