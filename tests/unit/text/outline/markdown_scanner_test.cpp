#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "archaeologist/chunker.hpp"
#include "text/outline/markdown.hpp"
#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view text) { return {TextKind::markdown, "", text}; }

// The specification of CommonMark 0.31.2, which tools/deps test brings; empty when it is not there.
std::string specification() {
    const char* path = std::getenv("ARCHAEO_COMMONMARK_SPEC");
    std::ifstream file(path == nullptr ? "" : path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

}  // namespace

TEST_CASE("headings of both kinds make the path, in the order of their levels") {
    const auto text = read(R"(preamble
# One #
first

Two
words
---
second
### Three \#
third

Four
====
fourth
)");
    CHECK(text.label("preamble").empty());
    CHECK(text.label("first") == "One");
    CHECK(text.label("Two") == "One > Two words");
    CHECK(text.label("second") == "One > Two words");
    CHECK(text.label("third") == "One > Two words > Three \\#");
    CHECK(text.label("fourth") == "Four");
    CHECK(text.strength("Two") == Strength::section);
    CHECK(text.strength("---") == Strength::inside);
    CHECK(text.strength("# One") == Strength::section);
    CHECK(text.strength("first") == Strength::inside);
}

TEST_CASE("a line is a heading only as CommonMark has it") {
    CHECK(parse_heading("#hashtag").level == 0);
    CHECK(parse_heading("####### seven").level == 0);
    CHECK(parse_heading("    # code").level == 0);
    CHECK(parse_heading("   ## three spaces").title == "three spaces");
    CHECK(parse_heading("## ##").title.empty());
    CHECK(parse_heading("# a#").title == "a#");
    CHECK(parse_heading("#\ttab  ###  ").title == "tab");
    CHECK(underline_level("=== ") == 1);
    CHECK(underline_level("-") == 2);
    CHECK(underline_level("= =") == 0);
    const auto text = read("# Top\n\n---\n\n- item\n---\n> quoted\n---\n\n    indented\n    ===\nend\n");
    CHECK(text.label("end") == "Top");
}

TEST_CASE("a fence is closed by one of its kind that is as long, and by nothing else") {
    const auto text = read(R"(# Top
````md
```
# inside
```
~~~~
inside_still
`````
behind
~~~ info `x`
# not either
~~~
``` no`fence
## Sub
)");
    CHECK(text.label("inside_still") == "Top");
    CHECK(text.strength("````md") == Strength::inside);  // it follows its heading
    CHECK(text.strength("# inside") == Strength::inside);
    CHECK(text.strength("behind") == Strength::block);
    CHECK(text.label("# not either") == "Top");
    CHECK(text.label("## Sub") == "Top > Sub");
}

TEST_CASE("a table keeps its header with the first row, and what is behind knows the header") {
    const auto text = read(R"(# Limits
Some text.

| name | value |
|:-----|------:|
| one | 1 |
| two | 2 |
behind
| no | rule |
| no | table |
)");
    CHECK(text.strength("| name") == Strength::block);
    CHECK(text.strength("|:---") == Strength::inside);
    CHECK(text.strength("| one") == Strength::inside);
    CHECK(text.strength("| two") == Strength::line);
    CHECK(text.label("| two") == "Limits > | name | value |");
    CHECK(text.label("behind") == "Limits");
    CHECK(text.label("| no | table") == "Limits");
}

TEST_CASE("a list is cut between its items before it is cut inside of one") {
    const auto text = read("Words:\n\n- one\n  more\n\n  still one\n- two\n    1. deep\n\nbehind\n");
    CHECK(text.strength("- one") == Strength::block);
    CHECK(text.strength("  more") == Strength::inside);
    CHECK(text.strength("  still") == Strength::line);
    CHECK(text.strength("- two") == Strength::blank);
    CHECK(text.strength("    1. deep") == Strength::line);
    CHECK(text.strength("behind") == Strength::blank);
}

TEST_CASE("front matter is no heading") {
    const auto text = read("---\ntitle: x\n# comment\n---\n\n# Real\nbody\n");
    CHECK(text.label("# comment").empty());
    CHECK(text.label("body") == "Real");
}

TEST_CASE("every passage of CommonMark's own specification stands under its heading") {
    const std::string text = specification();
    if (text.empty()) {
        MESSAGE("left out: the specification is not there, tools/deps test brings it");
        return;
    }
    REQUIRE(text.size() > 200'000);
    const auto chunks = chunk(text, {.kind = TextKind::markdown}).value();
    std::uint64_t next = 0;
    std::size_t inside_examples = 0;
    for (const Chunk& part : chunks) {
        REQUIRE(part.core.begin == next);
        REQUIRE(part.tokens <= 400);
        next = part.core.end;
        // Its examples, in fences of 32 backticks, are full of what would be headings.
        CHECK(part.heading.find("Foo") == std::string::npos);
        const std::string_view before = std::string_view(text).substr(0, part.core.begin);
        const std::string fence(32, '`');
        std::size_t fences = 0;
        for (std::size_t at = before.find(fence); at != std::string_view::npos; at = before.find(fence, at + 32))
            ++fences;
        inside_examples += fences % 2;
    }
    CHECK(next == text.size());
    CHECK(inside_examples <= chunks.size() / 100);  // only one that is longer than a chunk is cut
    const Reading reading(TextKind::markdown, "", text);
    CHECK(reading.label("A [backtick string](@)") == "Inlines > Code spans");
    CHECK(reading.label("The setext heading underline cannot be a [lazy continuation") ==
          "Leaf blocks > Setext headings");
    CHECK(reading.label("## Phase 2: inline structure") == "Appendix: A parsing strategy > Phase 2: inline structure");
}
