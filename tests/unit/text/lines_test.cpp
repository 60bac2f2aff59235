#include "text/lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace archaeologist;

namespace {

std::string random_lines(std::mt19937_64& rng, std::size_t size, unsigned one_newline_in) {
    std::string text(size, 'x');
    for (char& c : text) {
        if (rng() % one_newline_in == 0) c = '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("newlines are counted as a plain loop counts them, at every length and alignment") {
    std::mt19937_64 rng(1);
    const std::string text = random_lines(rng, 9'000, 3);
    for (std::size_t size = 0; size < 70; ++size) {
        for (std::size_t begin = 0; begin < 20; ++begin) {
            const std::string_view part = std::string_view(text).substr(begin, size);
            CHECK(count_newlines(part) == static_cast<std::uint64_t>(std::count(part.begin(), part.end(), '\n')));
        }
    }
    CHECK(count_newlines(text) == static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
    CHECK(count_newlines(std::string(100'000, '\n')) == 100'000);
}

TEST_CASE("a newline belongs to the line it ends") {
    const LineIndex index("a\nb\n\nc");
    CHECK(index.line_of(0) == 1);
    CHECK(index.line_of(1) == 1);
    CHECK(index.line_of(2) == 2);
    CHECK(index.line_of(4) == 3);
    CHECK(index.line_of(5) == 4);
    CHECK(index.line_of(99) == 4);
    CHECK(index.lines_of({0, 2}) == LineRange{1, 1});
    CHECK(index.lines_of({0, 3}) == LineRange{1, 2});
    CHECK(index.lines_of({2, 2}) == LineRange{2, 2});
    CHECK(index.line_count() == 4);
}

TEST_CASE("an empty text has no line, and everything in it stands on line 1") {
    const LineIndex index("");
    CHECK(index.line_count() == 0);
    CHECK(index.line_of(0) == 1);
    CHECK(index.begin_of(1) == 0);
    CHECK(index.begin_of(2) == 0);
}

TEST_CASE("every line begins behind the newline before it, across blocks") {
    std::mt19937_64 rng(2);
    for (const unsigned density : {2U, 40U, 5'000U}) {
        const std::string text = random_lines(rng, 50'000, density);
        const LineIndex index(text);
        std::uint64_t line = 1;
        std::uint64_t begin = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (at % 97 == 0) REQUIRE(index.line_of(at) == line);
            if (text[at] != '\n') continue;
            REQUIRE(index.begin_of(line) == begin);
            begin = at + 1;
            ++line;
        }
        CHECK(index.begin_of(line + 1) == text.size());
    }
}
