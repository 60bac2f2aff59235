#include "archaeologist/search.hpp"

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

struct archaeo_hits final : Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_hits(SearchReply one) : reply(std::move(one)), json(to_json(reply)) {
        for (const Hit& hit : reply.results) chunk_ids.push_back(hit.chunk_id.text());
    }
    SearchReply reply;
    std::string json;
    std::vector<std::string> chunk_ids;
};

namespace {

constexpr std::size_t query_bytes_max = 4'096;
constexpr std::size_t filter_values_max = 100;

Result<SearchMode> search_mode(int32_t given) {
    if (given == 0) return SearchMode::hybrid;
    if (given < ARCHAEO_SEARCH_HYBRID || given > ARCHAEO_SEARCH_LITERAL) {
        return bad_number("mode", given, "must be an ARCHAEO_SEARCH_..., or 0");
    }
    return static_cast<SearchMode>(given - 1);
}

Result<SearchRequest> search_request(std::string_view query, const archaeo_search_options* given) {
    ARCHAEO_ASSIGN(const auto known, options("options", given));
    SearchRequest request;
    request.query = query;
    ARCHAEO_ASSIGN(request.mode, search_mode(known.mode));
    request.letter_case = known.ignore_case != 0 ? LetterCase::ignore : LetterCase::exact;
    request.whole_word = known.whole_word != 0;
    request.pattern = known.regex != 0 ? TextPattern::regex : TextPattern::literal;
    request.context_lines = known.context_lines;
    if (known.limit != 0) request.limit = known.limit;
    request.offset = known.offset;
    ARCHAEO_ASSIGN(const int per_source,
                   count_or_none("per_source", known.per_source, 1'000'000, static_cast<int>(request.per_source)));
    request.per_source = static_cast<std::size_t>(per_source);
    ARCHAEO_ASSIGN(request.projects, ids<ProjectId>("project_ids", known.project_ids, known.project_id_count));
    VectorFilter& filter = request.filter;
    ARCHAEO_ASSIGN(filter.sources, ids<SourceId>("source_ids", known.source_ids, known.source_id_count));
    ARCHAEO_ASSIGN(filter.languages, texts("languages", known.languages, known.language_count, filter_values_max));
    ARCHAEO_ASSIGN(filter.file_types, texts("file_types", known.file_types, known.file_type_count, filter_values_max));
    ARCHAEO_ASSIGN(filter.path_glob, text_or("path_glob", known.path_glob, ""));
    return request;
}

template <class Field>
auto hit_number(const archaeo_hits* hits, std::size_t index, Field field) {
    return number_at(
        hits, index, [](const archaeo_hits& one) -> const std::vector<Hit>& { return one.reply.results; }, field);
}

template <class Field>
archaeo_str hit_text(const archaeo_hits* hits, std::size_t index, Field field) {
    return text_at(
        hits, index, [](const archaeo_hits& one) -> const std::vector<Hit>& { return one.reply.results; }, field);
}

}  // namespace

extern "C" {

int32_t archaeo_search(archaeo_engine* engine, const char* query, size_t query_size,
                       const archaeo_search_options* options, archaeo_hits** hits_out, archaeo_error** error_out) {
    clear(hits_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("hits_out", hits_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const auto view, bytes("query", query, query_size, query_bytes_max));
        ARCHAEO_ASSIGN(const auto request, search_request(view, options));
        ARCHAEO_ASSIGN(auto reply, call->search(request));
        *hits_out = make_handle<archaeo_hits>(std::move(reply));
        return {};
    });
}

size_t archaeo_hits_count(const archaeo_hits* hits) {
    return number_of(hits, [](const archaeo_hits& one) { return one.reply.results.size(); });
}

uint64_t archaeo_hits_total_found(const archaeo_hits* hits) {
    return number_of(hits, [](const archaeo_hits& one) { return one.reply.total_found; });
}

archaeo_str archaeo_hits_chunk_id(const archaeo_hits* hits, size_t index) {
    return text_at(
        hits, index, [](const archaeo_hits& one) -> const std::vector<std::string>& { return one.chunk_ids; },
        [](const std::string& id) -> const std::string& { return id; });
}

archaeo_str archaeo_hits_content(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.content; });
}

double archaeo_hits_score(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return hit.score; });
}

int64_t archaeo_hits_project_id(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return to_integer(hit.project_id); });
}

int64_t archaeo_hits_source_id(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return to_integer(hit.source_id); });
}

archaeo_str archaeo_hits_source_name(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.source_name; });
}

archaeo_str archaeo_hits_heading(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.heading; });
}

archaeo_str archaeo_hits_symbol(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.symbol; });
}

archaeo_str archaeo_hits_before(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.before; });
}

archaeo_str archaeo_hits_after(const archaeo_hits* hits, size_t index) {
    return hit_text(hits, index, [](const Hit& hit) -> const std::string& { return hit.after; });
}

uint64_t archaeo_hits_begin(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return hit.byte_range.begin; });
}

uint64_t archaeo_hits_end(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return hit.byte_range.end; });
}

uint64_t archaeo_hits_first_line(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return hit.line_range.first; });
}

uint64_t archaeo_hits_last_line(const archaeo_hits* hits, size_t index) {
    return hit_number(hits, index, [](const Hit& hit) { return hit.line_range.last; });
}

archaeo_str archaeo_hits_note(const archaeo_hits* hits) {
    return text_of(hits, [](const archaeo_hits& one) -> const std::string& { return one.reply.note; });
}

archaeo_str archaeo_hits_json(const archaeo_hits* hits) {
    return text_of(hits, [](const archaeo_hits& one) -> const std::string& { return one.json; });
}

void archaeo_hits_free(archaeo_hits* hits) { free_handle(hits); }

}  // extern "C"
