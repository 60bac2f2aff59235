// Where the library's messages go. The library is silent unless the program gives it a sink.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "archaeologist/id.hpp"

namespace archaeologist {

enum class LogLevel { debug, info, warning, error };

[[nodiscard]] std::string_view to_string(LogLevel level);

// One message, borrowed for the call.
struct LogRecord {
    LogLevel level = LogLevel::info;
    std::string_view message;
    std::optional<JobId> job_id;  // of the job it is about
};

// Called from any thread, possibly at once from several; must not call back into the engine.
using LogSink = std::function<void(const LogRecord& record)>;

}  // namespace archaeologist
