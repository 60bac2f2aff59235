// The library's and the program's own messages, through spdlog to standard error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/log.hpp"

namespace archaeologist::host {

inline constexpr std::string_view log_level_names = "debug, info, warning, error";

[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text);

// One line a message, control characters escaped, never inside the status line: "archaeologist: warning: …".
// Thread-safe.
[[nodiscard]] LogSink stderr_log(const std::string& program, LogLevel level);

}  // namespace archaeologist::host
