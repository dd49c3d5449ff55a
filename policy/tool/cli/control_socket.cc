// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>

#include <tool/cli/failure.h>
#include <tool/cli/json_text.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Json = nlohmann::ordered_json;
using Local = asio::local::stream_protocol;

/// Results of the control channel (Kea's src/lib/cc/command_interpreter.h).
constexpr int RESULT_SUCCESS = 0;
constexpr int RESULT_UNSUPPORTED = 2;
constexpr int RESULT_EMPTY = 3;

/// Bytes; the largest page of a list has some 10 MB.
constexpr size_t MAX_ANSWER = size_t{256} << 20U;

/// Names the failure to open a socket, and the action.
std::string
advice(const std::string& path, const error_code& error) {
    if (error == boost::system::errc::no_such_file_or_directory) {
        return (
            "there is no control socket '" + path +
            "': check that kea-dhcp4 is running and has a control-socket in its configuration, or name "
            "the socket with --socket");
    }
    if (error == boost::system::errc::permission_denied) {
        return ("no permission to open the control socket '" + path +
                "': run this as root or as the server's user");
    }
    if (error == boost::system::errc::connection_refused) {
        return ("no server listens on '" + path + "': kea-dhcp4 is not running, or uses another socket");
    }
    return ("cannot open the control socket '" + path + "': " + error.message());
}

}  // namespace

std::string
ControlSocket::exchange(const std::string& request) const {
    asio::io_context context;
    Local::socket socket(context);
    error_code failed;
    Local::endpoint endpoint;
    try {
        endpoint = Local::endpoint(path_);
    } catch (const boost::system::system_error&) {
        throw Failure("'" + path_ + "' is too long for the path of a socket");
    }
    socket.connect(endpoint, failed);
    if (failed) {
        throw Failure(advice(path_, failed));
    }
    std::string answer;
    bool done = false;
    const auto finish = [&](const error_code& error, size_t) {
        failed = error;
        done = true;
    };
    asio::async_write(socket, asio::buffer(request), [&](const error_code& error, size_t size) {
        if (error) {
            finish(error, size);
            return;
        }
        // The server ends the connection after its answer.
        asio::async_read(socket, asio::dynamic_buffer(answer, MAX_ANSWER), finish);
    });
    context.run_for(timeout_);
    if (!done) {
        throw Failure("the server at '" + path_ + "' did not answer within " +
                      std::to_string(timeout_.count()) + " seconds");
    }
    if (failed && failed != asio::error::eof) {
        throw Failure("the connection to '" + path_ + "' broke: " + failed.message());
    }
    return (answer);
}

ControlSocket::Answer
ControlSocket::ask(const std::string& command, const Json& arguments) const {
    Json request{{"command", command}};
    if (!arguments.is_null()) {
        request["arguments"] = arguments;
    }
    const auto answer = Json::parse(exchange(request.dump()), nullptr, false);
    const auto result = answer.is_object() ? answer.find("result") : answer.end();
    if (!answer.is_object() || result == answer.end() || !result->is_number_integer() ||
        !answer.value("arguments", Json::object()).is_object()) {
        throw Failure("the answer at '" + path_ + "' is not that of a Kea server");
    }
    const auto said = textOf(answer, "text");
    switch (result->get<int>()) {
    case RESULT_SUCCESS:
    case RESULT_EMPTY:
        break;
    case RESULT_UNSUPPORTED:
        throw Failure(
            "the server at '" + path_ + "' does not know " + command +
            ": it has not loaded the clone guard, or has an older version; its answer: " + said);
    default:
        throw Failure("the server rejected " + command + ": " + said);
    }
    return {said, answer.value("arguments", Json::object())};
}

}  // namespace clone_guard
