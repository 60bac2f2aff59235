#include "search/searcher.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <unordered_map>

#include "search/condition.hpp"
#include "search/context.hpp"
#include "search/highlight.hpp"
#include "search/leg.hpp"
#include "search/literal_search.hpp"
#include "search/page.hpp"
#include "search/request.hpp"
#include "search/tiers.hpp"
#include "vector/symbol.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t pool_hits = first_tier_hits;  // of each leg, for pages within the first hits
constexpr std::size_t pool_growth = tier_growth;
constexpr std::size_t text_batch_hits = 20;  // beyond the page
constexpr std::size_t pool_hits_grown_max =
    1'600;  // then a page stays short of hits that are all alike or of one source
constexpr std::size_t pool_hits_max = 10'000;

constexpr const char* forms_note =
    "the built-in embedder matches word forms, not meanings; configure an embedding model for semantic search";
constexpr const char* no_words_note = "the query has no word to look for; mode literal finds any text";

// In all the projects together.
Result<TermCounts> count_terms(VectorStore& store, std::span<const ProjectId> projects,
                               std::span<const std::string> terms) {
    TermCounts all{0, std::vector<std::uint64_t>(terms.size(), 0)};
    for (const ProjectId project : projects) {
        ARCHAEO_ASSIGN(const TermCounts counts, store.count_terms(project, terms));
        if (counts.chunks == 0) continue;
        all.chunks += counts.chunks;
        for (std::size_t i = 0; i < terms.size(); ++i) all.with_term[i] += counts.with_term[i];
    }
    return all;
}

// The same where texts are in other languages, too: an English term stands for its whole word. Texts of one language have one of
// the word's terms, so that these are added up.
Result<TermCounts> count_words(VectorStore& store, std::span<const ProjectId> projects,
                               std::span<const std::string> terms, const std::vector<QueryWord>& words) {
    std::unordered_map<std::string_view, const QueryWord*> word_of;
    for (const QueryWord& word : words) word_of.emplace(word.front(), &word);
    std::vector<std::string> forms;
    std::vector<std::size_t> term_of;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto found = word_of.find(terms[i]);
        const QueryWord& word = found == word_of.end() ? QueryWord{terms[i]} : *found->second;
        forms.insert(forms.end(), word.begin(), word.end());
        term_of.resize(forms.size(), i);
    }
    ARCHAEO_ASSIGN(const TermCounts of_forms, count_terms(store, projects, forms));
    TermCounts counts{of_forms.chunks, std::vector<std::uint64_t>(terms.size(), 0)};
    for (std::size_t i = 0; i < forms.size(); ++i) {
        std::uint64_t& count = counts.with_term[term_of[i]];
        count = std::min(counts.chunks, count + of_forms.with_term[i]);
    }
    return counts;
}

// In any of the projects, beside English.
Result<std::vector<NaturalLanguage>> languages_of(VectorStore& store, std::span<const ProjectId> projects) {
    std::vector<NaturalLanguage> all;
    for (const ProjectId project : projects) {
        ARCHAEO_ASSIGN(const auto names, store.languages(project));
        for (const NaturalLanguage language : find_natural_languages(names)) {
            if (std::find(all.begin(), all.end(), language) == all.end()) all.push_back(language);
        }
    }
    return all;
}

// One search under way.
class Search {
public:
    Search(VectorStore& store, Embedder& embedder, const SearchRequest& request)
        : store_(store), embedder_(embedder), request_(request) {
        reply_.query = request.query;
        reply_.mode = request.mode;
    }

    // Before the snapshot is taken: a model's server may need seconds.
    Status embed() {
        if (request_.mode == SearchMode::literal) {
            filter_ = combine_filters(request_.filter, {});
            return {};
        }
        ARCHAEO_ASSIGN(parsed_, parse_query(request_.query));
        filter_ = combine_filters(request_.filter, parsed_);
        text_ = parsed_.text;
        if (request_.mode == SearchMode::semantic && !embedder_.matches_meaning()) reply_.note = forms_note;
        if (request_.mode == SearchMode::words) return {};
        if (!embedder_.matches_meaning()) return {};  // weighs the words by the projects: embed_forms()
        const std::string_view text = text_;
        return take_vector(embedder_.embed(std::span(&text, 1), TextRole::query));
    }

    Result<SearchReply> run(ActiveSnapshot& snapshot) {
        ActiveSources active(snapshot);
        std::vector<ProjectId> projects = request_.projects;
        if (projects.empty()) {
            ARCHAEO_ASSIGN(projects, snapshot.projects());
        }
        std::sort(projects.begin(), projects.end());
        projects.erase(std::unique(projects.begin(), projects.end()), projects.end());
        if (filter_ && request_.mode == SearchMode::literal) {
            PageBuilder page(request_);
            ARCHAEO_ASSIGN(reply_.total_found, search_literal(store_, active, projects, request_, *filter_, page));
            reply_.results = page.take();
        } else if (filter_) {
            ARCHAEO_ASSIGN(languages_, languages_of(store_, projects));
            ARCHAEO_ASSIGN(condition_, QueryCondition::make(parsed_, languages_));
            terms_ = analyzer_.query_words(condition_->words(), {});
            const bool has_vectors = request_.mode != SearchMode::words;
            if (has_vectors && !embedder_.matches_meaning()) ARCHAEO_TRY(embed_forms(projects));
            ARCHAEO_TRY(run_ranked(active, projects));
        }
        if (request_.context_lines > 0) {
            ARCHAEO_TRY(add_context(store_, active, request_.context_lines, reply_.results));
        }
        ARCHAEO_ASSIGN(reply_.coverage, snapshot.coverage(projects));
        return std::move(reply_);
    }

private:
    // What explains a hit, beside its text.
    struct Found {
        NaturalLanguage language = NaturalLanguage::english;
        std::string file_type;
        std::vector<Heading> headings;
    };

    Status take_vector(Result<FloatMatrix> matrix) {
        if (matrix && matrix->values.size() != embedder_.dimension()) {
            matrix = Error{Code::internal, "embedder " + embedder_.model_id() + " gave " +
                                               std::to_string(matrix->values.size()) + " values for one text, not " +
                                               std::to_string(embedder_.dimension())};
        }
        if (!matrix && request_.mode == SearchMode::semantic) return std::move(matrix).error();
        if (!matrix) {
            reply_.note = "words only: " + matrix.error().message;
        } else if (std::any_of(matrix->values.begin(), matrix->values.end(), [](float value) { return value != 0; })) {
            vector_ = std::move(matrix->values);
        }
        return {};
    }

    Status embed_forms(std::span<const ProjectId> projects) {
        const std::vector<QueryWord> words = analyzer_.query_words(text_, languages_);
        return take_vector(embedder_.embed_query(
            text_, [&](std::span<const std::string> terms) { return count_words(store_, projects, terms, words); }));
    }

    Status run_ranked(ActiveSources& active, std::span<const ProjectId> projects) {
        if (terms_.empty() && condition_->prefixes().empty() && vector_.empty() && reply_.note.empty())
            reply_.note = no_words_note;
        const std::size_t wanted = request_.offset + request_.limit;
        std::size_t pool = pool_hits;
        while (pool < wanted && pool < pool_hits_max) pool = std::min(pool_hits_max, pool * pool_growth);
        for (;;) {
            PageBuilder page(request_);
            ARCHAEO_ASSIGN(const bool is_whole, fill(active, projects, pool, page));
            if (page.is_full() || is_whole || request_.mode == SearchMode::hybrid || pool >= pool_hits_grown_max) {
                reply_.results = page.take();
                explain();
                return {};
            }
            pool *= pool_growth;
        }
    }

    // True when the legs had no more to give.
    Result<bool> fill(ActiveSources& active, std::span<const ProjectId> projects, std::size_t pool, PageBuilder& page) {
        Ranking words;
        Ranking vectors;
        VectorQuery query;
        query.filter = *filter_;
        query.text = HitText::left_out;
        query.condition = condition_->chunk_condition();
        QueryCondition* condition = condition_->needs_text() ? &*condition_ : nullptr;
        if (request_.mode != SearchMode::semantic && (!terms_.empty() || !condition_->prefixes().empty())) {
            query.words = condition_->words();
            query.prefixes = condition_->prefixes();
            ARCHAEO_ASSIGN(words, rank(store_, active, projects, query, condition, pool));
        }
        if (!vector_.empty()) {
            query.words.clear();
            query.prefixes.clear();
            query.dense = vector_;
            ARCHAEO_ASSIGN(vectors, rank(store_, active, projects, query, condition, pool));
            // Nothing in common is no hit.
            const auto unlike = [](const RankedHit& ranked) { return ranked.hit.score <= 0; };
            if (std::erase_if(vectors.hits, unlike) > 0) vectors.is_whole = true;
        }
        const bool is_whole = words.is_whole && vectors.is_whole;
        std::vector<FusedHit> hits = combine(std::move(words.hits), std::move(vectors.hits));
        ARCHAEO_TRY(fill_page(hits, page));
        return is_whole;
    }

    // Texts are read as far as the page needs them, and a little further: identical ones tend to follow each other.
    Status fill_page(std::span<FusedHit> hits, PageBuilder& page) {
        while (!hits.empty() && !page.is_full()) {
            const auto batch = hits.first(std::min(hits.size(), request_.limit + text_batch_hits));
            ARCHAEO_TRY(add_texts(batch));
            for (FusedHit& fused : batch) {
                if (fused.ranked.hit.text.empty()) continue;
                if (is_collision(fused)) {
                    --reply_.total_found;
                    continue;
                }
                page.add(make_hit(fused));
            }
            hits = hits.subspan(batch.size());
        }
        return {};
    }

    // Hashing puts different words into one place: a text that shares no word with the query is like it by accident only.
    bool is_collision(const FusedHit& fused) {
        if (fused.in_words || embedder_.matches_meaning()) return false;
        return match_words(analyzer_, terms_, fused.ranked.hit.text, NaturalLanguage::english).words.empty();
    }

    Status add_texts(std::span<FusedHit> hits) {
        std::map<ProjectId, std::vector<VectorHit*>> by_project;
        for (FusedHit& fused : hits) by_project[fused.ranked.project_id].push_back(&fused.ranked.hit);
        for (const auto& [project, of_project] : by_project) ARCHAEO_TRY(store_.add_texts(project, of_project));
        return {};
    }

    // A leg alone keeps its own scores.
    std::vector<FusedHit> combine(std::vector<RankedHit> words, std::vector<RankedHit> vectors) {
        std::vector<FusedHit> hits;
        if (request_.mode == SearchMode::hybrid) {
            hits = fuse_in_tiers(std::move(words), std::move(vectors), embedder_.hybrid_weight());
        } else {
            const bool is_semantic = request_.mode == SearchMode::semantic;
            for (RankedHit& ranked : is_semantic ? vectors : words) {
                const double score = ranked.hit.score;
                hits.push_back({std::move(ranked), score, is_semantic ? score : 0, !is_semantic});
            }
        }
        reply_.total_found = hits.size();
        return hits;
    }

    Hit make_hit(FusedHit& fused) {
        VectorHit& found = fused.ranked.hit;
        found_[found.id] = {stemming_of(found.language), found.file_type, std::move(found.headings)};
        Hit hit;
        hit.chunk_id = found.id;
        hit.content = std::move(found.text);
        hit.score = fused.score;
        hit.why.similarity = fused.similarity;
        hit.project_id = fused.ranked.project_id;
        hit.source_id = found.source_id;
        hit.source_name = std::move(fused.ranked.source_name);
        hit.heading = std::move(found.heading);
        hit.byte_range = found.core;
        hit.line_range = found.lines;
        hit.ordinal = found.ordinal;
        hit.symbol = symbol_of(found.file_type, hit.heading);
        return hit;
    }

    // Only the hits of the page are explained.
    void explain() {
        for (Hit& hit : reply_.results) {
            const Found& found = found_[hit.chunk_id];
            WordMatches matches = match_words(analyzer_, condition_->plain_words(), hit.content, found.language);
            QueryCondition::Held held = condition_->held_by(hit.content);
            const auto append = [](auto& all, auto& more) {
                std::move(more.begin(), more.end(), std::back_inserter(all));
            };
            append(matches.words, held.words);
            append(matches.highlights, held.ranges);
            hit.why.words = std::move(matches.words);
            hit.highlights = join_ranges(std::move(matches.highlights));
            hit.why.literal = hit.content.find(text_) != std::string::npos;
            name_place(hit, found);
        }
    }

    // Of several definitions in one chunk the one that was asked for, its name highlighted, else the one that most was found in.
    void name_place(Hit& hit, const Found& found) {
        const std::vector<Heading> whole{{hit.byte_range.begin, hit.heading}};
        const std::vector<Heading>& parts = found.headings.empty() ? whole : found.headings;
        const auto wanted =
            std::find_if(parts.begin(), parts.end(), [&](const Heading& part) { return condition_->wants(part.text); });
        if (wanted == parts.end()) {
            hit.heading = heading_of_most(hit.highlights, hit.byte_range.begin, hit.heading, parts);
        } else {
            hit.heading = wanted->text;
            highlight_name(hit, static_cast<std::size_t>(wanted->begin - hit.byte_range.begin));
        }
        hit.symbol = symbol_of(found.file_type, hit.heading);
    }

    static void highlight_name(Hit& hit, std::size_t begin) {
        const std::string_view name = last_part_of_symbol(hit.heading);
        const std::size_t at = hit.content.find(name, begin);
        if (name.empty() || at == std::string::npos) return;
        hit.highlights.push_back({at, at + name.size()});
        hit.highlights = join_ranges(std::move(hit.highlights));
    }

    VectorStore& store_;
    Embedder& embedder_;
    const SearchRequest& request_;
    Analyzer analyzer_;
    ParsedQuery parsed_;                       // empty in mode literal
    std::optional<QueryCondition> condition_;  // nothing in mode literal
    std::optional<VectorFilter> filter_;       // nothing: no document can pass
    std::string text_;                         // what is looked for, without syntax
    std::vector<QueryWord> terms_;             // in English, as the built-in embedder has them
    std::vector<NaturalLanguage> languages_;   // of the searched projects, beside English
    std::unordered_map<Uuid, Found, UuidHash> found_;
    std::vector<float> vector_;  // empty: vectors are not asked
    SearchReply reply_;
};

}  // namespace

Result<SearchReply> Searcher::search(const SearchRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    ARCHAEO_TRY(validate(request));
    Search search(store_, embedder_, request);
    ARCHAEO_TRY(search.embed());
    ARCHAEO_ASSIGN(const std::unique_ptr<ActiveSnapshot> snapshot, catalog_.snapshot());
    ARCHAEO_ASSIGN(SearchReply reply, search.run(*snapshot));
    reply.query_time_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return reply;
}

}  // namespace archaeologist
