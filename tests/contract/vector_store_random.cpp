#include "contract/vector_store_random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "contract/vector_store_samples.hpp"
#include "text/analyzer.hpp"
#include "vector/memory.hpp"

namespace archaeologist {
namespace {

class Comparison {
public:
    Comparison(const VectorStoreFactory& make, std::uint64_t seed)
        : make_(make), rng_(seed), store_(make()), oracle_(make_memory_store(sample_dimension)) {}

    void step() {
        switch (pick(12)) {
            case 0: erase(); break;
            case 1: erase_project(); break;
            case 2: reopen(); break;
            case 3:
            case 4: compare_words(); break;
            case 5: compare_vectors(); break;
            case 6:
            case 7: compare_literals(); break;
            default: upsert(); break;
        }
    }

    void compare_all() {
        for (int i = 0; i < 20; ++i) {
            compare_words();
            compare_vectors();
            compare_literals();
        }
        for (const ProjectId project : {ProjectId{1}, ProjectId{2}}) {
            const auto a = store_->generations(project, {}, 1'000);
            const auto b = oracle_->generations(project, {}, 1'000);
            REQUIRE((a.has_value() && b.has_value()));
            REQUIRE(a->size() == b->size());
            for (std::size_t i = 0; i < a->size(); ++i) {
                const auto& [source, id] = (*a)[i];
                CHECK((*b)[i].source_id == source);
                CHECK((*b)[i].generation == id);
                CHECK(store_->count(project, source, id).value_or(0) ==
                      oracle_->count(project, source, id).value_or(1));
            }
        }
    }

private:
    std::size_t pick(std::size_t bound) { return rng_() % bound; }

    std::string random_text(std::size_t words_max) {
        static const std::vector<std::string> alphabet = {"a",     "b", "A",    "foo",    "Foo",    "fooBar", "foo_bar",
                                                          "é",     "É", "会",   "計",     "a.b",    "x/y",    "1",
                                                          "zebra", "_", "Haus", "Häuser", "running"};
        static const std::vector<std::string> between = {" ", " ", "\n", "", "-", ", ", "。", "."};
        std::string text;
        for (std::size_t i = 0, words = 1 + pick(words_max); i < words; ++i) {
            text += alphabet[pick(alphabet.size())];
            text += between[pick(between.size())];
        }
        return text;
    }

    Document random_document() {
        Document document;
        document.project_id = ProjectId{static_cast<std::int64_t>(1 + pick(2))};
        document.source_id = SourceId{static_cast<std::int64_t>(1 + pick(4))};
        document.generation = generation(static_cast<std::uint8_t>(1 + pick(2)));
        document.source_name = "dir/file_" + std::to_string(to_integer(document.source_id)) + ".txt";
        document.file_type = to_integer(document.source_id) % 2 == 0 ? "text" : "code";
        if (document.source_id == SourceId{2}) document.language = "german";
        if (document.source_id == SourceId{4}) document.language = "french";
        return document;
    }

    // Some point of a document of random cuts, from its begin or going on where a shorter one ended.
    void upsert() {
        if (pick(3) > 0 || texts_.empty()) {
            Sample made = sample(random_text(40));
            made.document = random_document();
            std::vector<std::size_t> cuts;
            for (std::size_t at = 1; at < made.text->size(); ++at) {
                const bool begins_character = (static_cast<unsigned char>((*made.text)[at]) & 0xC0) != 0x80;
                if (begins_character && pick(9) == 0) cuts.push_back(at);
            }
            made.cut_at(cuts, pick(12));
            for (Point& point : made.points) shape(point);
            texts_.push_back(std::move(made));
        }
        const Sample& made = texts_[pick(texts_.size())];
        const std::size_t begin = pick(2) == 0 ? 0 : pick(made.points.size());
        const std::size_t size = 1 + pick(made.points.size() - begin);
        const auto points = std::span(made.points).subspan(begin, size);
        const Status a = store_->upsert(made.document, points);
        const Status b = oracle_->upsert(made.document, points);
        CHECK(a.has_value() == b.has_value());
        if (!a && !b) CHECK(a.error().message == b.error().message);
    }

    void shape(Point& point) {
        std::normal_distribution<float> normal;
        for (float& value : point.dense) value = pick(10) == 0 ? 0 : normal(rng_);
        if (pick(8) == 0) point.dense.assign(sample_dimension, 0);
        if (pick(2) == 0) point.heading = pick(2) == 0 ? random_text(3) : random_term() + "::" + random_term();
        if (pick(2) == 0) add_headings(point);
    }

    void add_headings(Point& point) {
        for (std::uint64_t at = point.core.begin; at < point.core.end; at += 1 + pick(20)) {
            point.headings.push_back(
                {at, pick(4) == 0 ? "" : random_term() + (pick(2) == 0 ? "::" : " > ") + random_term()});
        }
        if (point.headings.size() > 64) point.headings.resize(64);
    }

    void erase() {
        const Document document = random_document();
        CHECK(store_->erase(document.project_id, document.source_id, document.generation).has_value());
        CHECK(oracle_->erase(document.project_id, document.source_id, document.generation).has_value());
    }

    void erase_project() {
        if (pick(6) != 0) return;
        const ProjectId project = random_document().project_id;
        CHECK(store_->erase_project(project).has_value());
        CHECK(oracle_->erase_project(project).has_value());
    }

    void reopen() {
        store_.reset();
        store_ = make_();
    }

    VectorFilter random_filter() {
        VectorFilter filter;
        if (pick(3) == 0) filter.sources = {SourceId{1}, SourceId{static_cast<std::int64_t>(1 + pick(4))}};
        if (pick(4) == 0) filter.file_types = {"code"};
        if (pick(4) == 0) filter.path_glob = "dir/file_[123].txt";
        if (pick(4) == 0) filter.path_glob = "**/file_?.txt";
        if (pick(6) == 0) filter.paths = {"**/file_1.txt", "**/dir/**"};
        if (pick(6) == 0) filter.not_paths = {"file_2.txt"};
        if (pick(8) == 0) filter.not_file_types = {"code"};
        return filter;
    }

    std::string random_term() {
        static const std::vector<std::string> terms = {"foo", "foobar", "foo_bar", "zebra", "bar",
                                                       "a",   "会計",   "a.b",     "haus",  "häuser"};
        return terms[pick(terms.size())];
    }

    ChunkCondition random_condition() {
        ChunkCondition condition;
        if (pick(4) == 0) condition.all = {QueryWord{random_term(), random_term()}, QueryWord{random_term()}};
        if (pick(4) == 0) condition.none = {random_term()};
        if (pick(6) == 0) condition.none_beginning = {random_term().substr(0, 3)};
        if (pick(8) == 0) condition.symbols = {"foo*", "zebra"};
        if (pick(8) == 0) condition.not_symbols = {"foo", "*zebra*"};
        return condition;
    }

    void compare_query(const VectorQuery& query) {
        const auto a = store_->query(query);
        const auto b = oracle_->query(query);
        REQUIRE((a.has_value() && b.has_value()));
        REQUIRE(a->size() == b->size());
        for (std::size_t i = 0; i < a->size(); ++i) {
            const VectorHit& x = (*a)[i];
            const VectorHit& y = (*b)[i];
            CHECK(x.id == y.id);
            CHECK(x.score == y.score);
            CHECK(x.text == y.text);
            CHECK(x.heading == y.heading);
            CHECK(x.headings == y.headings);
            CHECK(x.file_type == y.file_type);
            CHECK(x.core == y.core);
            CHECK(x.context == y.context);
            CHECK(x.lines == y.lines);
        }
        compare_later_texts(query, *a);
    }

    void compare_later_texts(VectorQuery query, const std::vector<VectorHit>& expected) {
        query.text = HitText::left_out;
        auto hits = store_->query(query);
        REQUIRE((hits.has_value() && hits->size() == expected.size()));
        std::vector<VectorHit*> pointers;
        for (VectorHit& hit : *hits) {
            CHECK(hit.text.empty());
            pointers.push_back(&hit);
        }
        REQUIRE(store_->add_texts(query.project_id, pointers).has_value());
        for (std::size_t i = 0; i < expected.size(); ++i) CHECK((*hits)[i].text == expected[i].text);
    }

    void compare_words() {
        VectorQuery query{random_document().project_id, random_text(4), {}, random_filter(), pick(3), 1 + pick(30)};
        if (pick(3) == 0) query.prefixes = {{random_term().substr(0, 3), {random_term()}}};
        if (pick(6) == 0) query.prefixes.push_back({random_term(), {}});
        query.condition = random_condition();
        compare_query(query);
    }

    void compare_vectors() {
        Point point;
        point.dense.resize(sample_dimension);
        shape(point);
        VectorQuery query{random_document().project_id, {}, point.dense, random_filter(), pick(3), 1 + pick(30)};
        query.condition = random_condition();
        compare_query(query);
    }

    void compare_literals() {
        LiteralQuery query;
        query.project_id = random_document().project_id;
        query.text = random_text(5);
        if (pick(2) == 0 && !texts_.empty()) {
            const std::string& text = *texts_[pick(texts_.size())].text;
            query.text = characters_from(text, pick(text.size()), 1 + pick(12));
        }
        if (pick(4) == 0) {
            static const std::vector<std::string> patterns = {"fo+",     "^[a-z]+$", "(foo|zebra)_?B?", "[^ ]{3,}",
                                                              "[会計]+", "a\\.b.",   "\\bx/y\\b",       "é.*1"};
            query.text = patterns[pick(patterns.size())];
            query.pattern = TextPattern::regex;
        }
        query.letter_case = pick(2) == 0 ? LetterCase::exact : LetterCase::ignore;
        query.whole_word = pick(3) == 0;
        query.filter = random_filter();
        if (pick(3) == 0) query.accept = [](SourceId source, const GenerationId&) { return source != SourceId{1}; };
        query.limit = 1 + pick(20);
        query.chunks_per_document = pick(4);
        const auto a = store_->find(query);
        const auto b = oracle_->find(query);
        CAPTURE(query.text);
        REQUIRE((a.has_value() && b.has_value()));
        CHECK(a->total_found == b->total_found);
        REQUIRE(a->matches.size() == b->matches.size());
        for (std::size_t i = 0; i < a->matches.size(); ++i) {
            CHECK(a->matches[i].source_id == b->matches[i].source_id);
            CHECK(a->matches[i].generation == b->matches[i].generation);
            CHECK(a->matches[i].match == b->matches[i].match);
            CHECK(a->matches[i].ordinal == b->matches[i].ordinal);
            CHECK(a->matches[i].core == b->matches[i].core);
            CHECK(a->matches[i].line == b->matches[i].line);
            CHECK(a->matches[i].heading == b->matches[i].heading);
            CHECK(a->matches[i].text == b->matches[i].text);
        }
    }

    static std::string characters_from(const std::string& text, std::size_t begin, std::size_t size) {
        const auto is_inside = [&](std::size_t at) {
            return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
        };
        while (is_inside(begin)) --begin;
        std::size_t end = std::min(text.size(), begin + size);
        while (is_inside(end)) ++end;
        return text.substr(begin, end - begin);
    }

    const VectorStoreFactory& make_;
    std::mt19937_64 rng_;
    std::unique_ptr<VectorStore> store_;
    std::unique_ptr<VectorStore> oracle_;
    std::vector<Sample> texts_;
};

}  // namespace

void compare_with_oracle(const VectorStoreFactory& make, std::uint64_t seed, int operations) {
    CAPTURE(seed);
    Comparison comparison(make, seed);
    for (int i = 0; i < operations; ++i) comparison.step();
    comparison.compare_all();
}

}  // namespace archaeologist
