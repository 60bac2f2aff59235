#include "host/log_line.hpp"

#include <algorithm>

#include "archaeologist/json.hpp"
#include "host/printable.hpp"

namespace archaeologist::host {
namespace {

bool is_word(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == '\x7F';
    });
}

std::string as_text(const LogField& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        std::string shown = printable(*text);
        return is_word(*text) && shown == *text ? shown : json_string(shown);
    }
    JsonWriter number;
    if (const auto* integer = std::get_if<std::int64_t>(&field.value)) number.value(*integer);
    if (const auto* real = std::get_if<double>(&field.value)) number.value(*real);
    return std::move(number).text();
}

}  // namespace

std::string text_line(TimePoint at, const LogRecord& record, LogFields fields) {
    std::string line = to_rfc3339(at);
    line += ' ';
    line += to_string(record.level);
    line += ' ';
    line += printable(record.message);
    if (record.job_id) line += " job_id=" + record.job_id->text();
    for (const LogField& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        line += as_text(field);
    }
    return line;
}

std::string json_line(TimePoint at, std::string_view program, const LogRecord& record, LogFields fields) {
    JsonWriter json;
    json.begin_object()
        .field("time", to_rfc3339(at))
        .field("level", to_string(record.level))
        .field("program", program)
        .field("message", record.message);
    if (record.job_id) json.field("job_id", record.job_id->text());
    for (const LogField& field : fields) {
        std::visit([&](const auto& value) { json.field(field.name, value); }, field.value);
    }
    json.end_object();
    return std::move(json).text();
}

}  // namespace archaeologist::host
