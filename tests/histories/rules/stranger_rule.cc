// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/stranger_rule.h>

namespace clone_guard {
namespace e2e {
namespace history {

void
StrangerRule::beforeSend(const Query& query) {
    const auto identifier = query.packet.option(OPTION_CLIENT_IDENTIFIER);
    if (!identifier || identifier->empty()) {
        return;
    }
    const std::string hw_address = toHex(hardwareAddressOf(query.packet));
    if (isUsable(hw_address)) {
        claims_.recordStranger(toHex(*identifier), hw_address);
        waiting_.recordRival(toHex(*identifier), hw_address);
    }
    reports_.recordStranger(query, *identifier, hw_address);
}

void
StrangerRule::onReply(const Query& query, const Packet& reply) {
    if (!context_.enforced || reply.yiaddr.isZero() || reply.type() == OFFER ||
        context_.races.count(reply.yiaddr) != 0) {
        return;
    }
    for (const Host& host : context_.network.hosts()) {
        if (host.holds(context_.network.now) && host.last == reply.yiaddr &&
            !context_.concurrent_servers.excuses(host)) {
            context_.addViolation("I7: " + query.toText() + " and got " + reply.yiaddr.toText() +
                                  ", which " + host.toText() + " is using");
        }
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
