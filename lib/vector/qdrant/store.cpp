#include "vector/qdrant/store.hpp"

#include <algorithm>
#include <array>

#include "vector/filter.hpp"
#include "vector/points.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::size_t page_points = 1'000;
constexpr std::size_t page_texts = 256;  // of points with their texts
constexpr std::size_t ties_first = 16;   // read beyond what is asked for, as the last of it may be as good as those
constexpr std::size_t ties_max = 16'384;

constexpr std::array<std::string_view, 12> hit_keys{key::source,   key::generation,    key::ordinal,    key::core_begin,
                                                    key::core_end, key::context_begin, key::line_first, key::line_last,
                                                    key::heading,  key::headings,      key::file_type,  key::language};
constexpr std::array<std::string_view, 13> hit_keys_with_text{
    key::source,    key::generation, key::ordinal,  key::core_begin, key::core_end, key::context_begin, key::line_first,
    key::line_last, key::heading,    key::headings, key::file_type,  key::language, key::text};
constexpr std::array<std::string_view, 7> chunk_keys{key::ordinal,   key::core_begin, key::core_end, key::line_first,
                                                     key::line_last, key::heading,    key::text};
constexpr std::array<std::string_view, 2> generation_keys{key::source, key::generation};
constexpr std::array<std::string_view, 4> document_keys{key::source, key::path, key::file_type, key::language};
constexpr std::array<std::string_view, 2> text_keys{key::ordinal, key::text};

VectorHit make_hit(Record record) {
    return {record.id,
            record.source,
            record.generation,
            record.ordinal,
            record.core,
            {record.context_begin, record.core.end},
            record.lines,
            std::move(record.heading),
            std::move(record.text),
            record.score,
            std::move(record.file_type),
            std::move(record.language),
            std::move(record.headings)};
}

bool is_before(const StoredGeneration& a, const StoredGeneration& b) {
    return a.source_id != b.source_id ? a.source_id < b.source_id : a.generation < b.generation;
}

}  // namespace

Result<std::vector<Record>> Pages::next() {
    if (is_last_) return std::vector<Record>();
    ARCHAEO_ASSIGN(const Reply reply,
                   collection_.post(
                       "/points/scroll", "qdrant scroll",
                       scroll_body(filter_, {.limit = limit_, .offset = offset_, .vectors = vectors_}, keys_), time_));
    ARCHAEO_ASSIGN(auto records, parse_records(reply.result()["points"]));
    simdjson::dom::element offset;
    is_last_ = reply.result()["next_page_offset"].get(offset) != simdjson::SUCCESS || offset.is_null();
    if (!is_last_) offset_ = simdjson::minify(offset);
    return records;
}

Result<std::vector<Record>> records_by_ordinal(Collection& collection, const Filter& generation, std::uint64_t begin,
                                               std::uint64_t end, Keys keys, Vectors vectors,
                                               const std::optional<SearchTime>& time) {
    Pages pages(collection, Filter(generation).ordinals(begin, end), page_texts, keys, vectors, time);
    std::vector<Record> all;
    for (;;) {
        ARCHAEO_ASSIGN(auto page, pages.next());
        if (page.empty()) break;
        all.insert(all.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
    }
    std::sort(all.begin(), all.end(), [](const Record& a, const Record& b) { return a.ordinal < b.ordinal; });
    return all;
}

Result<std::uint64_t> count_of(Collection& collection, const Filter& filter) {
    ARCHAEO_ASSIGN(const Reply reply, collection.post("/points/count", "qdrant count", count_body(filter)));
    std::uint64_t count = 0;
    if (reply.result()["count"].get(count) == simdjson::SUCCESS) return count;
    return Error{Code::io_error, collection.shown() + ": the reply to a count has no count"};
}

Store::Store(std::unique_ptr<Collection> collection, std::size_t dimension)
    : collection_(std::move(collection)), dimension_(dimension), turns_(collection_->location().in_flight) {}

Status Store::erase(ProjectId project, SourceId source, const GenerationId& generation) {
    return collection_->change(net::Method::post, "/points/delete", "qdrant delete",
                               delete_body(Filter(project).source(source).generation(generation)));
}

Status Store::erase_project(ProjectId project) {
    forget_languages(project);
    return collection_->change(net::Method::post, "/points/delete", "qdrant delete", delete_body(Filter(project)));
}

Result<std::uint64_t> Store::count(ProjectId project, SourceId source, const GenerationId& generation) {
    return count_of(*collection_, Filter(project).source(source).generation(generation));
}

Result<std::vector<StoredChunk>> Store::chunks(ProjectId project, SourceId source, const GenerationId& generation,
                                               std::uint64_t first_ordinal, std::size_t limit) {
    ARCHAEO_TRY(validate_chunks_limit(limit));
    const Filter filter = Filter(project).source(source).generation(generation);
    ARCHAEO_ASSIGN(auto records,
                   records_by_ordinal(*collection_, filter, first_ordinal, first_ordinal + limit, chunk_keys));
    std::vector<StoredChunk> found;
    found.reserve(records.size());
    for (Record& record : records) {
        found.push_back(
            {record.id, record.ordinal, record.core, record.lines, std::move(record.heading), std::move(record.text)});
    }
    return found;
}

// Every generation has one point of ordinal 0. Those of the last source that was read may go on behind the page.
Result<std::vector<StoredGeneration>> Store::generations(ProjectId project, std::optional<StoredGeneration> after,
                                                         std::size_t limit) {
    ARCHAEO_TRY(validate_generations_limit(limit));
    Scroll scroll{.limit = limit + ties_first, .from_source = after ? after->source_id : SourceId{INT64_MIN}};
    for (;;) {
        ARCHAEO_ASSIGN(const Reply reply,
                       collection_->post("/points/scroll", "qdrant scroll",
                                         scroll_body(Filter(project).ordinal(0), scroll, generation_keys)));
        ARCHAEO_ASSIGN(const auto records, parse_records(reply.result()["points"]));
        const bool is_all = records.size() < scroll.limit;
        std::vector<StoredGeneration> found;
        for (const Record& record : records) {
            const StoredGeneration one{record.source, record.generation};
            if (!is_all && record.source == records.back().source) continue;
            if (!after || is_before(*after, one)) found.push_back(one);
        }
        if (found.size() < limit && !is_all) {
            scroll.limit *= 2;
            continue;
        }
        std::sort(found.begin(), found.end(), is_before);
        found.resize(std::min(found.size(), limit));
        return found;
    }
}

// What Qdrant is not asked for: paths, and what must not be.
Result<std::optional<std::vector<SourceId>>> Store::sources_admitted(ProjectId project, const VectorFilter& filter,
                                                                     const SearchTime& time) {
    const bool is_needed = !filter.path_glob.empty() || !filter.paths.empty() || !filter.not_paths.empty() ||
                           !filter.not_languages.empty() || !filter.not_file_types.empty();
    if (!is_needed) return std::optional<std::vector<SourceId>>();
    const DocumentFilter wanted(filter);
    Pages pages(*collection_, Filter(project).ordinal(0).admitted_by(filter), page_points, document_keys,
                Vectors::left_out, time);
    std::vector<SourceId> found;
    for (;;) {
        ARCHAEO_ASSIGN(const auto page, pages.next());
        if (page.empty()) return std::optional(std::move(found));
        for (const Record& record : page) {
            if (wanted.admits(record.source, record.path, record.file_type, record.language)) {
                found.push_back(record.source);
            }
        }
    }
}

Result<Nearest> Store::nearest_of(const VectorQuery& query) {
    Nearest nearest;
    if (query.words.empty()) {
        nearest.using_ = dense_vector;
        if (const auto unit = unit_vector(query.dense); !unit.empty()) append_numbers(nearest.query, unit);
        return nearest;
    }
    nearest.using_ = sparse_vector;
    ARCHAEO_ASSIGN(const auto names, languages(query.project_id));
    const Workspaces::Lease workspace = workspaces_.take();
    const SparseVector terms = query_terms(workspace->analyzer, query.words, find_natural_languages(names));
    if (!terms.indices.empty()) append_sparse(nearest.query, terms);
    return nearest;
}

// Qdrant leaves the order of equal scores open: what is as good as the last one wanted is read, too, and ordered here.
Result<std::vector<Record>> Store::nearest(const VectorQuery& query, const Filter& filter, Nearest nearest,
                                           const SearchTime& time) {
    const std::size_t wanted = query.offset + query.limit;
    const bool has_text = query.text == HitText::included;
    const Keys keys = has_text ? Keys(hit_keys_with_text) : Keys(hit_keys);
    for (std::size_t more = ties_first;; more *= 4) {
        nearest.limit = wanted + more;
        ARCHAEO_ASSIGN(const Reply reply,
                       collection_->post("/points/query", "qdrant query",
                                         query_body(filter, Filter(query.project_id), nearest, keys), time));
        ARCHAEO_ASSIGN(auto records, parse_records(reply.result()["points"]));
        const bool is_all = records.size() < nearest.limit;
        if (is_all || more >= ties_max || records.back().score != records[wanted - 1].score) return records;
    }
}

Result<std::vector<VectorHit>> Store::query(const VectorQuery& query) {
    ARCHAEO_TRY(validate_query(query, dimension_));
    if (!query.prefixes.empty()) {
        return Error{Code::unsupported, "\"" + query.prefixes.front().begins +
                                            "*\" asks for beginnings of words, and Qdrant knows whole words only; "
                                            "write them out, or use mode literal"};
    }
    ARCHAEO_ASSIGN(Nearest wanted, nearest_of(query));
    std::vector<VectorHit> hits;
    if (wanted.query.empty()) return hits;
    const SearchTime time(collection_->location().search_max);
    Filter filter = Filter(query.project_id).admitted_by(query.filter);
    ARCHAEO_ASSIGN(const auto sources, sources_admitted(query.project_id, query.filter, time));
    if (sources) {
        if (sources->empty()) return hits;
        filter.sources(*sources);
    }
    ARCHAEO_ASSIGN(auto records, nearest(query, filter, std::move(wanted), time));
    std::sort(records.begin(), records.end(),
              [](const Record& a, const Record& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
    for (std::size_t i = query.offset; i < records.size() && hits.size() < query.limit; ++i) {
        hits.push_back(make_hit(std::move(records[i])));
    }
    return hits;
}

Status Store::add_texts(ProjectId, std::span<VectorHit* const> hits) {
    const SearchTime time(collection_->location().search_max);
    for (std::size_t begin = 0; begin < hits.size(); begin += page_texts) {
        const auto page = hits.subspan(begin, std::min(page_texts, hits.size() - begin));
        std::vector<PointId> ids;
        for (const VectorHit* hit : page) ids.push_back(hit->id);
        ARCHAEO_ASSIGN(const Reply reply,
                       collection_->post("/points", "qdrant retrieve", retrieve_body(ids, text_keys), time));
        ARCHAEO_ASSIGN(auto records, parse_records(reply.result()));
        std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) { return a.id < b.id; });
        for (VectorHit* hit : page) {
            const auto found = std::lower_bound(records.begin(), records.end(), hit->id,
                                                [](const Record& record, const PointId& id) { return record.id < id; });
            if (found != records.end() && found->id == hit->id) hit->text = found->text;
        }
    }
    return {};
}

}  // namespace archaeologist::qdrant
