// The query syntax, through the searcher.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/search/fixture.hpp"

using namespace archaeologist;

namespace {

std::vector<std::int64_t> sources_of(const SearchReply& reply) {
    std::vector<std::int64_t> sources;
    for (const Hit& hit : reply.results) sources.push_back(to_integer(hit.source_id));
    std::sort(sources.begin(), sources.end());
    return sources;
}

using Sources = std::vector<std::int64_t>;

constexpr SearchMode ranked_modes[] = {SearchMode::hybrid, SearchMode::words, SearchMode::semantic};

void add_four(SearchFixture& fixture) {
    fixture.add(1, {"the lease was lost on monday\n"}, "src/queue/lease.c");
    fixture.add(2, {"a lost lease is returned\n"}, "src/queue/lost.md");
    fixture.add(3, {"lost and found: leases of houses\n"}, "docs/houses.md");
    fixture.add(4, {"nothing of the kind, but running about\n"}, "docs/other.txt");
}

std::string marked(const Hit& hit) {
    std::string text;
    std::size_t at = 0;
    for (const ByteRange& range : hit.highlights) {
        text += hit.content.substr(at, range.begin - at) + "[" + hit.content.substr(range.begin, range.size()) + "]";
        at = range.end;
    }
    return text + hit.content.substr(at);
}

}  // namespace

TEST_CASE("a phrase must stand in the text, in every mode of words and vectors") {
    SearchFixture fixture;
    add_four(fixture);
    for (const SearchMode mode : ranked_modes) {
        CAPTURE(to_string(mode));
        const auto reply = fixture.search("\"lost lease\"", mode);
        REQUIRE(sources_of(reply) == Sources{2});
        CHECK(marked(reply.results[0]) == "a [lost lease] is returned\n");
        CHECK(reply.results[0].why.words == std::vector<std::string>{"lost lease"});
        CHECK(fixture.search("\"lost houses\"", mode).results.empty());
    }
}

TEST_CASE("a phrase is found across the cut between two chunks, through the overlap") {
    SearchFixture fixture;
    const std::string first = "far away the lease ";
    const std::string second = "expired at noon\n";
    fixture.put(1, 1, {first});
    const Document document{ProjectId{1}, SourceId{1}, SearchFixture::generation(1), "file1.txt", "text", ""};
    const std::string context = "lease " + second;
    Point point;
    point.ordinal = 1;
    point.core = {first.size(), first.size() + second.size()};
    point.context = {first.size() - 6, point.core.end};
    point.text = context;
    point.dense.assign(fixture.embedder->dimension(), 0.5F);
    REQUIRE(fixture.memory->upsert(document, std::span(&point, 1)).has_value());
    fixture.activate(1, 1);
    const auto reply = fixture.search("\"lease expired\"", SearchMode::words);
    REQUIRE(reply.results.size() == 1);
    CHECK(reply.results[0].content == second);
    CHECK(fixture.search("\"away expired\"", SearchMode::words).results.empty());
}

TEST_CASE("words, phrases and prefixes with a minus keep texts away") {
    SearchFixture fixture;
    add_four(fixture);
    for (const SearchMode mode : ranked_modes) {
        CAPTURE(to_string(mode));
        CHECK(sources_of(fixture.search("lost -monday", mode)) == Sources{2, 3});
        CHECK(sources_of(fixture.search("lost -\"lost lease\"", mode)) == Sources{1, 3});
        CHECK(sources_of(fixture.search("lost -hous*", mode)) == Sources{1, 2});
        CHECK(sources_of(fixture.search("lost -house", mode)) == Sources{1, 2});
        CHECK(sources_of(fixture.search("lost -path:queue", mode)) == Sources{3});
    }
}

TEST_CASE("a prefix finds the words that begin so, also where their stem is shorter") {
    SearchFixture fixture;
    add_four(fixture);
    fixture.add(5, {"run away, they said\n"});
    const auto reply = fixture.search("hou*", SearchMode::words);
    REQUIRE(sources_of(reply) == Sources{3});
    CHECK(marked(reply.results[0]) == "lost and found: leases of [houses]\n");
    CHECK(sources_of(fixture.search("runn*", SearchMode::words)) == Sources{4});
    CHECK(sources_of(fixture.search("runn* lost", SearchMode::words)) == Sources{1, 2, 3, 4, 5});
}

TEST_CASE("path: and type: of a query hold beside the request's own filters") {
    SearchFixture fixture;
    add_four(fixture);
    CHECK(sources_of(fixture.search("lost path:src/queue", SearchMode::words)) == Sources{1, 2});
    CHECK(sources_of(fixture.search("lost path:*.md", SearchMode::words)) == Sources{2, 3});
    CHECK(sources_of(fixture.search("lost path:*.c path:houses.md", SearchMode::words)) == Sources{1, 3});
    CHECK(sources_of(fixture.search("lost -type:text", SearchMode::words)).empty());
    SearchRequest request;
    request.query = "lost path:*.md";
    request.filter.path_glob = "src/**";
    CHECK(sources_of(fixture.search(request)) == Sources{2});
    request.query = "lost lang:c";
    request.filter.languages = {"python"};
    const auto reply = fixture.search(request);
    CHECK(reply.results.empty());
    CHECK(reply.coverage.sources == 4);
}

TEST_CASE("every definition of a chunk is found by symbol:, and a hit names the one it is about") {
    SearchFixture fixture;
    fixture.file_type = "code";
    fixture.headings = {{0, "alpha"}, {30, "Gamma"}, {45, "Gamma::beta"}, {83, ""}};
    //                     0                             30             45                                    83
    fixture.add(1, {"int alpha() { return apple; }\nstruct Gamma {\n  int beta() { pear(); pear(apple); }\n};//end\n"},
                "a.cpp");
    for (const SearchMode mode : {SearchMode::hybrid, SearchMode::words}) {
        CAPTURE(to_string(mode));
        for (const std::string symbol : {"alpha", "beta", "Gamma::beta", "gamma::*", "Gamma"}) {
            CAPTURE(symbol);
            const auto reply = fixture.search("symbol:" + symbol, mode);
            REQUIRE(reply.results.size() == 1);
            CHECK(reply.results[0].symbol == (symbol == "alpha" || symbol == "Gamma" ? symbol : "Gamma::beta"));
        }
        CHECK(marked(fixture.search("symbol:beta", mode).results.at(0)).find("int [beta]() {") != std::string::npos);
        CHECK(fixture.search("symbol:apple", mode).results.empty());
        CHECK(fixture.search("pear -symbol:beta", mode).results.empty());
        CHECK(fixture.search("pear", mode).results.at(0).symbol == "Gamma::beta");
        CHECK(fixture.search("return", mode).results.at(0).symbol == "alpha");
    }
    const auto symbol_at = [&](const std::string& text) {
        return fixture.search(text, SearchMode::literal).results.at(0).symbol;
    };
    CHECK(symbol_at("return apple") == "alpha");
    CHECK(symbol_at("apple)") == "Gamma::beta");
    CHECK(symbol_at("struct") == "Gamma");
    CHECK(symbol_at("end").empty());
}

TEST_CASE("mode literal takes syntax for text") {
    SearchFixture fixture;
    fixture.add(1, {"say \"lost lease\" and -x path:y\n"});
    CHECK(fixture.search("\"lost lease\" and -x path:", SearchMode::literal).total_found == 1);
}

TEST_CASE("a hit brings the lines around it when they are asked for") {
    SearchFixture fixture;
    fixture.add(1, {"one\ntwo\n", "three\nfo", "ur target\nfive\n", "six\nseven\n", "eight"});
    SearchRequest request;
    request.query = "target";
    request.context_lines = 2;
    for (const SearchMode mode : {SearchMode::words, SearchMode::literal}) {
        request.mode = mode;
        const auto reply = fixture.search(request);
        REQUIRE(reply.results.size() == 1);
        CHECK(reply.results[0].before == "two\nthree\nfo");
        CHECK(reply.results[0].after == "six\nseven\n");
    }
    request.context_lines = 100;
    CHECK(fixture.search(request).results[0].before == "one\ntwo\nthree\nfo");
    CHECK(fixture.search(request).results[0].after == "six\nseven\neight");
    request.context_lines = 0;
    CHECK(fixture.search(request).results[0].before.empty());
}
