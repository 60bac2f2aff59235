#include "text/cutter.hpp"

#include <doctest/doctest.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>

#include "base/utf8.hpp"
#include "text/lines.hpp"
#include "text/token_estimate.hpp"

using namespace archaeologist;

namespace {

using Rng = std::mt19937_64;

// Alphabets of awkward texts. A text is drawn from one, sometimes from several.
const std::vector<std::vector<std::string>> alphabets = {
    {"a", "b", "word", " ", " ", "\n", ". ", "\n\n", "! "},
    {"line\r\n", "\r\n", "x", "\r", "\n", " "},
    {"👨‍👩‍👧‍👦", "🇩🇪", "🇯🇵", "👍🏽", "❤️", "😀", "🇫"},
    {"\u0301", "\u0308", "\u20DD", "\u200D"},
    {"e\u0301", "n\u0303", "a", "o\u0308\u0323"},
    {"a"},
    {"\n"},
    {" "},
    {"会", "計", "処理", "。", "、", "「", "」", "ガ", "\u3000"},
    {"한", "국", "\u1112", "\u1161", "\u11AB", "각"},
    {"क", "्", "ष", "ि", " ", "नमस्ते"},
    {"ภ", "า", "ษ", "ำ", "่"},
    {"# Head\n", "## Sub\n", "```\n", "text\n", "\n", "| a | b |\n", "- item\n"},
    {"int f() {\n", "    x();\n", "}\n", "\n", "// note\n"},
    {"class A {", "(",     ")",       "{",     "}",    ";", "\"", "'",     "/*",  "*/", "//",
     "\n",        "#if\n", "#else\n", "R\"x(", ")x\"", "`", "${", "<<E\n", "E\n", "é"},
    {"def f():\n", "  class B:\n", "    def é(self):\n", "\"\"\"", "end\n", "@x\n", "  y\n", "[", "]", "#", "'''"},
    {"CREATE FUNCTION f()", " BEGIN ", "END;\n", "$$", "CREATE PACKAGE p AS\n", "PROCEDURE q ", ";\n", "GO\n", "CASE ",
     "'", "-- x\n", "[é].[b] "},
    {"Sub é()\n", "End Sub\n", "Class C\n", "End Class\n", "       MAIN-é.\n", "       A SECTION.\n",
     "       PROCEDURE DIVISION.\n", "PROGRAM-ID. X.\n"},
    {"Title\n", "===\n", "---\n", "~~~\n", "````\n", "|-|-|\n", "| é | b |\n", "1. one\n", "  more\n", "> q\n", "\n"},
    {"id,name\n", "1,\"a b\"\n", "x", ",\"", "\n", "\""},
    {"\u0600", "a", "\u200B", "\uFEFF", "\v", "\f", "\t"},
};

std::string random_text(Rng& rng, std::size_t size) {
    std::string text;
    const bool is_mixed = rng() % 3 == 0;
    const auto* alphabet = &alphabets[rng() % alphabets.size()];
    while (text.size() < size) {
        if (is_mixed && rng() % 20 == 0) alphabet = &alphabets[rng() % alphabets.size()];
        text += (*alphabet)[rng() % alphabet->size()];
    }
    return text;
}

ChunkOptions random_options(Rng& rng) {
    ChunkOptions options;
    options.kind = static_cast<TextKind>(rng() % 4);
    options.target_tokens = static_cast<std::uint32_t>(16 + rng() % 60);
    options.max_tokens = options.target_tokens + static_cast<std::uint32_t>(rng() % 40);
    options.overlap = std::array{0.0, 0.15, 0.3, 0.5}[rng() % 4];
    options.language = std::array{"",    "c++",   "python",       "javascript", "rust", "php", "shell",  "ruby",
                                  "sql", "cobol", "visual basic", "go",         "c#",   "lua", "unknown"}[rng() % 15];
    return options;
}

// Every grapheme's begin, and the text's end.
std::set<std::uint64_t> grapheme_begins(std::string_view text) {
    std::set<std::uint64_t> begins = {0, text.size()};
    utf8proc_int32_t state = 0;
    CodePoint left = decode_utf8(text);
    for (std::size_t at = left.length; at < text.size(); at += left.length) {
        const CodePoint right = decode_utf8(text.substr(at));
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(left.value),
                                             static_cast<utf8proc_int32_t>(right.value), &state)) {
            begins.insert(at);
        }
        left = right;
    }
    return begins;
}

struct Cutting {
    std::vector<Chunk> chunks;
    std::uint64_t scanned_bytes = 0;
    std::size_t held_bytes_max = 0;
};

// Cuts a text that arrives in pieces of 0 to piece_max bytes, and checks what each piece shows.
Cutting cut(std::string_view text, const ChunkOptions& options, std::size_t piece_max, Rng& rng) {
    Cutter cutter(options);
    Cutting result;
    const auto keep = [&](const std::vector<Chunker::Piece>& pieces) {
        for (const auto& piece : pieces) {
            const Chunk& c = piece.chunk;
            REQUIRE(piece.text == text.substr(c.context.begin, c.context.size()));
            REQUIRE(piece.core_text == text.substr(c.core.begin, c.core.size()));
            result.chunks.push_back(c);
        }
        result.held_bytes_max = std::max(result.held_bytes_max, cutter.held_bytes());
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = std::min(text.size() - at, rng() % (piece_max + 1));
        keep(cutter.push(text.substr(at, size)));
        at += size;
    }
    keep(cutter.finish());
    REQUIRE(cutter.finish().empty());
    result.scanned_bytes = cutter.scanned_bytes();
    return result;
}

bool same(const Chunk& a, const Chunk& b) {
    return a.ordinal == b.ordinal && a.core == b.core && a.context == b.context && a.lines == b.lines &&
           a.tokens == b.tokens && a.heading == b.heading && a.headings == b.headings;
}

void check_headings(const Chunk& chunk) {
    REQUIRE(chunk.headings.size() <= 64);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < chunk.headings.size(); ++i) {
        const Heading& part = chunk.headings[i];
        REQUIRE(is_valid_utf8(part.text));
        REQUIRE(part.text.find('\n') == std::string::npos);
        REQUIRE((i == 0 ? part.begin == chunk.core.begin : part.begin > chunk.headings[i - 1].begin));
        REQUIRE(part.begin < chunk.core.end);
        REQUIRE((i == 0 || part.text != chunk.headings[i - 1].text));
        bytes += part.text.size();
    }
    REQUIRE(bytes <= 4'096);
    REQUIRE((chunk.headings.size() != 1 || chunk.headings[0].text != chunk.heading));
}

void check_invariants(std::string_view text, const ChunkOptions& options, const std::vector<Chunk>& chunks) {
    const auto graphemes = grapheme_begins(text);
    const LineIndex lines(text);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const Chunk& c = chunks[i];
        REQUIRE(c.ordinal == i);
        REQUIRE(c.core.begin == next);
        REQUIRE(c.core.size() > 0);
        REQUIRE(c.context.begin <= c.core.begin);
        REQUIRE(c.context.end == c.core.end);
        REQUIRE(c.lines == lines.lines_of(c.core));
        REQUIRE(c.tokens == tokens_of(estimate_quarters(text.substr(c.context.begin, c.context.size()))));
        REQUIRE(c.tokens <= options.max_tokens);
        const auto overlap = estimate_quarters(text.substr(c.context.begin, c.core.begin - c.context.begin));
        REQUIRE(static_cast<double>(overlap) <= options.overlap * options.target_tokens * 4);
        REQUIRE((c.context.begin == c.core.begin || graphemes.contains(c.context.begin)));
        REQUIRE(is_valid_utf8(text.substr(c.core.begin, c.core.size())));
        REQUIRE(is_valid_utf8(c.heading));
        REQUIRE(c.heading.size() <= 1'000);
        check_headings(c);
        if (!graphemes.contains(c.core.begin)) {
            const auto behind = graphemes.upper_bound(c.core.begin);
            const auto begin = *std::prev(behind);
            REQUIRE(estimate_quarters(text.substr(begin, *behind - begin)) > options.max_tokens * 4);
        }
        next = c.core.end;
    }
    REQUIRE(next == text.size());
}

}  // namespace

TEST_CASE("cores tile any text, cut no grapheme that fits and never exceed the maximum") {
    for (std::uint64_t seed = 0; seed < 1'500; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const ChunkOptions options = random_options(rng);
        const std::string text = random_text(rng, rng() % 4'000);
        check_invariants(text, options, cut(text, options, 4'000, rng).chunks);
    }
}

TEST_CASE("how a text arrives does not change its chunks") {
    for (std::uint64_t seed = 0; seed < 600; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const ChunkOptions options = random_options(rng);
        const std::string text = random_text(rng, rng() % 4'000);
        const auto whole = chunk(text, options).value();
        for (const std::size_t piece_max : {1U, 7U, 300U, 2'000U}) {
            const auto pieces = cut(text, options, piece_max, rng).chunks;
            REQUIRE(std::equal(whole.begin(), whole.end(), pieces.begin(), pieces.end(), same));
        }
    }
}

TEST_CASE("cores are not tiny where the text allows") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        ChunkOptions options = random_options(rng);
        if (options.kind == TextKind::table) options.kind = TextKind::plain;  // a long row may leave a short one alone
        options.overlap = 0.15;
        std::string text;
        while (text.size() < 3'000) text += std::array{"word", " ", "\n", "会", "\n\n", ". "}[rng() % 6];
        const auto chunks = chunk(text, options).value();
        for (std::size_t i = 0; i + 1 < chunks.size(); ++i) {
            const auto core = text.substr(chunks[i].core.begin, chunks[i].core.size());
            CHECK(estimate_quarters(core) + 4 >= options.target_tokens * 4 * 85 / 100 / 2);
        }
    }
}

TEST_CASE("work grows with the text and not faster, memory not at all, whatever the text") {
    constexpr std::uint64_t scans_max = 24;  // reached by combining marks only: prose needs 7 to 8
    const ChunkOptions options;
    constexpr std::size_t piece_max = 4'096;
    for (const auto& alphabet : alphabets) {
        CAPTURE(alphabet[0]);
        Rng rng(1);
        std::string text;
        while (text.size() < 300'000) text += alphabet[rng() % alphabet.size()];
        for (const TextKind kind : {TextKind::plain, TextKind::markdown, TextKind::code, TextKind::table}) {
            ChunkOptions with_kind = options;
            with_kind.kind = kind;
            const Cutting result = cut(text, with_kind, piece_max, rng);
            CHECK(result.scanned_bytes <= scans_max * text.size());
            CHECK(result.held_bytes_max <= 4 * (std::size_t{options.max_tokens} * 4 + piece_max));
        }
    }
}

TEST_CASE("100 MB of anything cost a hundred times what 1 MB costs, and no more memory") {
    constexpr std::size_t megabyte = 1'000'000;
    struct Shape {
        const char* name;
        std::string unit;
    };
    const std::vector<Shape> shapes = {{"one line", "a"},
                                       {"one line of CJK", "会"},
                                       {"only newlines", "\n"},
                                       {"only combining marks", "\u0301"},
                                       {"lone surrogates", "\xED\xA0\x80"},
                                       {"emoji families", "👨‍👩‍👧‍👦"},
                                       {"only open braces", "{"},
                                       {"only quotes", "\""},
                                       {"only slashes", "/"}};
    for (const Shape& shape : shapes) {
        CAPTURE(shape.name);
        std::string piece;
        while (piece.size() < megabyte / 4) piece += shape.unit;
        for (const TextKind kind : {TextKind::plain, TextKind::markdown, TextKind::code, TextKind::table}) {
            Cutter cutter({.kind = kind, .language = "javascript"});
            std::uint64_t first = 0;
            std::size_t held = 0;
            const int pieces = kind == TextKind::plain && shape.unit == "a" ? 400 : 12;  // one of 100 MB is enough
            for (int i = 1; i <= pieces; ++i) {
                static_cast<void>(cutter.push(piece));
                if (i == 4) first = cutter.scanned_bytes();
                held = std::max(held, cutter.held_bytes());
            }
            static_cast<void>(cutter.finish());
            CHECK(cutter.scanned_bytes() <= first * (static_cast<unsigned>(pieces) / 4 + 1));
            CHECK(held <= 2 * megabyte);
        }
    }
}

TEST_CASE("606,000 characters without a space are cut as fast as with") {
    // What took a peer 114 seconds, for its work grew with the square.
    Rng rng(4);
    std::string text;
    while (text.size() < 606'000) text += static_cast<char>('a' + rng() % 26);
    const auto scanned = cut(text, {}, 64 << 10, rng).scanned_bytes;
    for (std::size_t at = 7; at < text.size(); at += 8) text[at] = ' ';
    CHECK(scanned <= 2 * cut(text, {}, 64 << 10, rng).scanned_bytes);
}

TEST_CASE("a line of 20 MB costs twenty times a line of 1 MB") {
    const auto scanned = [](std::size_t size) {
        Rng rng(2);
        return cut(std::string(size, 'a'), {}, 64 << 10, rng).scanned_bytes;
    };
    const std::uint64_t small = scanned(1 << 20);
    const std::uint64_t large = scanned(20 << 20);
    CHECK(large <= small * 21);
    CHECK(large >= small * 19);
}

TEST_CASE("a text in single bytes costs a bounded number of moves") {
    Rng rng(3);
    const std::string text = random_text(rng, 200'000);
    CHECK(cut(text, {}, 1, rng).scanned_bytes <= 16 * text.size());
}

TEST_CASE("bytes that are not UTF-8 still give chunks that tile them") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::string bytes(rng() % 3'000, '\0');
        const bool is_tail_only = seed % 5 == 0;
        for (char& c : bytes) c = static_cast<char>(is_tail_only ? 0x80 : rng() % 256);
        const ChunkOptions options = random_options(rng);
        std::uint64_t next = 0;
        for (const Chunk& c : cut(bytes, options, 500, rng).chunks) {
            REQUIRE(c.core.begin == next);
            REQUIRE(c.core.size() > 0);
            REQUIRE(c.context.size() <= options.max_tokens * 4);
            next = c.core.end;
        }
        REQUIRE(next == bytes.size());
    }
}
