#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "archaeologist/chunker.hpp"
#include "support/missing_input.hpp"
#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

// The specification of CommonMark 0.31.2, which tools/deps test brings; empty when it is not there.
std::string specification() {
    const char* path = std::getenv("ARCHAEO_COMMONMARK_SPEC");
    std::ifstream file(path == nullptr ? "" : path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

}  // namespace

TEST_CASE("every passage of CommonMark's own specification stands under its heading") {
    const std::string text = specification();
    if (text.empty()) return leave_out("CommonMark's specification");
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
