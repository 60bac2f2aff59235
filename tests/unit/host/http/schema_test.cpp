#include "host/http/schema.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

std::string complaint(std::string_view text, const Schema& schema) {
    const auto checked = check_text("it", text, schema);
    return checked ? "" : checked.error().message;
}

std::int64_t ms_of(std::string_view text) {
    const auto time = parse_rfc3339(text);
    REQUIRE(time);
    return to_ms(*time);
}

}  // namespace

TEST_CASE("a time of RFC 3339 is the same instant whatever its offset") {
    CHECK(ms_of("1970-01-01T00:00:00Z") == 0);
    CHECK(ms_of("2026-11-23T19:00:19Z") == 1'795'460'419'000);
    CHECK(ms_of("2026-11-23t19:00:19z") == 1'795'460'419'000);
    CHECK(ms_of("2026-11-23T21:30:19+02:30") == 1'795'460'419'000);
    CHECK(ms_of("2026-11-23T14:00:19-05:00") == 1'795'460'419'000);
    CHECK(ms_of("2026-11-23T19:00:19.1Z") == 1'795'460'419'100);
    CHECK(ms_of("2026-11-23T19:00:19.123999999Z") == 1'795'460'419'123);
    CHECK(ms_of("2024-02-29T00:00:00Z") - ms_of("2024-02-28T00:00:00Z") == 86'400'000);
    CHECK(ms_of("2016-12-31T23:59:60Z") == ms_of("2017-01-01T00:00:00Z"));
    CHECK(ms_of("1969-12-31T23:59:59.500Z") == -500);
}

TEST_CASE("what is no time of RFC 3339 is none") {
    const std::vector<std::string> wrong{
        "",
        "2026-11-23",
        "2026-11-23T19:00:19",
        "2026-11-23 19:00:19Z",
        "2026-13-23T19:00:19Z",
        "2026-02-29T19:00:19Z",
        "2026-11-00T19:00:19Z",
        "2026-11-23T24:00:19Z",
        "2026-11-23T19:60:19Z",
        "2026-11-23T19:00:61Z",
        "2026-11-23T19:00:19.Z",
        "2026-11-23T19:00:19,5Z",
        "2026-11-23T19:00:19.5",
        "2026-11-23T19:00:19+2",
        "2026-11-23T19:00:19+0200",
        "2026-11-23T19:00:19+24:00",
        "2026-11-23T19:00:19+02:60",
        "2026-11-23T19:00:19Z ",
        "2026-11-23T19:00:19ZZ",
        "+026-11-23T19:00:19Z",
        "2026-1a-23T19:00:19Z",
    };
    for (const auto& text : wrong) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text));
    }
}

TEST_CASE("an integer is whole, within its range, and nothing but digits") {
    const auto schema = Schema::integer(1, 10);
    CHECK(complaint("1", schema).empty());
    CHECK(complaint("10", schema).empty());
    CHECK(complaint("0", schema) == "it is 0, must be 1 to 10");
    CHECK(complaint("11", schema) == "it is 11, must be 1 to 10");
    for (const char* text : {"", " 1", "1 ", "+1", "1.0", "1e1", "0x1", "99999999999999999999"}) {
        CHECK(complaint(text, schema) == "it is \"" + std::string(text) + "\", must be an integer, 1 to 10");
    }
    const auto open = Schema::integer(5, std::numeric_limits<std::int64_t>::max());
    CHECK(complaint("4", open) == "it is 4, must be at least 5");
    CHECK(complaint("9223372036854775807", open).empty());
}

TEST_CASE("texts are held to their length in bytes, their choices and their format") {
    CHECK(complaint("abc", Schema::text(1, 3)).empty());
    CHECK(complaint("", Schema::text(1, 3)) == "it is \"\", must be 1 to 3 bytes long");
    CHECK(complaint("\xc3\xbc\xc3\xbc", Schema::text(1, 3)).ends_with("must be 1 to 3 bytes long"));
    CHECK(complaint("b", Schema::choice({"a", "b"})).empty());
    CHECK(complaint("B", Schema::choice({"a", "b"})) == "it is \"B\", must be one of a, b");
    CHECK(complaint("true", Schema::flag()).empty());
    CHECK(complaint("1", Schema::flag()) == "it is \"1\", must be true or false");
    CHECK(complaint("01a20a76-7d79-7000-8000-42a7246b443d", Schema::uuid()).empty());
    CHECK(complaint("01a20a76", Schema::uuid()) == "it is \"01a20a76\", must be a UUID (36 characters)");
    CHECK(complaint("tomorrow", Schema::time()) ==
          "it is \"tomorrow\", must be a time like 2026-11-23T19:00:19Z (RFC 3339)");
}

TEST_CASE("a long wrong value is shown by its beginning") {
    const auto message = complaint(std::string(5'000, 'x'), Schema::text(1, 3));
    CHECK(message.size() < 200);
    CHECK(message.find("(5000 bytes)") != std::string::npos);
}

TEST_CASE("OpenAPI is told the same rules, without bounds that only mean there are none") {
    const auto text_of = [](const Schema& schema) {
        JsonWriter json;
        write(json, schema);
        return std::move(json).text();
    };
    CHECK(text_of(Schema::integer(1, 10, "some")) ==
          R"({"type":"integer","minimum":1,"maximum":10,"description":"some"})");
    CHECK(text_of(Schema::integer(1, std::numeric_limits<std::int64_t>::max())) == R"({"type":"integer","minimum":1})");
    CHECK(text_of(Schema::uuid()) == R"({"type":"string","format":"uuid"})");
    CHECK(text_of(Schema::choice({"a", "b"})) == R"({"type":"string","enum":["a","b"]})");
    CHECK(
        text_of(Schema::object({{"a", Schema::flag(), true}, {"b", Schema::any_object()}})) ==
        R"({"type":"object","additionalProperties":false,"properties":{"a":{"type":"boolean"},"b":{"type":"object"}},)"
        R"("required":["a"]})");
}
