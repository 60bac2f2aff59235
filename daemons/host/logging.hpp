// The library's and the program's own messages, through spdlog to standard error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/log.hpp"
#include "host/log_line.hpp"

namespace archaeologist::host {

inline constexpr std::string_view log_level_names = "debug, info, warning, error";
inline constexpr std::string_view log_format_names = "text, json";

enum class LogFormat { text, json };

[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text);
[[nodiscard]] std::optional<LogFormat> parse_log_format(std::string_view text);

// For a command at a terminal. One line a message, control characters escaped, never inside the status line:
// "archaeologist: warning: …". Thread-safe.
[[nodiscard]] LogSink stderr_log(const std::string& program, LogLevel level);

// For a program that runs on: lines as log_line.hpp says, with the time. Copies share what they write to. Thread-safe.
class Log {
public:
    Log(std::string program, LogLevel level, LogFormat format);

    void operator()(LogLevel level, std::string_view message, LogFields fields = {}) const {
        write({level, message, std::nullopt}, fields);
    }
    void write(const LogRecord& record, LogFields fields = {}) const;
    // For Config::log.
    [[nodiscard]] LogSink sink() const;

private:
    struct Target;
    std::shared_ptr<const Target> target_;
};

[[nodiscard]] inline LogSink stderr_log(std::string program, LogLevel level, LogFormat format) {
    return Log(std::move(program), level, format).sink();
}

}  // namespace archaeologist::host
