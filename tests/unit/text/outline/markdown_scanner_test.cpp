#include <doctest/doctest.h>

#include "archaeologist/chunker.hpp"
#include "text/outline/markdown.hpp"
#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view text) { return {TextKind::markdown, "", text}; }

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
