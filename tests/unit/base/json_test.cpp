#include "archaeologist/json.hpp"

#include <doctest/doctest.h>

#include <limits>

using archaeologist::JsonWriter;

TEST_CASE("nested values get their commas") {
    JsonWriter json;
    json.begin_object().field("a", 1).key("b").begin_array().value("x").value(true).null().begin_object().end_object();
    json.end_array().field("c", 0.5).end_object();
    CHECK(json.text() == R"({"a":1,"b":["x",true,null,{}],"c":0.5})");
}

TEST_CASE("text that would break the document is escaped, bytes that are no UTF-8 are replaced") {
    JsonWriter json;
    json.value("q\" b\\ n\n \x01 \xFF \xE4\xBC\x9A");
    CHECK(json.text() == "\"q\\\" b\\\\ n\\n \\u0001 \xEF\xBF\xBD \xE4\xBC\x9A\"");
}

TEST_CASE("a number that JSON cannot hold becomes null") {
    JsonWriter json;
    json.begin_array().value(std::numeric_limits<double>::quiet_NaN()).value(1e300).end_array();
    CHECK(json.text() == "[null,1e+300]");
}
