#include "host/http/json_document.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

const Schema& sample() {
    static const Schema schema = Schema::object({{"name", Schema::text(1, 5), true},
                                                 {"count", Schema::integer(0, 9)},
                                                 {"on", Schema::flag()},
                                                 {"free", Schema::any_object()},
                                                 {"ids", Schema::array_of(Schema::choice({"a", "b"}), 2)},
                                                 {"inner", Schema::object({{"at", Schema::time(), true}})}});
    return schema;
}

std::string complaint(const std::string& text) {
    const auto document = JsonDocument::parse(text);
    REQUIRE(document);
    const auto checked = document->check(sample());
    return checked ? "" : checked.error().message;
}

std::string nested(std::size_t levels) {
    return R"({"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + '}';
}

}  // namespace

TEST_CASE("only an object is a body, and only whole JSON is one") {
    for (const char* text : {"", " ", "{", "[]", "1", "null", "\"x\"", "{} {}", "{\"a\":1,}", "{'a':1}",
                             "{\"a\":\"\xff\"}", "{\"a\":01}"}) {
        CAPTURE(text);
        const auto document = JsonDocument::parse(text);
        REQUIRE_FALSE(document);
        CHECK(document.error().code == Code::invalid_argument);
    }
    CHECK(JsonDocument::parse(" {} \n"));
}

TEST_CASE("JSON may be nested, not without end") {
    CHECK(JsonDocument::parse(nested(1'000)));
    CHECK_FALSE(JsonDocument::parse(nested(1'100)));
    CHECK_FALSE(JsonDocument::parse(nested(1'000'000)));
}

TEST_CASE("a body as its schema says is accepted, and null is like leaving out") {
    CHECK(complaint(R"({"name":"x"})").empty());
    CHECK(complaint(R"({"name":"x","count":9,"on":false,"free":{"any":[1,{}]},"ids":["a","b"],)"
                    R"("inner":{"at":"2026-11-23T19:00:19Z"}})")
              .empty());
    CHECK(complaint(R"({"name":"x","count":null,"inner":null})").empty());
}

TEST_CASE("what is wrong is named with its place, value and rule") {
    CHECK(complaint("{}") == "name is missing, must be given");
    CHECK(complaint(R"({"name":null})") == "name is null, must be a string");
    CHECK(complaint(R"({"name":7})") == "name is 7, must be a string");
    CHECK(complaint(R"({"name":"x","count":"1"})") == R"(count is "1", must be an integer)");
    CHECK(complaint(R"({"name":"x","count":1.5})") == "count is 1.5, must be an integer");
    CHECK(complaint(R"({"name":"x","count":10})") == "count is 10, must be 0 to 9");
    CHECK(complaint(R"({"name":"x","on":1})") == "on is 1, must be true or false");
    CHECK(complaint(R"({"name":"x","free":[]})") == "free is [], must be an object");
    CHECK(complaint(R"({"name":"x","ids":{}})") == "ids is {}, must be an array");
    CHECK(complaint(R"({"name":"x","ids":["a","c"]})") == R"(ids[1] is "c", must be one of a, b)");
    CHECK(complaint(R"({"name":"x","ids":["a","a","a"]})") == "ids has 3 items, must have at most 2");
    CHECK(complaint(R"({"name":"x","inner":{}})") == "inner.at is missing, must be given");
    CHECK(complaint(R"({"name":"x","inner":{"at":"now"}})").starts_with(R"(inner.at is "now", must be a time)"));
    CHECK(complaint(R"({"name":"x","nmae":1})") ==
          R"(body has the member "nmae", must have only name, count, on, free, ids, inner)");
    CHECK(complaint(R"({"name":"x","inner":{"to":1}})") == R"(inner has the member "to", must have only at)");
}

TEST_CASE("members are read by their type, and are nothing when they have another") {
    const auto document =
        JsonDocument::parse(R"({"t":"x","n":-3,"l":["a",1,"b"],"o":{"deep":{"k": [1, 2]}},"z":null})").value();
    CHECK(document.text("t") == "x");
    CHECK_FALSE(document.text("n"));
    CHECK_FALSE(document.text("missing"));
    CHECK_FALSE(document.json("z"));
    CHECK(document.integer("n") == -3);
    CHECK_FALSE(document.integer("t"));
    CHECK(document.texts("l") == std::vector<std::string>{"a", "b"});
    CHECK(document.texts("t").empty());
    CHECK_FALSE(document.object("l"));
    CHECK(document.json("o") == R"({"deep":{"k":[1,2]}})");
    const auto deep = document.object("o")->object("deep");
    REQUIRE(deep);
    CHECK(deep->json("k") == "[1,2]");
    CHECK(JsonDocument().texts("x").empty());
}
