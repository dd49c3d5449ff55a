// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/server_pages.h>

#include <chrono>
#include <thread>

namespace clone_guard {

void
forEachPage(const ControlSocket& server, const std::string& command, nlohmann::ordered_json arguments,
            const std::function<void(const ControlSocket::Answer&)>& on_page) {
    for (;;) {
        const auto begun = std::chrono::steady_clock::now();
        const auto page = server.ask(command, arguments);
        on_page(page);
        const auto next = page.arguments.find("next");
        if (next == page.arguments.end() || (arguments.contains("from") && arguments["from"] == *next)) {
            return;
        }
        if (arguments.is_null()) {
            arguments = nlohmann::ordered_json::object();
        }
        arguments["from"] = *next;
        std::this_thread::sleep_for(std::chrono::steady_clock::now() - begun);
    }
}

}  // namespace clone_guard
