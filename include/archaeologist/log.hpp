// Where the library's messages go. The library is silent unless the program gives it a sink.
#pragma once

#include <functional>
#include <string_view>

namespace archaeologist {

enum class LogLevel { debug, info, warning, error };

[[nodiscard]] std::string_view to_string(LogLevel level);

// Called from any thread, possibly at once from several; must not call back into the engine.
using LogSink = std::function<void(LogLevel level, std::string_view message)>;

}  // namespace archaeologist
