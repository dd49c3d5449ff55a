// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_CLONE_GUARD_LOG_H
#define CLONE_GUARD_HOOK_REPORT_CLONE_GUARD_LOG_H

#include <hook/clone_guard_messages.h>
#include <log/log_dbglevels.h>
#include <log/logger.h>
#include <log/logger_support.h>
#include <log/macros.h>

namespace clone_guard {

/// @brief The logger of the operator's log, "kea-dhcp4.clone-guard-hooks" in the server's `loggers`.
extern isc::log::Logger clone_guard_logger;

/// @brief The debug level of messages that are logged for each query.
const int DBG_QUERY = isc::log::DBGLVL_TRACE_BASIC;

}  // namespace clone_guard

#endif
