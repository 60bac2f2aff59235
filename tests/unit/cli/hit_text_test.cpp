#include "cli/hit_text.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;
using namespace archaeologist::cli;
using host::Emphasis;

namespace {

Hit hit_of(std::string content, const std::vector<std::string_view>& lit = {}) {
    Hit hit;
    hit.source_id = SourceId{1};
    hit.source_name = "src/a.cpp";
    hit.content = std::move(content);
    hit.score = 0.5;
    hit.line_range = {10, 20};
    std::size_t from = 0;
    for (const auto word : lit) {
        const auto at = hit.content.find(word, from);
        REQUIRE(at != std::string::npos);
        hit.highlights.push_back({at, at + word.size()});
        from = at + word.size();
    }
    return hit;
}

const HitStyle plain{};
const HitStyle bold{Emphasis::bold, {}};

SearchReply reply_of(std::vector<Hit> hits, SearchMode mode = SearchMode::hybrid) {
    SearchReply reply;
    reply.results = std::move(hits);
    reply.mode = mode;
    return reply;
}

}  // namespace

TEST_CASE("passages stand by file, with their lines, score and heading") {
    auto hit = hit_of("int lease;\n", {"lease"});
    hit.heading = "Queue > claim";
    CHECK(passages_of(reply_of({hit}), plain) == "src/a.cpp\n10-20  0.500  Queue > claim\n  10:int lease;\n");
    auto other = hit_of("y\n");
    other.source_id = SourceId{2};
    other.source_name = "b.txt";
    auto earlier = hit_of("first\n");
    earlier.line_range = {7, 7};
    CHECK(passages_of(reply_of({hit, other, earlier}), plain) ==
          "src/a.cpp\n7  0.500\n  7-first\n10-20  0.500  Queue > claim\n  10:int lease;\n\nb.txt\n10-20  0.500\n  "
          "10-y\n");
}

TEST_CASE("a passage shows at most six lines, from the one before the first highlight") {
    const auto hit = hit_of("1\n2\n3\n4 lease\n5\n6\n7\n8\n9\n", {"lease"});
    CHECK(passages_of(reply_of({hit}), plain) ==
          "src/a.cpp\n10-20  0.500\n  12-3\n  13:4 lease\n  14-5\n  15-6\n  16-7\n  17-8\n");
}

TEST_CASE("blank lines at either end of a passage are left out") {
    const auto hit = hit_of("\n  \nfirst\n\nsecond\n\n");
    CHECK(passages_of(reply_of({hit}), plain) == "src/a.cpp\n10-20  0.500\n  12-first\n  13-\n  14-second\n");
}

TEST_CASE("literal matches are shown by line, each once, as grep does") {
    auto hit = hit_of("x\nlease and lease\ny\nz\nlease\n", {"lease", "lease", "lease"});
    hit.line_range = {42, 45};
    const auto reply = reply_of({hit, hit}, SearchMode::literal);
    CHECK(passages_of(reply, plain) == "src/a.cpp\n42:lease and lease\n45:lease\n");
    CHECK(passages_of(reply, {Emphasis::none, ContextLines{1, 0}}) ==
          "src/a.cpp\n41-x\n42:lease and lease\n--\n44-z\n45:lease\n");
    CHECK(grep_lines_of(reply, {Emphasis::none, ContextLines{0, 1}}) ==
          "src/a.cpp:42:lease and lease\nsrc/a.cpp-43-y\n--\nsrc/a.cpp:45:lease\n");
}

TEST_CASE("context goes beyond a hit's content, with its line numbers") {
    auto hit = hit_of("r lease\n", {"lease"});
    hit.before = "one\ntwo\nou";
    hit.after = "four\nfive\n";
    hit.line_range = {3, 3};
    for (const auto mode : {SearchMode::words, SearchMode::literal}) {
        const auto text = passages_of(reply_of({hit}, mode), {Emphasis::none, ContextLines{2, 1}});
        CHECK(text.find("1-one\n") != std::string::npos);
        CHECK(text.find("3:our lease\n") != std::string::npos);
        CHECK(text.find("4-four\n") != std::string::npos);
        CHECK(text.find("five") == std::string::npos);
    }
}

TEST_CASE("names, numbers and highlights have their colours where they are wanted, and only there") {
    const auto hit = hit_of("a lease lost\n", {"lease"});
    CHECK(passages_of(reply_of({hit}), bold) ==
          "\033[35msrc/a.cpp\033[0m\n\033[2m10-20  0.500\033[0m\n  \033[32m10\033[0m:a \033[1;31mlease\033[0m lost\n");
    CHECK(passages_of(reply_of({hit}), plain).find('\033') == std::string::npos);
}

TEST_CASE("escape bytes in names, headings and text never reach the output") {
    auto hit = hit_of("\033[31mred lease\007\n", {"lease"});
    hit.source_name = "evil\033]0;x\n.txt";
    hit.heading = "h\033[0m";
    hit.also_in.push_back({SourceId{2}, "also\033", {1, 2}});
    for (const auto& text : {passages_of(reply_of({hit}), plain), grep_lines_of(reply_of({hit}), plain),
                             vimgrep_lines_of(reply_of({hit}))}) {
        CHECK(text.find('\033') == std::string::npos);
        CHECK(text.find('\007') == std::string::npos);
    }
    CHECK(grep_lines_of(reply_of({hit}), plain) == "evil\\x1b]0;x\\n.txt:10:\\x1b[31mred lease\\x07\n");
}

TEST_CASE("a long line is cut around its highlight, between characters") {
    std::string line;
    for (int i = 0; i < 2'000; ++i) line += "é";
    line.insert(2'000, "lease");
    const auto text = passages_of(reply_of({hit_of(line, {"lease"})}), plain);
    CHECK(text.size() < 400);
    CHECK(text.find("lease") != std::string::npos);
    CHECK(text.find("\\x") == std::string::npos);
    CHECK(text.ends_with("…\n"));
}

TEST_CASE("grep lines name the line of each highlight once") {
    const auto hit = hit_of("x\nlease and lease\ny\nlease\n", {"lease", "lease", "lease"});
    CHECK(grep_lines_of(reply_of({hit, hit}), plain) == "src/a.cpp:11:lease and lease\nsrc/a.cpp:13:lease\n");
}

TEST_CASE("vimgrep lines name the column of each highlight in bytes from 1") {
    const auto hit = hit_of("x\né lease, lease\n", {"lease", "lease"});
    CHECK(vimgrep_lines_of(reply_of({hit})) == "src/a.cpp:11:4:é lease, lease\nsrc/a.cpp:11:11:é lease, lease\n");
}

TEST_CASE("a hit without highlights is given by its first line that is not blank") {
    CHECK(grep_lines_of(reply_of({hit_of("\nfirst\nsecond\n")}), plain) == "src/a.cpp:11:first\n");
    CHECK(vimgrep_lines_of(reply_of({hit_of("\nfirst\nsecond\n")})) == "src/a.cpp:11:1:first\n");
    CHECK(grep_lines_of(reply_of({hit_of("")}), plain).empty());
}

TEST_CASE("a literal hit's line numbers are counted from the match") {
    auto hit = hit_of("before\nbefore\nthe lease\nafter\n", {"lease"});
    hit.line_range = {42, 42};
    CHECK(grep_lines_of(reply_of({hit}, SearchMode::literal), plain) == "src/a.cpp:42:the lease\n");
    const auto lines = lines_of(hit, SearchMode::literal);
    CHECK(lines.front().number == 40);
    CHECK(lines.back().number == 43);
}

TEST_CASE("a highlight across lines lights the part on each, and one beyond the content is cut") {
    auto hit = hit_of("one\ntwo\n");
    hit.highlights = {{1, 6}, {7, 99}};
    const auto lines = lines_of(hit, SearchMode::words);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].highlights == std::vector<ByteRange>{{1, 3}});
    CHECK(lines[1].highlights == std::vector<ByteRange>{{0, 2}});
    CHECK_FALSE(passages_of(reply_of({hit}), bold).empty());
}

TEST_CASE("other places with the same text are named, three of them") {
    auto hit = hit_of("x\n");
    for (int i = 0; i < 5; ++i) hit.also_in.push_back({SourceId{2 + i}, "b" + std::to_string(i), {3, 4}});
    CHECK(passages_of(reply_of({hit}), plain).ends_with("  also in b0:3-4, b1:3-4, b2:3-4 and 2 more\n"));
}

TEST_CASE("what could not be searched is said, and nothing when all could") {
    auto reply = reply_of({hit_of("x\n")});
    reply.coverage = {.sources = 1'300, .searchable = 1'290};
    CHECK(remarks_of(reply).empty());
    reply.coverage.pending = 7;
    reply.coverage.failed = 3;
    CHECK(remarks_of(reply) == "searched 1,290 of 1,300 files: 7 pending, 3 failed\n");
    reply = reply_of({hit_of("x x\n", {"x"})}, SearchMode::literal);
    reply.total_found = 1'200;
    CHECK(remarks_of(reply) == "1 of 1,200 matches; --limit and --per-file show more\n");
    reply = reply_of({});
    CHECK(remarks_of(reply) == "nothing found in 0 searchable files\n");
    reply.note = "matches word forms";
    CHECK(remarks_of(reply).ends_with("matches word forms\n"));
}
