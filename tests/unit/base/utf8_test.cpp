#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;

TEST_CASE("only well-formed sequences have a length") {
    CHECK(utf8_sequence_length("a") == 1);
    CHECK(utf8_sequence_length("\xC3\xA9") == 2);
    CHECK(utf8_sequence_length("\xE4\xBC\x9A") == 3);
    CHECK(utf8_sequence_length("\xF0\x9F\x98\x80") == 4);
    for (const std::string bad :
         {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE4\xBC", "\xFF"}) {
        CHECK(utf8_sequence_length(bad) == 0);
        CHECK_FALSE(is_valid_utf8(bad));
    }
}
