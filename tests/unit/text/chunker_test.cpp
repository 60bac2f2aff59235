#include "archaeologist/chunker.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace archaeologist;

namespace {

// By value: a range-for over chunk(...).value() would outlive the result it looks into.
std::vector<Chunk> chunks_of(std::string_view text, const ChunkOptions& options) {
    return chunk(text, options).value();
}

std::vector<std::string> cores(std::string_view text, const ChunkOptions& options) {
    std::vector<std::string> result;
    for (const Chunk& part : chunks_of(text, options)) {
        result.emplace_back(text.substr(part.core.begin, part.core.size()));
    }
    return result;
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

const ChunkOptions small{.kind = TextKind::plain, .target_tokens = 16, .max_tokens = 20, .overlap = 0};

}  // namespace

TEST_CASE("an empty text has no chunk, one within the maximum has one") {
    CHECK(cores("", {}).empty());
    CHECK(cores("One line.\n\nAnother.\n", {}).size() == 1);
    CHECK(cores(std::string(1'600, 'a'), {}).size() == 1);
    CHECK(cores(std::string(1'601, 'a'), {}).size() == 2);
}

TEST_CASE("a text is cut behind a blank line before a line, a sentence or a word") {
    const std::string words = repeat("word ", 7);
    CHECK(cores(words + "\n\n" + words + "\n" + words, small).at(0) == words + "\n\n");
    CHECK(cores(words + ". " + words + "\n" + words + words, small).at(0) == words + ". " + words + "\n");
    CHECK(cores(words + "end. " + words + words, small).at(0) == words + "end. ");
    CHECK(cores(words + words + words, small).at(0) == repeat("word ", 12));
    CHECK(cores(repeat("会計", 5) + "。" + repeat("処理", 20), small).at(0) == repeat("会計", 5) + "。");
}

TEST_CASE("a blank line in CRLF text is one too") {
    const std::string words = repeat("word ", 7);
    CHECK(cores(words + "\r\n\r\n" + words + "\r\n" + words, small).at(0) == words + "\r\n\r\n");
}

TEST_CASE("a context begins at a line or word and stays within the overlap") {
    ChunkOptions options;
    options.overlap = 0.15;
    const std::string text = repeat("Some words make a line of text here.\n", 200);
    const auto chunks = chunks_of(text, options);
    REQUIRE(chunks.size() > 2);
    CHECK(chunks[0].context == chunks[0].core);
    for (std::size_t i = 1; i < chunks.size(); ++i) {
        const std::uint64_t overlap = chunks[i].core.begin - chunks[i].context.begin;
        CHECK(overlap > 0);
        CHECK(overlap <= 45 * 4);
        CHECK(text[chunks[i].context.begin - 1] == '\n');
    }
    const std::string line = repeat("unbroken line of words ", 500);
    for (const Chunk& part : chunks_of(line, options)) {
        if (part.ordinal > 0) CHECK(line[part.context.begin - 1] == ' ');
    }
}

TEST_CASE("chunks know their lines, both ends included") {
    const std::string text = repeat("a line of text\n", 20);
    std::uint64_t next = 1;
    for (const Chunk& part : chunks_of(text, small)) {
        CHECK(part.lines.first == next);
        next = part.lines.last + 1;
    }
    CHECK(next == 21);
    const auto one_line = chunks_of(std::string(500, 'a'), small);
    CHECK(one_line.back().lines == LineRange{1, 1});
}

TEST_CASE("Markdown is cut before headings and tells the heading path") {
    ChunkOptions options = small;
    options.kind = TextKind::markdown;
    const std::string body = "Text that fills a few lines.\nMore text of it.\n";
    const std::string text = "# Install\n" + body + "## Linux\n" + body + "## macOS ##\n" + body + "# Use\n" + body;
    const auto chunks = chunks_of(text, options);
    REQUIRE(chunks.size() == 4);
    CHECK(chunks[0].heading == "Install");
    CHECK(chunks[1].heading == "Install > Linux");
    CHECK(chunks[2].heading == "Install > macOS");
    CHECK(chunks[3].heading == "Use");
    CHECK(text.substr(chunks[1].core.begin, 8) == "## Linux");
}

TEST_CASE("a section's context does not reach into the section before") {
    ChunkOptions options = small;
    options.kind = TextKind::markdown;
    options.overlap = 0.5;
    const std::string body = repeat("word ", 10) + "\n";
    std::string text;
    for (const char* heading : {"# A\n", "# B\n", "# C\n"}) text.append(heading).append(body);
    for (const Chunk& part : chunks_of(text, options)) {
        CHECK(part.context == part.core);
    }
}

TEST_CASE("what looks like a heading inside a fenced block is none") {
    ChunkOptions options = small;
    options.kind = TextKind::markdown;
    const std::string text =
        "# Real\n" + repeat("```sh\n# comment in shell\nmake install\n```\nSome text behind.\n", 6);
    for (const Chunk& part : chunks_of(text, options)) {
        CHECK(part.heading == "Real");
        CHECK(text.compare(part.core.begin, 9, "# comment") != 0);
    }
}

TEST_CASE("a long part of a section keeps its heading") {
    ChunkOptions options = small;
    options.kind = TextKind::markdown;
    const auto chunks = chunks_of("# Top\n\n### Deep\n" + repeat("many words in it\n", 50), options);
    REQUIRE(chunks.size() > 5);
    CHECK(chunks.back().heading == "Top > Deep");
}

TEST_CASE("code is cut between definitions, and a passage inside one tells which") {
    ChunkOptions options = small;
    options.kind = TextKind::code;
    const std::string one = "int one() {\n    return 1 + 2 + 3;\n\n}\n\n";
    const auto parts = cores(repeat(one, 8), options);
    for (const std::string& part : parts) CHECK(part.starts_with("int one()"));
    const std::string body = repeat("    call_something(with, arguments);\n", 20);
    const auto chunks = chunks_of("void Long::method(int x) {\n" + body + "}\n", options);
    REQUIRE(chunks.size() > 3);
    for (const Chunk& part : chunks) CHECK(part.heading == "Long::method");
}

TEST_CASE("a definition that fits stays whole, be the one before it small") {
    ChunkOptions options{.kind = TextKind::code, .target_tokens = 64, .max_tokens = 80, .overlap = 0, .language = "c"};
    const std::string little = "int one(void) {\n    return 1;\n}\n\n";
    const std::string big = "int two(void) {\n" + repeat("    call(something);\n", 12) + "}\n\n";
    const auto parts = cores(little + little + big + big, options);
    REQUIRE(parts.size() == 3);
    CHECK(parts[0] == little + little);
    CHECK(parts[1] == big);
}

TEST_CASE("a passage between definitions tells the first that begins in it") {
    ChunkOptions options{.kind = TextKind::code, .language = "c++"};
    const auto chunks = chunks_of(
        "// A licence.\n\n#include <x>\n\nnamespace n {\nclass A {\n    int f() { return 1; }\n};\n}\n", options);
    REQUIRE(chunks.size() == 1);
    CHECK(chunks[0].heading == "n::A::f");
}

TEST_CASE("a chunk of several definitions tells where each of them stands") {
    const std::string text =
        "#include <x>\n\n// Adds one.\nint alpha(int x) {\n    return x + 1;\n}\n\nstruct Gamma {\n    int size;\n\n"
        "    int beta() { return 2; }\n};\n\nint last;\n";
    const auto chunks = chunks_of(text, {.kind = TextKind::code, .language = "c++"});
    REQUIRE(chunks.size() == 1);
    CHECK(chunks[0].heading == "alpha");
    const auto at = [&](std::string_view what) {
        std::string found = "nowhere";
        for (const Heading& part : chunks[0].headings) {
            if (part.begin <= text.find(what)) found = part.text;
        }
        return found;
    };
    CHECK(at("#include").empty());
    CHECK(at("Adds one") == "alpha");
    CHECK(at("return x") == "alpha");
    CHECK(at("int size") == "Gamma");
    CHECK(at("return 2") == "Gamma::beta");
    CHECK(at("int last").empty());

    const auto alone =
        chunks_of("int alpha(int x) {\n    return x + 1;\n}\n\n", {.kind = TextKind::code, .language = "c++"});
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].headings.empty());
    const auto guide = chunks_of("# Install\nAsk.\n## Linux\nUse apt.\n", {.kind = TextKind::markdown});
    REQUIRE(guide.size() == 1);
    CHECK(guide[0].headings == std::vector<Heading>{{0, "Install"}, {15, "Install > Linux"}});
}

TEST_CASE("more definitions than a chunk may tell of: what stands behind stands under nothing") {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "int f" + std::to_string(i) + "() {}\n";
    const auto chunks =
        chunks_of(text, {.kind = TextKind::code, .target_tokens = 8'000, .max_tokens = 8'000, .language = "c"});
    REQUIRE(chunks.size() == 1);
    REQUIRE(chunks[0].headings.size() == 64);
    CHECK(chunks[0].headings[62].text == "f62");
    CHECK(chunks[0].headings[63].text.empty());
}

TEST_CASE("a table is cut between rows as long as a row fits") {
    ChunkOptions options = small;
    options.kind = TextKind::table;
    options.overlap = 0.5;
    const std::string text =
        "id,name\n" + repeat("1,short\n", 3) + std::string(70, 'x') + "\n" + repeat("2,name\n", 20);
    for (const Chunk& part : chunks_of(text, options)) {
        CHECK((part.core.begin == 0 || text[part.core.begin - 1] == '\n'));
        CHECK((part.context.begin == 0 || text[part.context.begin - 1] == '\n'));
    }
}

TEST_CASE("the description tells every option apart") {
    ChunkOptions options;
    CHECK(describe(options) == "chunks-3 plain target=300 max=400 overlap=0.15");
    options.overlap = 0.151;
    options.kind = TextKind::table;
    options.language = "sql";  // of no effect
    CHECK(describe(options) == "chunks-3 table target=300 max=400 overlap=0.151");
    options.kind = TextKind::code;
    CHECK(describe(options) == "chunks-3 code sql target=300 max=400 overlap=0.151");
}

TEST_CASE("text that is not UTF-8 is refused") {
    CHECK(chunk("caf\xE9", {}).error().code == Code::invalid_argument);
    CHECK(chunk("caf\xC3", {}).error().code == Code::invalid_argument);
}

TEST_CASE("options out of range are refused with name, value and rule") {
    const auto message = [](const ChunkOptions& options) {
        const Status status = validate(options);
        REQUIRE_FALSE(status.has_value());
        CHECK(status.error().code == Code::invalid_argument);
        CHECK(chunk("text", options).error().message == status.error().message);
        return status.error().message;
    };
    CHECK(validate({}).has_value());
    CHECK(message({.target_tokens = 15}) == "chunks: target_tokens is 15, must be 16 to 8192");
    CHECK(message({.max_tokens = 299}) == "chunks: max_tokens is 299, must be target_tokens (300) to 16384");
    CHECK(message({.overlap = 0.6}) == "chunks: overlap is 0.6, must be 0 to 0.5");
    CHECK(message({.overlap = std::nan("")}) == "chunks: overlap is nan, must be 0 to 0.5");
    CHECK(message({.kind = static_cast<TextKind>(9)}) == "chunks: kind is 9, must be plain, markdown, code or table");
}
