// One message of a program as one line of text, for people or for programs that collect logs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "archaeologist/clock.hpp"
#include "archaeologist/log.hpp"

namespace archaeologist::host {

// What a message says beside its words: request_id, path, status, duration_ms, … Borrowed for the call.
struct LogField {
    std::string_view name;  // [a-z_]+; none of those that every line has
    std::variant<std::string_view, std::int64_t, double> value;
};
using LogFields = std::initializer_list<LogField>;

// "2026-11-23T19:00:19.123Z warning what happened job_id=… path="/a b" status=503". Control characters are escaped; a value
// that is not plainly one word is in quotes.
[[nodiscard]] std::string text_line(TimePoint at, const LogRecord& record, LogFields fields = {});

// {"time":…,"level":…,"program":…,"message":…,"job_id":…, and the fields}; job_id only where the record has one.
[[nodiscard]] std::string json_line(TimePoint at, std::string_view program, const LogRecord& record,
                                    LogFields fields = {});

}  // namespace archaeologist::host
