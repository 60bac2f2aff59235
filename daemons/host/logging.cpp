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

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
    for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
        if (text == to_string(level)) return level;
    }
    return std::nullopt;
}

LogSink stderr_log(const std::string& program, LogLevel level) {
    auto logger = std::make_shared<spdlog::logger>(program, std::make_shared<StatusLineSink>());
    logger->set_pattern("%n: %l: %v");
    logger->set_level(spdlog_level(level));
    return [logger](const LogRecord& record) { logger->log(spdlog_level(record.level), printable(record.message)); };
}

}  // namespace archaeologist::host
