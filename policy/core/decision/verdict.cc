// SPDX-License-Identifier: MPL-2.0

#include <core/decision/verdict.h>

namespace clone_guard {

Verdict
decide(Policy policy, Message message, bool nak_harms) noexcept {
    switch (policy) {
    case Policy::OFF:
        return (Verdict::PASS);
    case Policy::MONITOR:
        return (Verdict::REPORT);
    case Policy::MAC_FALLBACK:
        return (Verdict::DERIVE);
    case Policy::REFUSE:
        break;
    }
    switch (message) {
    case Message::DISCOVER:
        return (Verdict::DROP);
    case Message::REQUEST:
        return (nak_harms ? Verdict::DROP : Verdict::REFUSE);
    case Message::RELEASE:
    case Message::DECLINE:
    case Message::INFORM:
        break;
    }
    // Under the derived identifier the server rejects a message about the lease of another client.
    return (Verdict::REFUSE);
}

bool
needsNak(Verdict verdict, Stage stage, bool firmware) noexcept {
    return (stage == Stage::REBOOTING && !firmware &&
            (verdict == Verdict::DERIVE || verdict == Verdict::REFUSE));
}

std::string
actionText(Verdict verdict) {
    switch (verdict) {
    case Verdict::DERIVE:
        return (toText(Policy::MAC_FALLBACK));
    case Verdict::REFUSE:
    case Verdict::DROP:
        return (toText(Policy::REFUSE));
    case Verdict::PASS:
    case Verdict::REPORT:
        break;
    }
    return ("none");
}

}  // namespace clone_guard
