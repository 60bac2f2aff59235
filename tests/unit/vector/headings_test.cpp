#include "vector/headings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archaeologist;

TEST_CASE("headings are packed and unpacked, whatever their texts hold") {
    const std::vector<Heading> headings = {{100, ""}, {107, "12 Monkeys"}, {130, "n::f"}, {131, " "}};
    const std::string packed = packed_headings(headings, 100);
    CHECK(packed == "0 \n7 12 Monkeys\n30 n::f\n31  \n");
    CHECK(unpacked_headings(packed, 100, "x.db").value() == headings);
    CHECK(unpacked_headings("", 100, "x.db").value().empty());
}

TEST_CASE("headings that cannot be read are told, not guessed") {
    for (const char* wrong : {"0 f", "f\n", "0\n", "-1 f\n", "\n", "99999999999999999999 f\n", "0 f\nx\n"}) {
        CAPTURE(wrong);
        const auto read = unpacked_headings(wrong, 0, "x.db");
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == Code::corrupt);
        CHECK(read.error().message.starts_with("x.db: headings \""));
        CHECK(read.error().message.find("must be lines, each a number, a blank and a text") != std::string::npos);
    }
}

TEST_CASE("a byte stands under the last heading that begins at or before it") {
    const std::vector<Heading> headings = {{10, "a"}, {20, ""}, {30, "b"}};
    CHECK(heading_at(10, "whole", headings) == "a");
    CHECK(heading_at(19, "whole", headings) == "a");
    CHECK(heading_at(20, "whole", headings).empty());
    CHECK(heading_at(99, "whole", headings) == "b");
    CHECK(heading_at(15, "whole", {}) == "whole");
}
