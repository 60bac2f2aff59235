#include "host/http/schema.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "archaeologist/id.hpp"

namespace archaeologist::host {
namespace {

constexpr std::size_t shown_bytes_max = 100;

std::string shown(std::string_view text) {
    if (text.size() <= shown_bytes_max) return '"' + std::string(text) + '"';
    return '"' + std::string(text.substr(0, shown_bytes_max)) + "…\" (" + std::to_string(text.size()) + " bytes)";
}

Error wrong(std::string_view name, const std::string& value, const std::string& rule) {
    return {Code::invalid_argument, std::string(name) + " is " + value + ", must be " + rule};
}

std::string list_of(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
    return text;
}

std::string range_of(const Schema& schema) {
    const bool is_open = schema.most == std::numeric_limits<std::int64_t>::max();
    if (is_open) return "at least " + std::to_string(schema.least);
    return std::to_string(schema.least) + " to " + std::to_string(schema.most);
}

// The digits at [at, at + count), as a number; -1 when they are none.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
    int number = 0;
    if (at + count > text.size()) return -1;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes{0};
    const int hours = digits_at(text, 1, 2);
    const int minutes = digits_at(text, 4, 2);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || hours < 0 || hours > 23 ||
        minutes < 0 || minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset{hours * 60 + minutes};
    return text[0] == '-' ? -offset : offset;
}

}  // namespace

Schema Schema::integer(std::int64_t least, std::int64_t most, std::string description) {
    Schema schema;
    schema.kind = Kind::integer;
    schema.least = least;
    schema.most = most;
    schema.description = std::move(description);
    return schema;
}

Schema Schema::text(std::int64_t least, std::int64_t most, std::string description) {
    Schema schema = integer(least, most, std::move(description));
    schema.kind = Kind::text;
    return schema;
}

Schema Schema::uuid(std::string description) {
    Schema schema = text(36, 36, std::move(description));
    schema.format = "uuid";
    return schema;
}

Schema Schema::time(std::string description) {
    Schema schema = text(20, 40, std::move(description));
    schema.format = "date-time";
    return schema;
}

Schema Schema::choice(std::vector<std::string> values, std::string description) {
    Schema schema;
    schema.values = std::move(values);
    schema.description = std::move(description);
    return schema;
}

Schema Schema::flag(std::string description) {
    Schema schema;
    schema.kind = Kind::flag;
    schema.description = std::move(description);
    return schema;
}

Schema Schema::object(std::vector<Member> members) {
    Schema schema;
    schema.kind = Kind::object;
    schema.members = std::move(members);
    return schema;
}

Schema Schema::any_object(std::string description) {
    Schema schema;
    schema.kind = Kind::free_object;
    schema.description = std::move(description);
    return schema;
}

Schema Schema::array_of(Schema item, std::int64_t most, std::string description) {
    Schema schema = integer(0, most, std::move(description));
    schema.kind = Kind::array;
    schema.items.push_back(std::move(item));
    return schema;
}

Status check_integer(std::string_view name, std::int64_t number, const Schema& schema) {
    if (number >= schema.least && number <= schema.most) return {};
    return wrong(name, std::to_string(number), range_of(schema));
}

Status check_text(std::string_view name, std::string_view text, const Schema& schema) {
    if (schema.kind == Schema::Kind::integer) {
        std::int64_t number = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
        if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
            return wrong(name, shown(text), "an integer, " + range_of(schema));
        }
        return check_integer(name, number, schema);
    }
    if (schema.kind == Schema::Kind::flag) {
        if (text == "true" || text == "false") return {};
        return wrong(name, shown(text), "true or false");
    }
    if (!schema.values.empty()) {
        if (std::find(schema.values.begin(), schema.values.end(), text) != schema.values.end()) return {};
        return wrong(name, shown(text), "one of " + list_of(schema.values));
    }
    if (schema.format == "uuid" && !Uuid::parse(text)) return wrong(name, shown(text), "a UUID (36 characters)");
    if (schema.format == "date-time" && !parse_rfc3339(text)) {
        return wrong(name, shown(text), "a time like 2026-11-23T19:00:19Z (RFC 3339)");
    }
    const auto bytes = static_cast<std::int64_t>(text.size());
    if (bytes < schema.least || bytes > schema.most) return wrong(name, shown(text), range_of(schema) + " bytes long");
    return {};
}

void write(JsonWriter& json, const Schema& schema) {
    using Kind = Schema::Kind;
    constexpr std::int64_t exact = std::int64_t{1} << 53;  // beyond, readers of JSON disagree
    json.begin_object();
    const bool has_least = schema.least > -exact;
    const bool has_most = schema.most < exact;
    switch (schema.kind) {
        case Kind::text:
            json.field("type", "string");
            if (!schema.format.empty()) json.field("format", schema.format);
            if (has_least && schema.least > 0 && schema.format.empty())
                json.field("minLength", std::min<std::int64_t>(schema.least, 1));
            if (has_most && schema.format.empty()) json.field("maxLength", schema.most);
            break;
        case Kind::integer:
            json.field("type", "integer");
            if (has_least) json.field("minimum", schema.least);
            if (has_most) json.field("maximum", schema.most);
            break;
        case Kind::flag: json.field("type", "boolean"); break;
        case Kind::array:
            json.field("type", "array").field("maxItems", schema.most).key("items");
            write(json, schema.items.front());
            break;
        case Kind::free_object: json.field("type", "object"); break;
        case Kind::object:
            json.field("type", "object").field("additionalProperties", false).key("properties").begin_object();
            for (const auto& member : schema.members) {
                json.key(member.name);
                write(json, member.schema);
            }
            json.end_object().key("required").begin_array();
            for (const auto& member : schema.members) {
                if (member.required) json.value(member.name);
            }
            json.end_array();
            break;
    }
    if (!schema.values.empty()) {
        json.key("enum").begin_array();
        for (const auto& value : schema.values) json.value(value);
        json.end_array();
    }
    if (!schema.description.empty()) json.field("description", schema.description);
    json.end_object();
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const year_month_day date{year{digits_at(text, 0, 4)}, month{static_cast<unsigned>(digits_at(text, 5, 2))},
                              day{static_cast<unsigned>(digits_at(text, 8, 2))}};
    const int hour = digits_at(text, 11, 2);
    const int minute = digits_at(text, 14, 2);
    const int second = digits_at(text, 17, 2);
    const bool is_shaped = text.size() >= 20 && text[4] == '-' && text[7] == '-' &&
                           (text[10] == 'T' || text[10] == 't') && text[13] == ':' && text[16] == ':';
    if (!is_shaped || !date.ok() || static_cast<int>(date.year()) < 0 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60) {
        return std::nullopt;
    }
    std::size_t at = 19;
    std::int64_t thousandths = 0;
    if (text[at] == '.') {
        const std::size_t begin = ++at;
        std::int64_t unit = 100;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
            thousandths += (text[at] - '0') * unit;
        if (at == begin) return std::nullopt;
    }
    const auto offset = at < text.size() ? parse_offset(text.substr(at)) : std::nullopt;
    if (!offset) return std::nullopt;
    const auto at_utc = sys_days(date) + hours{hour} + minutes{minute} + seconds{second} - *offset;
    return TimePoint{duration_cast<milliseconds>(at_utc.time_since_epoch()) + milliseconds{thousandths}};
}

}  // namespace archaeologist::host
