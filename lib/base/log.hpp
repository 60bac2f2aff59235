// A logger is a sink and a threshold; copies share the sink.
#pragma once

#include <string>
#include <utility>

#include "archaeologist/log.hpp"

namespace archaeologist {

class Logger {
public:
    Logger() = default;
    Logger(LogSink sink, LogLevel level) : sink_(std::move(sink)), level_(level) {}

    void operator()(LogLevel level, const std::string& message, std::optional<JobId> job = {}) const {
        if (sink_ && level >= level_) sink_({level, message, job});
    }

private:
    LogSink sink_;
    LogLevel level_ = LogLevel::info;
};

}  // namespace archaeologist
