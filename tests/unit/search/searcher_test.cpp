#include "search/searcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/search/fixture.hpp"

using namespace archaeologist;

namespace {

std::vector<std::int64_t> sources_of(const SearchReply& reply) {
    std::vector<std::int64_t> sources;
    for (const Hit& hit : reply.results) sources.push_back(to_integer(hit.source_id));
    return sources;
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

class FailingEmbedder final : public Embedder {
public:
    [[nodiscard]] std::size_t dimension() const override { return 384; }
    [[nodiscard]] std::string model_id() const override { return "served"; }
    [[nodiscard]] std::size_t max_tokens() const override { return 100; }
    [[nodiscard]] bool matches_meaning() const override { return true; }
    [[nodiscard]] double hybrid_weight() const override { return 0.5; }
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view>, TextRole) override {
        return Error{Code::unavailable, "embedder http://10.0.0.5: connection refused"};
    }
};

}  // namespace

TEST_CASE("every mode finds the text, says where it stands and how much it could look at") {
    SearchFixture fixture;
    fixture.add(7, {"first chunk\n", "the invoice was paid\nlate\n"}, "docs/a.txt");
    fixture.add(8, {"nothing here"});
    for (const SearchMode mode : all_modes) {
        CAPTURE(to_string(mode));
        const SearchReply reply = fixture.search("invoice", mode);
        REQUIRE(reply.results.size() == 1);
        const Hit& hit = reply.results[0];
        CHECK(hit.content == "the invoice was paid\nlate\n");
        CHECK(hit.source_id == SourceId{7});
        CHECK(hit.project_id == ProjectId{1});
        CHECK(hit.source_name == "docs/a.txt");
        CHECK(hit.byte_range == ByteRange{12, 38});
        CHECK(hit.line_range.first == 2);
        CHECK(hit.why.literal);
        CHECK(marked(hit) == "the [invoice] was paid\nlate\n");
        CHECK(hit.score > 0);
        CHECK(reply.total_found == 1);
        CHECK(reply.coverage.sources == 2);
        CHECK(reply.mode == mode);
        CHECK(reply.query == "invoice");
        CHECK(reply.query_time_ms > 0);
    }
}

TEST_CASE("only active generations are found, however many others rank before them") {
    SearchFixture fixture;
    for (int source = 1; source <= 40; ++source) {
        for (int version = 1; version <= 5; ++version) {
            fixture.put(source, version, {"needle needle needle " + std::to_string(source * 10 + version)});
        }
        fixture.put(source, 6, {"one needle among many other words of source " + std::to_string(source)});
        fixture.activate(source, 6);
    }
    for (const SearchMode mode : all_modes) {
        SearchRequest request;
        request.query = "needle";
        request.mode = mode;
        request.limit = 30;
        const SearchReply reply = fixture.search(request);
        CHECK(reply.results.size() == 30);
        for (const Hit& hit : reply.results) CHECK(hit.content.find("among many") != std::string::npos);
    }
}

TEST_CASE("a source whose version flips during the search neither vanishes nor shows both versions") {
    for (const SearchMode mode : all_modes) {
        SearchFixture fixture;
        fixture.put(1, 1, {"old needle", " and needle again"});
        fixture.put(1, 2, {"new needle", " and needle again"});
        fixture.activate(1, 1);
        int version = 1;
        fixture.store.before = [&] { fixture.activate(1, version = 3 - version); };
        for (int round = 0; round < 6; ++round) {
            const SearchReply reply = fixture.search("needle", mode);
            REQUIRE(reply.results.size() == 2);
            int old_ones = 0;
            int new_ones = 0;
            for (const Hit& hit : reply.results) {
                old_ones += hit.content == "old needle" ? 1 : 0;
                new_ones += hit.content == "new needle" ? 1 : 0;
            }
            CHECK(old_ones + new_ones == 1);
        }
        CHECK(fixture.catalog.snapshots == 6);
    }
}

TEST_CASE("deleted sources and sources of other projects are not found") {
    SearchFixture fixture;
    fixture.add(1, {"needle one"});
    fixture.add(2, {"needle two"}, "", 2);
    fixture.put(3, 1, {"needle three"});
    for (const SearchMode mode : all_modes) {
        SearchRequest request;
        request.query = "needle";
        request.mode = mode;
        CHECK(fixture.search(request).results.size() == 2);
        request.projects = {ProjectId{2}, ProjectId{2}};
        CHECK(sources_of(fixture.search(request)) == std::vector<std::int64_t>{2});
        request.projects = {ProjectId{9}};
        CHECK(fixture.search(request).results.empty());
    }
}

TEST_CASE("identical texts are one hit that names the other places") {
    SearchFixture fixture;
    for (int source = 1; source <= 4; ++source) fixture.add(source, {"the same needle\n"});
    fixture.add(5, {"another needle\n"});
    for (const SearchMode mode : all_modes) {
        CAPTURE(to_string(mode));
        const SearchReply reply = fixture.search("needle", mode);
        REQUIRE(reply.results.size() == 2);
        const bool same_first = reply.results[0].content == "the same needle\n";
        const Hit& same = reply.results[same_first ? 0 : 1];
        CHECK(same.also_in.size() == 3);
        CHECK(same.also_in[0].source_name.starts_with("file"));
        CHECK(same.also_in[0].line_range == LineRange{1, 1});
        CHECK(reply.results[same_first ? 1 : 0].also_in.empty());
    }
}

TEST_CASE("no source gets more hits than its share, unless there is no bound") {
    SearchFixture fixture;
    std::vector<std::string> chunks;
    chunks.reserve(30);
    for (int i = 0; i < 30; ++i) chunks.push_back("needle number " + std::to_string(i) + "\n");
    fixture.add(1, chunks);
    fixture.add(2, {"a last needle\n"});
    for (const SearchMode mode : all_modes) {
        CAPTURE(to_string(mode));
        SearchRequest request;
        request.query = "needle";
        request.mode = mode;
        auto sources = sources_of(fixture.search(request));
        CHECK(std::count(sources.begin(), sources.end(), 1) == 3);
        CHECK(std::count(sources.begin(), sources.end(), 2) == 1);
        request.per_source = 0;
        request.limit = 31;
        sources = sources_of(fixture.search(request));
        CHECK(std::count(sources.begin(), sources.end(), 1) == 30);
    }
}

TEST_CASE("pages follow each other without gap or repetition") {
    SearchFixture fixture;
    for (int source = 1; source <= 25; ++source) {
        fixture.add(source, {"needle " + std::string(static_cast<std::size_t>(source), 'x')});
    }
    for (const SearchMode mode : all_modes) {
        SearchRequest request;
        request.query = "needle";
        request.mode = mode;
        request.limit = 100;
        const auto all = sources_of(fixture.search(request));
        CHECK(all.size() == 25);
        std::vector<std::int64_t> paged;
        request.limit = 7;
        for (request.offset = 0; request.offset < 30; request.offset += 7) {
            const auto page = sources_of(fixture.search(request));
            paged.insert(paged.end(), page.begin(), page.end());
        }
        CHECK(paged == all);
    }
}

TEST_CASE("a literal search counts every match and gives one hit a chunk") {
    SearchFixture fixture;
    fixture.add(1, {"a b a\nc a\n", "x\ny a", " b\nend\n"}, "one.txt");
    SearchRequest request;
    request.query = "a";
    request.mode = SearchMode::literal;
    SearchReply reply = fixture.search(request);
    CHECK(reply.total_found == 4);
    REQUIRE(reply.results.size() == 2);
    CHECK(marked(reply.results[0]) == "[a] b [a]\nc [a]\n");
    CHECK(reply.results[0].line_range == LineRange{1, 2});
    CHECK(reply.results[0].score == 1);
    CHECK(reply.results[1].line_range == LineRange{4, 4});
    request.query = "a b\nend";
    reply = fixture.search(request);
    REQUIRE(reply.results.size() == 1);
    CHECK(marked(reply.results[0]) == "x\ny [a]");
    CHECK(reply.results[0].line_range == LineRange{4, 5});
    request.query = "A";
    CHECK(fixture.search(request).total_found == 0);
    request.letter_case = LetterCase::ignore;
    CHECK(fixture.search(request).total_found == 4);
    request.query = "en";
    request.whole_word = true;
    CHECK(fixture.search(request).total_found == 0);
}

TEST_CASE("a file full of matches does not push the others off the page") {
    SearchFixture fixture;
    std::vector<std::string> chunks;
    for (int i = 0; i < 60; ++i) {
        std::string text = std::to_string(i) + " ";
        for (int k = 0; k < 50; ++k) text += "ab ";
        chunks.push_back(text);
    }
    fixture.add(1, chunks);
    for (int source = 2; source <= 10; ++source) fixture.add(source, {"ab in " + std::to_string(source)});
    const SearchReply reply = fixture.search("ab", SearchMode::literal);
    CHECK(reply.total_found == 60 * 50 + 9);
    CHECK(sources_of(reply) == std::vector<std::int64_t>{1, 1, 1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(reply.results[0].highlights.size() == 50);
    CHECK(reply.results[2].highlights.size() == 50);
}

TEST_CASE("filters reach the store, in every mode") {
    SearchFixture fixture;
    fixture.add(1, {"needle in code"}, "src/a.cpp");
    fixture.add(2, {"needle in text"}, "docs/a.md");
    for (const SearchMode mode : all_modes) {
        SearchRequest request;
        request.query = "needle";
        request.mode = mode;
        request.filter.path_glob = "docs/**";
        CHECK(sources_of(fixture.search(request)) == std::vector<std::int64_t>{2});
    }
}

TEST_CASE("words explains itself by the words as analysed") {
    SearchFixture fixture;
    fixture.add(1, {"Loading the spreadsheetId of an invoice"});
    const SearchReply reply = fixture.search("loaded spreadsheet absent", SearchMode::words);
    REQUIRE(reply.results.size() == 1);
    CHECK(reply.results[0].why.words == std::vector<std::string>{"load", "spreadsheet"});
    CHECK(marked(reply.results[0]) == "[Loading] the [spreadsheet]Id of an invoice");
    CHECK_FALSE(reply.results[0].why.literal);
    CHECK(reply.results[0].why.similarity == 0);
}

TEST_CASE("semantic with hashing goes by the rare words of the query, counted over all searched projects") {
    SearchFixture fixture;
    fixture.add(1, {"common alpha"});
    fixture.add(2, {"rare beta"});
    for (int source = 3; source <= 12; ++source) fixture.add(source, {"common " + std::to_string(source)});
    CHECK(sources_of(fixture.search("common rare", SearchMode::semantic)).front() == 2);
    for (int source = 13; source <= 60; ++source) {
        fixture.add(source, {"rare " + std::to_string(source)}, "", 2);
    }
    const SearchReply reply = fixture.search("common rare", SearchMode::semantic);
    REQUIRE(reply.results.size() == 10);
    for (const Hit& hit : reply.results) CHECK(hit.project_id == ProjectId{1});
    CHECK(reply.results[0].why.words == std::vector<std::string>{"common"});
}

TEST_CASE("semantic says once that hashing matches word forms; the other modes do not") {
    SearchFixture fixture;
    fixture.add(1, {"needle"});
    CHECK(fixture.search("needle", SearchMode::semantic).note.find("word forms") != std::string::npos);
    CHECK(fixture.search("needle", SearchMode::semantic).results[0].why.similarity == doctest::Approx(1).epsilon(0.01));
    CHECK(fixture.search("needle", SearchMode::hybrid).note.empty());
    CHECK(fixture.search("needle", SearchMode::words).note.empty());
}

TEST_CASE("a query without a word finds nothing and is told what to do") {
    SearchFixture fixture;
    fixture.add(1, {"a -> b"});
    CHECK(fixture.search("->", SearchMode::hybrid).results.empty());
    CHECK(fixture.search("->", SearchMode::hybrid).note.find("literal") != std::string::npos);
    CHECK(fixture.search("->", SearchMode::literal).results.size() == 1);
}

TEST_CASE("without its embedder hybrid goes on with words, semantic says why not") {
    SearchFixture fixture;
    fixture.add(1, {"needle"});
    FailingEmbedder embedder;
    Searcher searcher(fixture.store, embedder, fixture.catalog);
    SearchRequest request;
    request.query = "needle";
    const auto reply = searcher.search(request);
    REQUIRE(reply.has_value());
    CHECK(reply->results.size() == 1);
    CHECK(reply->note.find("connection refused") != std::string::npos);
    request.mode = SearchMode::semantic;
    const auto refused = searcher.search(request);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::unavailable);
}

TEST_CASE("a request that breaks a rule is refused with thing, value and rule") {
    SearchFixture fixture;
    const auto message = [&](auto change) {
        SearchRequest request;
        request.query = "needle";
        change(request);
        const auto reply = fixture.searcher.search(request);
        REQUIRE_FALSE(reply.has_value());
        CHECK(reply.error().code == Code::invalid_argument);
        return reply.error().message;
    };
    CHECK(message([](auto& request) { request.query.clear(); }) ==
          "search: the query is empty, must have at least one character");
    CHECK(message([](auto& request) { request.limit = 0; }) == "search: limit is 0, must be 1 to 1000");
    CHECK(message([](auto& request) { request.limit = 1'001; }) == "search: limit is 1001, must be 1 to 1000");
    CHECK(message([](auto& request) { request.offset = 10'001; }) == "search: offset is 10001, must be at most 10000");
    CHECK(message([](auto& request) { request.query = std::string(5'000, 'x'); }).find("4096") != std::string::npos);
    CHECK(message([](auto& request) { request.query = "\xFF"; }).find("UTF-8") != std::string::npos);
    CHECK(message([](auto& request) {
              request.filter.languages = {"cpp", "nope"};
          }) ==
          "search: the language \"nope\" is none that files are in, must be like python, c++ or german, or a type of "
          "file: "
          "text, markdown, code, sql, csv, json, xml, html, log, config");
    CHECK(message([](auto& request) {
              request.filter.file_types = {"cod"};
          }).starts_with("search: the type \"cod\" is none of files, must be one of text, "));
    CHECK(message([](auto& request) {
              request.query = std::string(1'001, 'x');
              request.mode = SearchMode::literal;
          }).find("1000 in mode literal") != std::string::npos);
}

TEST_CASE("ranks are the same whatever the pages' size, also beyond the first hundred") {
    SearchFixture fixture;
    for (int i = 1; i <= 260; ++i) {
        std::string text = "ledger " + std::to_string(i);
        for (int j = 0; j < i % 7; ++j) text += " ledger";
        for (int j = 0; j < i % 11; ++j) text += " other" + std::to_string(i * j);
        fixture.add(i, {text});
    }
    for (const SearchMode mode : all_modes) {
        CAPTURE(to_string(mode));
        const auto ids_of = [&](std::size_t offset, std::size_t limit) {
            SearchRequest request;
            request.query = "ledger";
            request.mode = mode;
            request.offset = offset;
            request.limit = limit;
            std::vector<PointId> ids;
            double last = 1e9;
            for (const Hit& hit : fixture.search(request).results) {
                ids.push_back(hit.chunk_id);
                CHECK(hit.score <= last);
                last = hit.score;
            }
            return ids;
        };
        const auto all = ids_of(0, 1'000);
        CHECK(all.size() == 260);
        std::vector<PointId> paged;
        for (std::size_t offset = 0; offset < 260; offset += 35) {
            const auto page = ids_of(offset, 35);
            paged.insert(paged.end(), page.begin(), page.end());
        }
        CHECK(paged == all);
    }
}

TEST_CASE("a wrong regular expression is refused also where there is nothing to search") {
    SearchFixture fixture;
    SearchRequest request;
    request.query = "(x";
    request.mode = SearchMode::literal;
    request.pattern = TextPattern::regex;
    const auto reply = fixture.searcher.search(request);
    REQUIRE(!reply.has_value());
    CHECK(reply.error().message == "search: the regular expression \"(x\" is none: missing ): (x");
    request.query = "x+";
    CHECK(fixture.searcher.search(request).has_value());
    request.mode = SearchMode::words;
    CHECK(fixture.searcher.search(request).error().message ==
          "search: a regular expression in mode words, must be in mode literal");
}
