#include "search/searcher.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "base/utf8.hpp"
#include "search/fusion.hpp"
#include "search/page.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t query_bytes_max = 4'096;
constexpr std::size_t literal_bytes_max = 1'000;
constexpr std::size_t limit_max = 1'000;
constexpr std::size_t offset_max = 10'000;
constexpr std::size_t leg_hits = 100;        // of each leg, before they are joined
constexpr std::size_t fetched_max = 10'000;  // of one leg in one project
constexpr std::size_t literal_matches = 1'000;

Error bad(std::string_view what, const std::string& value, const std::string& rule) {
    return {Code::invalid_argument, "search: " + std::string(what) + " " + value + ", must be " + rule};
}

// What one leg asks of the store.
struct Leg {
    std::string words;
    std::vector<float> dense;
    [[nodiscard]] bool asks() const { return !words.empty() || !dense.empty(); }
};

class Search {
public:
    Search(VectorStore& store, Embedder& embedder, SearchSnapshot& snapshot, const SearchRequest& request)
        : store_(store), embedder_(embedder), snapshot_(snapshot), request_(request) {}

    [[nodiscard]] Result<SearchReply> run();

private:
    [[nodiscard]] Status ranked(Page& page);
    [[nodiscard]] Result<std::vector<Candidate>> run_leg(const Leg& leg, std::size_t wanted);
    [[nodiscard]] Status run_leg_in(ProjectId project, const Leg& leg, std::size_t wanted,
                                    std::vector<Candidate>& found);
    [[nodiscard]] Result<Leg> words_leg();
    [[nodiscard]] Result<Leg> dense_leg();
    [[nodiscard]] Status literal(Page& page, std::uint64_t& total);
    [[nodiscard]] Result<bool> is_active(SourceId source, const GenerationId& generation);
    [[nodiscard]] std::string note() const;

    VectorStore& store_;
    Embedder& embedder_;
    SearchSnapshot& snapshot_;
    const SearchRequest& request_;
    Analyzer analyzer_;
    std::vector<ProjectId> projects_;
    std::vector<std::string> terms_;
    std::unordered_map<std::int64_t, std::optional<SeenSource>> seen_;
};

Result<SearchReply> Search::run() {
    projects_ = request_.projects;
    if (projects_.empty()) {
        ARCHAEO_ASSIGN(projects_, snapshot_.projects());
    }
    for (const ProjectId id : projects_) ARCHAEO_TRY(snapshot_.check_project(id));
    terms_ = analyzer_.query_terms(request_.query);

    SearchReply reply;
    Page page(request_);
    if (request_.mode == SearchMode::literal) {
        ARCHAEO_TRY(literal(page, reply.total_found));
    } else {
        ARCHAEO_TRY(ranked(page));
        reply.total_found = page.total();
    }
    for (Hit& hit : page.take()) {
        hit.source_name = seen_[to_integer(hit.source_id)]->name;
        explain(hit, request_, terms_, analyzer_);
        for (AlsoIn& place : hit.also_in) place.source_name = seen_[to_integer(place.source_id)]->name;
        reply.results.push_back(std::move(hit));
    }
    reply.query = request_.query;
    reply.mode = request_.mode;
    reply.note = note();
    ARCHAEO_ASSIGN(reply.coverage, snapshot_.coverage(projects_));
    return reply;
}

std::string Search::note() const {
    if (request_.mode == SearchMode::literal) return {};
    if (terms_.empty()) return "the query holds no word; --mode literal finds characters as they stand";
    if (request_.mode == SearchMode::semantic && !embedder_.matches_meaning()) {
        return "the model " + embedder_.model_id() + " matches word forms, not meanings";
    }
    return {};
}

Result<bool> Search::is_active(SourceId source, const GenerationId& generation) {
    auto known = seen_.find(to_integer(source));
    if (known == seen_.end()) {
        ARCHAEO_ASSIGN(auto found, snapshot_.find(source));
        known = seen_.emplace(to_integer(source), std::move(found)).first;
    }
    return known->second && known->second->generation == generation;
}

Result<Leg> Search::words_leg() {
    Leg leg;
    if (request_.mode != SearchMode::semantic && !terms_.empty()) leg.words = request_.query;
    return leg;
}

Result<Leg> Search::dense_leg() {
    Leg leg;
    if (request_.mode == SearchMode::words) return leg;
    const std::string_view text = request_.query;
    ARCHAEO_ASSIGN(const FloatMatrix matrix, embedder_.embed(std::span(&text, 1), TextRole::query));
    const auto row = matrix.row(0);
    const bool has_words = std::any_of(row.begin(), row.end(), [](float value) { return value != 0; });
    if (has_words) leg.dense.assign(row.begin(), row.end());
    return leg;
}

// Asks for more of each leg until the page is full or the legs have nothing more.
Status Search::ranked(Page& page) {
    ARCHAEO_ASSIGN(const Leg words, words_leg());
    ARCHAEO_ASSIGN(const Leg dense, dense_leg());
    const std::size_t needed = request_.offset + request_.limit;
    for (std::size_t wanted = std::max(leg_hits, needed * 2);; wanted *= 4) {
        wanted = std::min(wanted, fetched_max);
        ARCHAEO_ASSIGN(auto by_words, run_leg(words, wanted));
        ARCHAEO_ASSIGN(auto by_dense, run_leg(dense, wanted));
        const bool exhausted = by_words.size() < wanted && by_dense.size() < wanted;
        page.fill(std::move(by_words), std::move(by_dense), embedder_.hybrid_weight());
        if (page.total() >= needed || exhausted || wanted == fetched_max) return {};
    }
}

Result<std::vector<Candidate>> Search::run_leg(const Leg& leg, std::size_t wanted) {
    std::vector<Candidate> found;
    if (!leg.asks()) return found;
    for (const ProjectId project : projects_) ARCHAEO_TRY(run_leg_in(project, leg, wanted, found));
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return a.hit.score != b.hit.score ? a.hit.score > b.hit.score : a.hit.id < b.hit.id;
    });
    if (found.size() > wanted) found.resize(wanted);
    return found;
}

// Fetches beyond what is wanted, since some hits are of generations that are no longer, or not yet, to be seen.
Status Search::run_leg_in(ProjectId project, const Leg& leg, std::size_t wanted, std::vector<Candidate>& found) {
    VectorQuery query;
    query.project_id = project;
    query.words = leg.words;
    query.dense = leg.dense;
    query.filter = request_.filter;
    query.limit = std::min(wanted + wanted / 4, fetched_max);
    for (std::size_t active = 0; active < wanted && query.offset < fetched_max;) {
        ARCHAEO_ASSIGN(auto hits, store_.query(query));
        for (VectorHit& hit : hits) {
            ARCHAEO_ASSIGN(const bool seen, is_active(hit.source_id, hit.generation));
            if (!seen) continue;
            ++active;
            found.push_back({project, std::move(hit)});
        }
        if (hits.size() < query.limit) return {};
        query.offset += hits.size();
    }
    return {};
}

Status Search::literal(Page& page, std::uint64_t& total) {
    for (const ProjectId project : projects_) {
        LiteralQuery query;
        query.project_id = project;
        query.text = request_.query;
        query.letter_case = request_.letter_case;
        query.whole_word = request_.whole_word;
        query.filter = request_.filter;
        query.limit = std::max(literal_matches, 2 * (request_.offset + request_.limit));
        Status failed;
        query.accept = [&](SourceId source, const GenerationId& generation) {
            const auto seen = is_active(source, generation);
            if (!seen) failed = seen.error();
            return seen && *seen;
        };
        ARCHAEO_ASSIGN(auto reply, store_.find(query));
        ARCHAEO_TRY(failed);
        total += reply.total_found;
        page.add_literal(project, std::move(reply.matches));
    }
    return {};
}

}  // namespace

Status validate(const SearchRequest& request) {
    const std::string size = std::to_string(request.query.size()) + " bytes";
    if (request.query.empty() || request.query.size() > query_bytes_max) {
        return bad("query has", size, "1 to " + std::to_string(query_bytes_max));
    }
    if (request.mode == SearchMode::literal && request.query.size() > literal_bytes_max) {
        return bad("literal query has", size, "at most " + std::to_string(literal_bytes_max));
    }
    if (!is_valid_utf8(request.query)) return bad("query", "holds other bytes", "UTF-8");
    if (request.limit < 1 || request.limit > limit_max) {
        return bad("limit is", std::to_string(request.limit), "1 to " + std::to_string(limit_max));
    }
    if (request.offset > offset_max) {
        return bad("offset is", std::to_string(request.offset), "at most " + std::to_string(offset_max));
    }
    return {};
}

Result<SearchReply> search(VectorStore& store, Embedder& embedder, SearchCatalog& catalog,
                           const SearchRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    ARCHAEO_TRY(validate(request));
    ARCHAEO_ASSIGN(const auto snapshot, catalog.snapshot());
    auto reply = Search(store, embedder, *snapshot, request).run();
    if (reply) {
        reply->query_time_ms =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    }
    return reply;
}

}  // namespace archaeologist
