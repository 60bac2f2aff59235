#include <doctest/doctest.h>

#include "archaeologist/chunker.hpp"
#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view text) { return {TextKind::table, "", text}; }

}  // namespace

TEST_CASE("the header row is every passage's heading") {
    std::string text = "\xEF\xBB\xBFid,\"full name\",amount\r\n";
    for (int i = 0; i < 500; ++i) text += std::to_string(i) + ",somebody,12.50\r\n";
    const auto chunks = chunk(text, {.kind = TextKind::table}).value();
    REQUIRE(chunks.size() > 3);
    for (const Chunk& part : chunks) CHECK(part.heading == "id,\"full name\",amount");
}

TEST_CASE("rows of numbers and of JSON are no header") {
    CHECK(read("1,2,3\n4,5,6\n").label("4,5").empty());
    CHECK(read("{\"a\": 1, \"b\": 2}\n{\"a\": 3}\n").label("{\"a\": 3").empty());
    CHECK(read("just words\nmore words\n").label("more").empty());
    CHECK(read("name\tvalue\nx\t1\n").label("x\t1") == "name\tvalue");
}

TEST_CASE("a row goes on where a quoted field has line ends") {
    const auto rows = read("id,text\n1,\"one\ntwo \"\"quoted\"\"\nthree\"\n2,5\" nails\n3,x\n");
    CHECK(rows.strength("1,") == Strength::line);
    CHECK(rows.strength("two") == Strength::inside);
    CHECK(rows.strength("three") == Strength::inside);
    CHECK(rows.strength("2,5") == Strength::line);
    CHECK(rows.strength("3,x") == Strength::line);
}
