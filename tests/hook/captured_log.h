// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_CAPTURED_LOG_H
#define CLONE_GUARD_TESTS_HOOK_CAPTURED_LOG_H

#include <log4cplus/appender.h>

#include <mutex>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief One line that was logged.
struct LogLine {
    std::string logger;
    std::string level;  ///< "INFO", ...
    std::string text;   ///< message identifier and text
};

/// @brief Everything that is logged while it exists.
class CapturedLog {
public:
    CapturedLog();
    ~CapturedLog();
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    /// @brief From now on there is an audit log, as if a `loggers` entry named it.
    void wantAudit();

    /// @brief From now on there is none.
    static void wantNoAudit();

    /// @return the lines of the operator's log that begin with a message identifier.
    [[nodiscard]] std::vector<LogLine> with(const std::string& message_id) const;

    /// @return the lines of the audit log.
    [[nodiscard]] std::vector<std::string> audit() const;

    void forget();

    /// @brief From now on nothing below INFO is logged: for tests with so many queries that it would take long.
    void withoutDebug();

private:
    class Appender;
    log4cplus::SharedAppenderPtr appender_;
    Appender* lines_;
};

}  // namespace test
}  // namespace clone_guard

#endif
