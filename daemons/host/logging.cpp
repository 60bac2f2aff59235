#include "host/logging.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>

#include "host/printable.hpp"
#include "host/terminal.hpp"

namespace archaeologist::host {
namespace {

class StatusLineSink final : public spdlog::sinks::base_sink<std::mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        StatusLine::standard_error().message({line.data(), line.size()});
    }
    void flush_() override {}
};

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: break;
    }
    return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_logger(const std::string& program, LogLevel level, const char* pattern) {
    auto logger = std::make_shared<spdlog::logger>(program, std::make_shared<StatusLineSink>());
    logger->set_pattern(pattern);
    logger->set_level(spdlog_level(level));
    return logger;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
    for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
        if (text == to_string(level)) return level;
    }
    return std::nullopt;
}

std::optional<LogFormat> parse_log_format(std::string_view text) {
    if (text == "text") return LogFormat::text;
    if (text == "json") return LogFormat::json;
    return std::nullopt;
}

LogSink stderr_log(const std::string& program, LogLevel level) {
    const auto logger = make_logger(program, level, "%n: %l: %v");
    return [logger](const LogRecord& record) { logger->log(spdlog_level(record.level), printable(record.message)); };
}

struct Log::Target {
    std::string program;
    LogFormat format;
    std::shared_ptr<spdlog::logger> logger;
};

Log::Log(std::string program, LogLevel level, LogFormat format) {
    auto logger = make_logger(program, level, "%v");
    target_ = std::make_shared<const Target>(Target{std::move(program), format, std::move(logger)});
}

void Log::write(const LogRecord& record, LogFields fields) const {
    const auto level = spdlog_level(record.level);
    if (!target_->logger->should_log(level)) return;
    const TimePoint now = system_clock().now();
    target_->logger->log(level, target_->format == LogFormat::json ? json_line(now, target_->program, record, fields)
                                                                   : text_line(now, record, fields));
}

LogSink Log::sink() const {
    return [log = *this](const LogRecord& record) { log.write(record); };
}

}  // namespace archaeologist::host
