#include "contract/vector_store_contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <thread>

#include "contract/vector_store_headings.hpp"
#include "contract/vector_store_samples.hpp"

namespace archaeologist {
namespace {

constexpr ProjectId project{1};

std::vector<VectorHit> words(VectorStore& store, std::string text, VectorFilter filter = {}) {
    auto hits = store.query({project, std::move(text), {}, std::move(filter), 0, 100});
    if (!hits) FAIL(hits.error().message);
    return std::move(hits).value();
}

std::vector<VectorHit> near(VectorStore& store, std::vector<float> dense) {
    auto hits = store.query({project, {}, std::move(dense), {}, 0, 100});
    if (!hits) FAIL(hits.error().message);
    return std::move(hits).value();
}

LiteralReply literal(VectorStore& store, std::string text, LetterCase letter_case = LetterCase::exact) {
    LiteralQuery query;
    query.project_id = project;
    query.text = std::move(text);
    query.letter_case = letter_case;
    query.limit = 100;
    auto reply = store.find(query);
    if (!reply) FAIL(reply.error().message);
    return std::move(reply).value();
}

std::uint64_t count(VectorStore& store, const Document& document) {
    const auto counted = store.count(document.project_id, document.source_id, document.generation);
    REQUIRE(counted.has_value());
    return *counted;
}

Code refusal(VectorStore& store, const Document& document, std::span<const Point> points) {
    const Status done = store.upsert(document, points);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().message.find("source 1") != std::string::npos);
    return done.error().code;
}

std::vector<std::uint32_t> ordinals(const std::vector<VectorHit>& hits) {
    std::vector<std::uint32_t> found;
    found.reserve(hits.size());
    for (const VectorHit& hit : hits) found.push_back(hit.ordinal);
    return found;
}

Sample four_points() {
    Sample made = sample("one two three four five six");
    made.cut_at({8, 14, 19});
    return made;
}

void check_order(VectorStore& store) {
    const Sample made = four_points();
    const std::span<const Point> points(made.points);
    CHECK(refusal(store, made.document, points.subspan(1)) == Code::invalid_argument);
    REQUIRE(store.upsert(made.document, points.first(2)).has_value());
    CHECK(refusal(store, made.document, points.subspan(3)) == Code::invalid_argument);
    std::vector<Point> gap = {made.points[2], made.points[3]};
    gap[1].ordinal = 4;
    CHECK(refusal(store, made.document, gap) == Code::invalid_argument);
    std::vector<Point> shifted = {made.points[2]};
    shifted[0].core.begin += 1;
    CHECK(refusal(store, made.document, shifted) == Code::invalid_argument);
    std::vector<Point> twice = {made.points[0], made.points[0]};
    CHECK(refusal(store, made.document, twice) == Code::invalid_argument);
    CHECK(count(store, made.document) == 2);
    REQUIRE(store.upsert(made.document, points.subspan(2)).has_value());
    CHECK(count(store, made.document) == 4);
}

void check_refusals(VectorStore& store) {
    const auto refuses = [&](auto change) {
        Sample made = four_points();
        change(made.points[1]);
        CHECK(refusal(store, made.document, made.points) == Code::invalid_argument);
        CHECK(count(store, made.document) == 0);
    };
    refuses([](Point& point) { point.dense.push_back(1); });
    refuses([](Point& point) { point.dense.clear(); });
    refuses([](Point& point) { point.dense[3] = std::numeric_limits<float>::quiet_NaN(); });
    refuses([](Point& point) { point.dense[3] = std::numeric_limits<float>::infinity(); });
    refuses([](Point& point) { point.text = "\xFF\xFEthree."; });
    refuses([](Point& point) { point.text = "short"; });
    refuses([](Point& point) { point.core.end = point.core.begin; });
    refuses([](Point& point) { point.heading = std::string(5'000, 'x'); });
    refuses([](Point& point) { point.lines = {0, 1}; });
    Sample made = four_points();
    made.cut_at({8, 14, 19}, 4);
    const std::string other = "othe" + std::string(made.points[2].text.substr(4));
    made.points[2].text = other;
    CHECK(refusal(store, made.document, made.points) == Code::invalid_argument);
    REQUIRE(store.upsert(made.document, std::span(made.points).first(2)).has_value());
    CHECK(refusal(store, made.document, std::span(made.points).subspan(2)) == Code::invalid_argument);
}

void check_bad_queries(VectorStore& store) {
    const auto refused = [&](const VectorQuery& query) {
        const auto hits = store.query(query);
        REQUIRE_FALSE(hits.has_value());
        CHECK(hits.error().code == Code::invalid_argument);
    };
    refused({project, "", {}, {}, 0, 10});
    refused({project, "both", axis(0), {}, 0, 10});
    refused({project, "", {1, 2}, {}, 0, 10});
    refused({project, "", std::vector<float>(8, std::numeric_limits<float>::quiet_NaN()), {}, 0, 10});
    refused({project, "x", {}, {}, 0, 0});
    refused({project, "x", {}, {}, 0, 10'001});
    VectorFilter filter;
    filter.path_glob = std::string(2'000, '*');
    refused({project, "x", {}, filter, 0, 10});
    LiteralQuery query;
    query.project_id = project;
    for (const std::string& text : {std::string(), std::string(1'001, 'a'), std::string("\xFF")}) {
        query.text = text;
        const auto reply = store.find(query);
        REQUIRE_FALSE(reply.has_value());
        CHECK(reply.error().code == Code::invalid_argument);
    }
}

void check_retry(VectorStore& store) {
    const Sample made = four_points();
    const std::span<const Point> points(made.points);
    archaeologist::store(store, made);
    const auto before = words(store, "three");
    REQUIRE(store.upsert(made.document, points).has_value());
    REQUIRE(store.upsert(made.document, points.first(2)).has_value());
    REQUIRE(store.upsert(made.document, points.subspan(1, 2)).has_value());
    CHECK(count(store, made.document) == 4);
    const auto after = words(store, "three");
    REQUIRE(after.size() == 1);
    CHECK(after[0].score == before[0].score);
    CHECK(literal(store, "three").total_found == 1);
}

void check_replaced(VectorStore& store) {
    archaeologist::store(store, four_points());
    Sample other = sample("one two 3 4 and more");
    other.cut_at({8, 10});
    REQUIRE(store.upsert(other.document, other.points).has_value());
    CHECK(count(store, other.document) == 3);
    CHECK(words(store, "three four").empty());
    CHECK(literal(store, "five").total_found == 0);
    CHECK(words(store, "more").size() == 1);
    CHECK(literal(store, "two 3 4 and").total_found == 1);
    CHECK(near(store, axis(3)).size() == 3);
}

void check_hit(VectorStore& store) {
    Sample made = sample("alpha\nbeta gamma\ndelta", SourceId{7}, "docs/guide.md");
    made.cut_at({6, 17}, 3);
    made.points[1].heading = "Install > Linux";
    archaeologist::store(store, made);
    const auto hits = words(store, "gamma");
    REQUIRE(hits.size() == 1);
    const VectorHit& hit = hits[0];
    CHECK(hit.id == point_id(made.document, 1));
    CHECK(hit.source_id == SourceId{7});
    CHECK(hit.generation == generation(1));
    CHECK(hit.ordinal == 1);
    CHECK(hit.core == ByteRange{6, 17});
    CHECK(hit.context == ByteRange{3, 17});
    CHECK(hit.lines == LineRange{2, 2});
    CHECK(hit.heading == "Install > Linux");
    CHECK(hit.text == "beta gamma\n");
    CHECK(hit.score > 0);
    CHECK(words(store, "linux").size() == 1);
    CHECK(words(store, "guide").size() == 3);
}

void check_words(VectorStore& store) {
    archaeologist::store(store, sample("int spreadsheet_id = load(sheetCache, \"x\");", SourceId{1}, "a.c"));
    archaeologist::store(store, sample("本日は会計処理の自動化について説明します。", SourceId{2}, "b.txt"));
    archaeologist::store(store, sample("the loader loads what was loaded", SourceId{3}, "c.txt"));
    archaeologist::store(store, sample("nothing of the kind", SourceId{4}, "d.txt"));
    const auto sources = [&](const std::string& text) {
        std::vector<std::int64_t> found;
        for (const VectorHit& hit : words(store, text)) found.push_back(to_integer(hit.source_id));
        std::sort(found.begin(), found.end());
        return found;
    };
    CHECK(sources("spreadsheet") == std::vector<std::int64_t>{1});
    CHECK(sources("spreadsheet_id") == std::vector<std::int64_t>{1});
    CHECK(sources("sheet cache") == std::vector<std::int64_t>{1});
    CHECK(sources("会計処理") == std::vector<std::int64_t>{2});
    CHECK(sources("load") == std::vector<std::int64_t>{1, 3});
    CHECK(sources("spreadsheet 会計 kind") == std::vector<std::int64_t>{1, 2, 4});
    CHECK(sources("absent").empty());
    CHECK(sources("\" OR * NEAR( ^").empty());
    CHECK(sources("- ; ,").empty());
}

void check_ranking(VectorStore& store) {
    archaeologist::store(store, sample("rare common common filler filler filler", SourceId{1}, "x"));
    archaeologist::store(store, sample("common common common filler filler filler", SourceId{2}, "x"));
    archaeologist::store(store, sample("filler other words of another kind here", SourceId{3}, "x"));
    archaeologist::store(store, sample("more other words of yet another kind", SourceId{4}, "x"));
    archaeologist::store(store, sample("still other words of that same kind", SourceId{5}, "x"));
    const auto hits = words(store, "rare common");
    REQUIRE(hits.size() == 2);
    CHECK(hits[0].source_id == SourceId{1});
    CHECK(hits[0].score > hits[1].score);
}

void check_vectors(VectorStore& store) {
    Sample made = sample("aa bb cc dd");
    made.cut_at({3, 6, 9});
    made.points[0].dense = {1, 0, 0, 0, 0, 0, 0, 0};
    made.points[1].dense = {1, 1, 0, 0, 0, 0, 0, 0};
    made.points[2].dense = std::vector<float>(8, 0);
    made.points[3].dense = {-3, 0, 0, 0, 0, 0, 0, 0};
    archaeologist::store(store, made);
    const auto hits = near(store, {0.5F, 0, 0, 0, 0, 0, 0, 0});
    CHECK(ordinals(hits) == std::vector<std::uint32_t>{0, 1, 3});
    CHECK(hits[0].score == doctest::Approx(1));
    CHECK(hits[1].score == doctest::Approx(0.7071).epsilon(0.01));
    CHECK(hits[2].score == doctest::Approx(-1));
    CHECK(near(store, std::vector<float>(8, 0)).empty());
}

void check_filters(VectorStore& store) {
    const auto add = [&](std::int64_t source, std::string name, std::string type, std::string language) {
        Sample made = sample("shared needle", SourceId{source}, std::move(name));
        made.document.file_type = std::move(type);
        made.document.language = std::move(language);
        archaeologist::store(store, made);
    };
    add(1, "src/main.cpp", "code", "cpp");
    add(2, "src/deep/util.py", "code", "python");
    add(3, "docs/readme.md", "markdown", "");
    const auto sources = [&](const VectorFilter& filter) {
        std::vector<std::int64_t> by_words;
        for (const VectorHit& hit : words(store, "needle", filter)) by_words.push_back(to_integer(hit.source_id));
        std::vector<std::int64_t> by_literal;
        LiteralQuery query;
        query.project_id = project;
        query.text = "needle";
        query.filter = filter;
        const auto reply = store.find(query);
        REQUIRE(reply.has_value());
        for (const auto& match : reply->matches) by_literal.push_back(to_integer(match.source_id));
        std::sort(by_words.begin(), by_words.end());
        CHECK(by_words == by_literal);
        return by_words;
    };
    using Sources = std::vector<std::int64_t>;
    CHECK(sources({}) == Sources{1, 2, 3});
    CHECK(sources({{SourceId{2}, SourceId{3}, SourceId{9}}, {}, {}, {}}) == Sources{2, 3});
    CHECK(sources({{}, {"cpp", "python"}, {}, {}}) == Sources{1, 2});
    CHECK(sources({{}, {}, {"markdown"}, {}}) == Sources{3});
    CHECK(sources({{}, {}, {}, "src/*"}) == Sources{1});
    CHECK(sources({{}, {}, {}, "src/**"}) == Sources{1, 2});
    CHECK(sources({{SourceId{1}}, {"python"}, {}, {}}).empty());
}

void check_pages(VectorStore& store) {
    for (int i = 1; i <= 7; ++i) archaeologist::store(store, sample("the very same text", SourceId{i}, "same"));
    const auto all = words(store, "same");
    REQUIRE(all.size() == 7);
    CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
    for (std::size_t offset = 0; offset < 9; ++offset) {
        for (std::size_t limit = 1; limit < 9; ++limit) {
            const auto page = store.query({project, "same", {}, {}, offset, limit});
            REQUIRE(page.has_value());
            const std::size_t expected = offset >= 7 ? 0 : std::min(limit, 7 - offset);
            REQUIRE(page->size() == expected);
            for (std::size_t i = 0; i < expected; ++i) CHECK((*page)[i].id == all[offset + i].id);
        }
    }
}

void check_generations(VectorStore& store) {
    for (int source = 1; source <= 3; ++source) {
        for (std::uint8_t number = 1; number <= 3; ++number) {
            Sample made = sample("text", SourceId{source});
            made.document.generation = generation(number);
            archaeologist::store(store, made);
        }
    }
    std::vector<StoredGeneration> found;
    std::optional<StoredGeneration> after;
    for (;;) {
        const auto page = store.generations(project, after, 2);
        REQUIRE(page.has_value());
        if (page->empty()) break;
        found.insert(found.end(), page->begin(), page->end());
        after = found.back();
    }
    REQUIRE(found.size() == 9);
    for (std::size_t i = 0; i < 9; ++i) {
        CHECK(found[i].source_id == SourceId{static_cast<std::int64_t>(i / 3 + 1)});
        CHECK(found[i].generation == generation(static_cast<std::uint8_t>(i % 3 + 1)));
    }
    CHECK_FALSE(store.generations(project, {}, 0).has_value());
}

void check_chunks(VectorStore& store) {
    Sample made = sample("one\ntwo\nthree\nfour\nfive\n", SourceId{3});
    made.cut_at({4, 8, 14, 19}, 2);
    for (Point& point : made.points) point.heading = "part " + std::to_string(point.ordinal);
    archaeologist::store(store, sample("another text"));
    archaeologist::store(store, made);
    for (std::size_t first = 0; first < 7; ++first) {
        for (std::size_t limit = 1; limit < 7; ++limit) {
            const auto page = store.chunks(project, SourceId{3}, generation(1), first, limit);
            REQUIRE(page.has_value());
            REQUIRE(page->size() == (first >= 5 ? 0 : std::min(limit, 5 - first)));
            for (std::size_t i = 0; i < page->size(); ++i) {
                const StoredChunk& chunk = (*page)[i];
                const Point& point = made.points[first + i];
                CHECK(chunk.ordinal == point.ordinal);
                CHECK(chunk.id == point_id(made.document, point.ordinal));
                CHECK(chunk.core == point.core);
                CHECK(chunk.lines == point.lines);
                CHECK(chunk.heading == point.heading);
                CHECK(chunk.text == made.text->substr(point.core.begin, point.core.size()));
            }
        }
    }
    CHECK(store.chunks(project, SourceId{3}, generation(2), 0, 10).value().empty());
    CHECK(store.chunks(ProjectId{99}, SourceId{3}, generation(1), 0, 10).value().empty());
    for (const std::size_t limit : {std::size_t{0}, std::size_t{10'001}}) {
        CHECK(store.chunks(project, SourceId{3}, generation(1), 0, limit).error().code == Code::invalid_argument);
    }
}

void check_points(VectorStore& store) {
    Sample made = sample("one\ntwo\nthree\nfour\nfive\n", SourceId{3}, "docs/numbers.md");
    made.cut_at({4, 8, 14, 19}, 7);
    made.document.language = "english";
    made.points[1].heading = "Two";
    made.points[2].dense.assign(sample_dimension, 0);
    archaeologist::store(store, made);
    const auto page = store.points(project, SourceId{3}, generation(1), 1, 3);
    REQUIRE(page.has_value());
    CHECK(page->document.source_name == "docs/numbers.md");
    CHECK(page->document.file_type == "text");
    CHECK(page->document.language == "english");
    REQUIRE(page->points.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const Point& found = page->points[i];
        const Point& point = made.points[i + 1];
        CHECK(found.ordinal == point.ordinal);
        CHECK(found.core == point.core);
        CHECK(found.context == point.context);
        CHECK(found.lines == point.lines);
        CHECK(found.heading == point.heading);
        CHECK(found.text == point.text);
        REQUIRE(found.dense.size() == sample_dimension);
        for (std::size_t k = 0; k < sample_dimension; ++k) CHECK((found.dense[k] != 0) == (point.dense[k] != 0));
    }
    CHECK(store.points(project, SourceId{3}, generation(1), 5, 3).value().points.empty());
    CHECK(store.points(project, SourceId{3}, generation(2), 0, 3).value().points.empty());
    CHECK(store.points(ProjectId{99}, SourceId{3}, generation(1), 0, 3).value().points.empty());
    CHECK_FALSE(store.points(project, SourceId{3}, generation(1), 0, 0).has_value());
    // What was read can be stored, and is what was there.
    const auto all = store.points(project, SourceId{3}, generation(1), 0, 100).value();
    REQUIRE(store.upsert(all.document, all.points).has_value());
    CHECK(count(store, made.document) == 5);
    CHECK(store.projects().value() == std::vector<ProjectId>{project});
}

void check_erase(VectorStore& store) {
    Sample old = sample("old needle text");
    old.cut_at({4, 11});
    Sample fresh = sample("new needle text");
    fresh.document.generation = generation(2);
    archaeologist::store(store, old);
    archaeologist::store(store, fresh);
    CHECK(words(store, "needle").size() == 2);
    const double alone_after = [&] {
        REQUIRE(store.erase(project, SourceId{1}, generation(1)).has_value());
        return words(store, "needle").at(0).score;
    }();
    CHECK(count(store, old.document) == 0);
    CHECK(count(store, fresh.document) == 1);
    CHECK(words(store, "old").empty());
    CHECK(literal(store, "old").total_found == 0);
    CHECK(near(store, axis(1)).size() == 1);
    CHECK(store.erase(project, SourceId{1}, generation(1)).has_value());
    CHECK(store.erase(ProjectId{99}, SourceId{1}, generation(1)).has_value());
    VectorHit gone;
    gone.source_id = SourceId{1};
    gone.generation = generation(1);
    gone.core = {0, 4};
    VectorHit* const pointer = &gone;
    CHECK(store.add_texts(project, std::span(&pointer, 1)).has_value());
    CHECK(gone.text.empty());
    // Its words no longer count in the statistics, and storing it again gives the same as before.
    archaeologist::store(store, old);
    CHECK(words(store, "needle").size() == 2);
    REQUIRE(store.erase(project, SourceId{1}, generation(1)).has_value());
    CHECK(words(store, "needle").at(0).score == alone_after);
}

void check_projects(VectorStore& store) {
    Sample one = sample("needle in one");
    Sample two = sample("needle in two");
    two.document.project_id = ProjectId{2};
    archaeologist::store(store, one);
    archaeologist::store(store, two);
    CHECK(point_id(one.document, 0) != point_id(two.document, 0));
    REQUIRE(words(store, "needle").size() == 1);
    CHECK(words(store, "needle")[0].text == "needle in one");
    CHECK(literal(store, "two").total_found == 0);
    REQUIRE(store.erase_project(project).has_value());
    CHECK(words(store, "needle").empty());
    CHECK(count(store, one.document) == 0);
    CHECK(count(store, two.document) == 1);
    CHECK(store.erase_project(ProjectId{77}).has_value());
    archaeologist::store(store, one);
    CHECK(words(store, "needle").size() == 1);
}

void check_literal(VectorStore& store) {
    Sample made = sample("first line\nsecond needle line\nthird needle\nNEEDLE end");
    made.cut_at({15, 33, 46}, 5);
    archaeologist::store(store, made);
    const auto reply = literal(store, "needle");
    CHECK(reply.total_found == 2);
    REQUIRE(reply.matches.size() == 2);
    CHECK(reply.matches[0].match == ByteRange{18, 24});
    CHECK(reply.matches[0].line == 2);
    CHECK(reply.matches[0].ordinal == 1);
    CHECK(reply.matches[0].core == ByteRange{15, 33});
    CHECK(reply.matches[0].text == made.text->substr(15, 18));
    CHECK(reply.matches[1].line == 3);
    CHECK(literal(store, "needle", LetterCase::ignore).total_found == 3);
    // Across two cuts, and with words in its middle that the index knows.
    CHECK(literal(store, "line\nsecond needle line\nthird").total_found == 1);
    CHECK(literal(store, "line\nsecond needle\nthird").total_found == 0);
}

void check_literal_limits(VectorStore& store) {
    for (int i = 1; i <= 4; ++i) archaeologist::store(store, sample("x x x x x", SourceId{i}));
    LiteralQuery query;
    query.project_id = project;
    query.text = "x";
    query.limit = 7;
    auto reply = store.find(query);
    REQUIRE(reply.has_value());
    CHECK(reply->total_found == 20);
    REQUIRE(reply->matches.size() == 7);
    CHECK(reply->matches[4].source_id == SourceId{1});
    CHECK(reply->matches[5].source_id == SourceId{2});
    CHECK(reply->matches[6].match == ByteRange{2, 3});
    query.accept = [](SourceId source, const GenerationId& id) { return source != SourceId{2} && id == generation(1); };
    reply = store.find(query);
    CHECK(reply->total_found == 15);
    CHECK(reply->matches[5].source_id == SourceId{3});
}

void check_term_counts(VectorStore& store) {
    Sample first = sample("rare words and words, thirdly words", SourceId{1});
    first.cut_at({10, 21});
    const Sample second = sample("other words", SourceId{2});
    REQUIRE(store.upsert(first.document, first.points).has_value());
    REQUIRE(store.upsert(second.document, second.points).has_value());
    const std::vector<std::string> terms = {"word", "rare", "absent"};
    const auto counts = store.count_terms(project, terms);
    REQUIRE(counts.has_value());
    if (counts->chunks == 0) return;  // a store that cannot tell says so
    CHECK(counts->chunks == 4);
    CHECK(counts->with_term == std::vector<std::uint64_t>{4, 1, 0});
    REQUIRE(store.erase(project, SourceId{2}, second.document.generation).has_value());
    CHECK(store.count_terms(project, terms).value().with_term == std::vector<std::uint64_t>{3, 1, 0});
    CHECK(store.count_terms(ProjectId{9}, terms).value().chunks == 0);
}

// English finds its own forms in all of them; German forms are of German texts.
void check_languages(VectorStore& store) {
    const auto add = [&](std::int64_t source, std::string text, std::string language) {
        Sample made = sample(std::move(text), SourceId{source}, "file");
        made.document.language = std::move(language);
        archaeologist::store(store, made);
    };
    const auto found = [&](const std::string& query) {
        std::vector<std::int64_t> sources;
        for (const VectorHit& hit : words(store, query)) sources.push_back(to_integer(hit.source_id));
        std::sort(sources.begin(), sources.end());
        return sources;
    };
    using Sources = std::vector<std::int64_t>;
    add(1, "they were running past the houses", "");
    add(2, "ein Haus und ein Garten", "");
    CHECK(store.languages(project).value().empty());
    CHECK(found("Häuser").empty());
    add(3, "das Haus steht, running gag", "german");
    add(4, "les chevaux et les maisons", "french");
    auto languages = store.languages(project).value();
    std::sort(languages.begin(), languages.end());
    CHECK(languages == std::vector<std::string>{"french", "german"});
    CHECK(found("Häuser") == Sources{2, 3});  // German looks for "haus", which stands in the other as it is
    CHECK(found("cheval") == Sources{4});
    CHECK(found("maison") == Sources{4});
    CHECK(found("runs") == Sources{1});
    CHECK(found("house") == Sources{1});
    CHECK(words(store, "maison").at(0).language == "french");
    for (const char* text : {"das Haus steht", "Haus steht, run", "les chevaux et"}) {
        CHECK(literal(store, text).total_found == 1);
        CHECK(literal(store, text, LetterCase::ignore).total_found == 1);
    }
    REQUIRE(store.erase(project, SourceId{3}, generation(1)).has_value());
    REQUIRE(store.erase(project, SourceId{4}, generation(1)).has_value());
    CHECK(found("steht").empty());
    CHECK(found("maison").empty());
    CHECK(store.languages(ProjectId{9}).value().empty());
}

void check_whole_calls(VectorStore& store) {
    constexpr int documents = 30;
    std::atomic<bool> finished = false;
    std::thread writer([&] {
        for (int i = 1; i <= documents; ++i) {
            Sample made = sample(std::string(60, ' '), SourceId{i});
            std::string text;
            std::vector<std::size_t> cuts;
            for (int k = 0; k < 12; ++k) {
                text += "needle ";
                if (k < 11) cuts.push_back(text.size());
            }
            made.text = std::make_shared<const std::string>(text);
            made.cut_at(cuts);
            if (!store.upsert(made.document, made.points)) break;
        }
        finished = true;
    });
    bool is_last = false;
    do {
        is_last = finished;
        std::map<std::int64_t, int> by_source;
        const auto hits = store.query({project, "needle", {}, {}, 0, 1'000});
        if (!hits) break;
        for (const VectorHit& hit : *hits) ++by_source[to_integer(hit.source_id)];
        for (const auto& [source, points] : by_source) CHECK(points == 12);
        if (is_last) CHECK(by_source.size() == documents);
    } while (!is_last);
    writer.join();
}

}  // namespace

void vector_store_contract(const VectorStoreFactory& make) {
    const auto made = make();
    VectorStore& store = *made;
    SUBCASE("points that leave a gap or overlap are refused, and change nothing") { check_order(store); }
    SUBCASE("a point that breaks a rule is refused with all of its call") { check_refusals(store); }
    SUBCASE("a query that breaks a rule is refused") { check_bad_queries(store); }
    SUBCASE("storing points again does not double them") { check_retry(store); }
    SUBCASE("points that differ from what is stored take its place") { check_replaced(store); }
    SUBCASE("a hit says where it stands and gives its core's text") { check_hit(store); }
    SUBCASE("a chunk's parts keep what they stand under") { check_headings(store); }
    SUBCASE("words finds parts of identifiers, stems and words inside running Japanese") { check_words(store); }
    SUBCASE("rarer words count more") { check_ranking(store); }
    SUBCASE("nearest vectors come first, and zero vectors never match") { check_vectors(store); }
    SUBCASE("filters restrict words and literals alike") { check_filters(store); }
    SUBCASE("pages of equally good hits are cut from one order") { check_pages(store); }
    SUBCASE("generations are listed in pages, none twice, none left out") { check_generations(store); }
    SUBCASE("chunks of a generation are given in pages, in order and with their texts") { check_chunks(store); }
    SUBCASE("points are given back as they were stored, with their contexts") { check_points(store); }
    SUBCASE("an erased generation is gone, and the others are as if it had never been") { check_erase(store); }
    SUBCASE("projects do not see each other, and one can be erased whole") { check_projects(store); }
    SUBCASE("a literal is found across cuts, with its line") { check_literal(store); }
    SUBCASE("all literal matches are counted, however few are wanted") { check_literal_limits(store); }
    SUBCASE("a term is counted once a chunk, and not where chunks were erased") { check_term_counts(store); }
    SUBCASE("words are found in their forms of each language that a project's documents are in") {
        check_languages(store);
    }
    SUBCASE("a reader sees all points of a call or none") { check_whole_calls(store); }
    SUBCASE("a project that was never written is empty") {
        CHECK(words(store, "x").empty());
        CHECK(near(store, axis(0)).empty());
        CHECK(literal(store, "x").total_found == 0);
        CHECK(store.generations(project, {}, 10).value_or({}).empty());
        CHECK(store.upsert(sample("x").document, {}).has_value());
    }
}

}  // namespace archaeologist
