// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/captured_log.h>

#include <log4cplus/logger.h>
#include <log4cplus/spi/loggingevent.h>

namespace clone_guard {
namespace test {

namespace {

const char* const ROOT = "kea-dhcp4";
const char* const AUDIT = "kea-dhcp4.clone-guard-audit";

}  // namespace

class CapturedLog::Appender : public log4cplus::Appender {
public:
    ~Appender() override {
        destructorImpl();
    }
    void close() override {}

    [[nodiscard]] std::vector<LogLine> lines() const {
        const std::lock_guard<std::mutex> lock(lines_mutex_);
        return (lines_);
    }
    void forget() {
        const std::lock_guard<std::mutex> lock(lines_mutex_);
        lines_.clear();
    }

protected:
    void append(const log4cplus::spi::InternalLoggingEvent& event) override {
        const std::lock_guard<std::mutex> lock(lines_mutex_);
        lines_.push_back({event.getLoggerName(),
                          log4cplus::getLogLevelManager().toString(event.getLogLevel()),
                          event.getMessage()});
    }

private:
    mutable std::mutex lines_mutex_;
    std::vector<LogLine> lines_;
};

CapturedLog::CapturedLog() : lines_(new Appender) {
    appender_ = log4cplus::SharedAppenderPtr(lines_);
    log4cplus::Logger::getInstance(ROOT).addAppender(appender_);
}

CapturedLog::~CapturedLog() {
    log4cplus::Logger::getInstance(ROOT).removeAppender(appender_);
    wantNoAudit();
    log4cplus::Logger::getInstance(ROOT).setLogLevel(log4cplus::ALL_LOG_LEVEL);
}

void
CapturedLog::withoutDebug() {
    log4cplus::Logger::getInstance(ROOT).setLogLevel(log4cplus::INFO_LOG_LEVEL);
}

void
CapturedLog::wantNoAudit() {
    auto logger = log4cplus::Logger::getInstance(AUDIT);
    logger.removeAllAppenders();
    logger.setAdditivity(true);
}

void
CapturedLog::wantAudit() {
    auto logger = log4cplus::Logger::getInstance(AUDIT);
    logger.addAppender(appender_);
    logger.setAdditivity(false);
}

std::vector<LogLine>
CapturedLog::lines() const {
    return (lines_->lines());
}

bool
CapturedLog::isAudit(const LogLine& line) {
    return (line.logger == AUDIT);
}

std::vector<LogLine>
CapturedLog::with(const std::string& message_id) const {
    std::vector<LogLine> found;
    for (const auto& line : lines()) {
        if (!isAudit(line) && line.text.rfind(message_id + " ", 0) == 0) {
            found.push_back(line);
        }
    }
    return (found);
}

std::vector<std::string>
CapturedLog::audit() const {
    std::vector<std::string> found;
    for (const auto& line : lines()) {
        if (isAudit(line)) {
            found.push_back(line.text);
        }
    }
    return (found);
}

void
CapturedLog::forget() {
    lines_->forget();
}

}  // namespace test
}  // namespace clone_guard
