// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_CAPTURED_LOG_H
#define CLONE_GUARD_TESTS_HOOK_CAPTURED_LOG_H

#include <log4cplus/appender.h>

#include <mutex>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief One logged line.
struct LogLine {
    std::string logger;
    std::string level;  ///< "INFO", ...
    std::string text;   ///< message identifier and text
};

/// @brief Captures everything that is logged while the object exists.
class CapturedLog {
public:
    CapturedLog();
    ~CapturedLog();
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    /// @brief Enables the audit log, as an entry of `loggers` does.
    void wantAudit();

    /// @brief Disables the audit log.
    static void wantNoAudit();

    /// @return all lines of both logs
    [[nodiscard]] std::vector<LogLine> lines() const;

    /// @return true if a line is one of the audit log
    static bool isAudit(const LogLine& line);

    /// @return the lines of the operator's log that begin with a message identifier
    [[nodiscard]] std::vector<LogLine> with(const std::string& message_id) const;

    /// @return the lines of the audit log.
    [[nodiscard]] std::vector<std::string> audit() const;

    void forget();

    /// @brief Disables messages below INFO, for tests with so many queries that debug messages would take too long.
    void withoutDebug();

private:
    class Appender;
    log4cplus::SharedAppenderPtr appender_;
    Appender* lines_;
};

}  // namespace test
}  // namespace clone_guard

#endif
