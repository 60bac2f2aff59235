#include "host/printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist::host;
using namespace std::string_literals;

TEST_CASE("no byte that could drive a terminal is printed") {
    CHECK(printable("\033[2J\033]0;owned\007") == "\\x1b[2J\\x1b]0;owned\\x07");
    CHECK(printable("a\nb\rc\td") == "a\\nb\\rc\\td");
    CHECK(printable("nul\0here"s) == "nul\\x00here");
    CHECK(printable("\x7F") == "\\x7f");
    CHECK(printable("\xC2\x9B"
                    "31m") == "\\x9b31m");  // CSI as one C1 character
    for (int byte = 0; byte < 256; ++byte) {
        for (const char c : printable(std::string(1, static_cast<char>(byte)))) {
            CHECK(static_cast<unsigned char>(c) >= 0x20);
            CHECK(static_cast<unsigned char>(c) < 0x7F);
        }
    }
}

TEST_CASE("characters that turn the reading direction or break lines are shown as escapes") {
    CHECK(printable("exe.\u202Egnp") == "exe.\\u202egnp");
    CHECK(printable("\u2066x\u2069") == "\\u2066x\\u2069");
    CHECK(printable("\u2028") == "\\u2028");
}

TEST_CASE("bytes that are not UTF-8 are shown one by one and the text goes on") {
    CHECK(printable("caf\xE9.txt") == "caf\\xe9.txt");
    CHECK(printable("\xC0\xAF") == "\\xc0\\xaf");           // overlong
    CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");  // a surrogate
    CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(printable("\xE2\x82") == "\\xe2\\x82");
}

TEST_CASE("clean text stays byte for byte") {
    const std::string text = "Grüße, 会計処理 – 🙂 \\x1b /home/a b";
    CHECK(printable(text) == text);
}

TEST_CASE("a line keeps its tabs and loses the carriage return of DOS") {
    CHECK(printable_line("\tint x;\r") == "\tint x;");
    CHECK(printable_line("a\rb\033") == "a\\rb\\x1b");
    CHECK(printable_line("") == "");
}

TEST_CASE("wide characters count two columns and a cut ends in an ellipsis") {
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("é…") == 2);
    CHECK(columns_of("会計") == 4);
    CHECK(fitted("abcdef", 6) == "abcdef");
    CHECK(fitted("abcdef", 5) == "abcd…");
    CHECK(fitted("会計処理", 5) == "会計…");
    CHECK(fitted("abc", 0) == "");
}

TEST_CASE("printable text as a JSON string escapes quotes and backslashes, its own escapes too") {
    CHECK(json_string("plain é") == "\"plain é\"");
    CHECK(json_string("a \"b\" \\ c") == R"("a \"b\" \\ c")");
    CHECK(json_string("new\nline \xFF") == R"("new\\nline \\xff")");
}

TEST_CASE("a shell word is quoted only when it must be") {
    CHECK(shell_word("demo-1_x.y/z") == "demo-1_x.y/z");
    CHECK(shell_word("my project") == "'my project'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("$(rm)") == "'$(rm)'");
    CHECK(shell_word("") == "''");
}
