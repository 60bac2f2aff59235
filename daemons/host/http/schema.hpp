// What a parameter or a member of a request's body may be (the part of JSON Schema that we use).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/clock.hpp"
#include "archaeologist/json.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::host {

struct Schema {
    enum class Kind : std::uint8_t { text, integer, flag, object, array, free_object };
    struct Member;

    Kind kind = Kind::text;
    std::string description;
    std::string format;                                             // of text: "uuid", "date-time"
    std::vector<std::string> values;                                // of text: one of these
    std::int64_t least = std::numeric_limits<std::int64_t>::min();  // of an integer; of text its bytes
    std::int64_t most = std::numeric_limits<std::int64_t>::max();   // and of an array its items
    std::vector<Member> members;                                    // of an object, which has no others
    std::vector<Schema> items;                                      // of an array: one, for all

    [[nodiscard]] static Schema integer(std::int64_t least, std::int64_t most, std::string description = {});
    [[nodiscard]] static Schema text(std::int64_t least, std::int64_t most, std::string description = {});
    [[nodiscard]] static Schema uuid(std::string description = {});
    [[nodiscard]] static Schema time(std::string description = {});
    [[nodiscard]] static Schema choice(std::vector<std::string> values, std::string description = {});
    [[nodiscard]] static Schema flag(std::string description = {});
    [[nodiscard]] static Schema object(std::vector<Member> members);
    [[nodiscard]] static Schema any_object(std::string description = {});
    [[nodiscard]] static Schema array_of(Schema item, std::int64_t most, std::string description = {});
};

struct Schema::Member {
    std::string name;
    Schema schema;
    bool required = false;
};

// A parameter's text. `name` is for messages. Errors: invalid_argument.
[[nodiscard]] Status check_text(std::string_view name, std::string_view text, const Schema& schema);
[[nodiscard]] Status check_integer(std::string_view name, std::int64_t number, const Schema& schema);

// As OpenAPI 3.1 says it.
void write(JsonWriter& json, const Schema& schema);

// RFC 3339, e.g. 2026-11-23T19:00:19Z, with any offset; nothing when it is not.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

}  // namespace archaeologist::host
