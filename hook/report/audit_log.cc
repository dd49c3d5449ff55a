// SPDX-License-Identifier: MPL-2.0

#include <hook/report/audit_log.h>

#include <log/logger_name.h>

#include <log4cplus/logger.h>
#include <log4cplus/loggingmacros.h>

namespace clone_guard {
namespace audit_log {

std::string
name() {
    return (isc::log::getRootLoggerName() + ".clone-guard-audit");
}

bool
enabled() {
    auto logger = log4cplus::Logger::getInstance(name());
    return (!logger.getAllAppenders().empty() && logger.isEnabledFor(log4cplus::INFO_LOG_LEVEL));
}

void
write(const AuditRecord& record, const Explainer& explainer) {
    if (enabled()) {
        write(record, explainer.explain(record.client_id, record.sender()));
    }
}

void
write(const AuditRecord& record, const Explanation& known) {
    if (enabled()) {
        log4cplus::Logger::getInstance(name()).log(log4cplus::INFO_LOG_LEVEL, record.toJson(known));
    }
}

}  // namespace audit_log
}  // namespace clone_guard
