#include "archaeologist/vector_store.hpp"

#include "arguments.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

// A store of its own, or the engine's.
struct archaeo_vectors final : Handle {
    static constexpr bool is_bound = true;
    archaeo_vectors(std::unique_ptr<VectorStore> own, std::size_t floats, OpenMark open_mark)
        : mark(std::in_place, std::move(open_mark)), store(std::move(own)), dimension(floats) {}
    archaeo_vectors(std::shared_ptr<EngineState> of, std::size_t floats) : state(std::move(of)), dimension(floats) {}

    const std::optional<OpenMark> mark;        // of a store of its own
    const std::unique_ptr<VectorStore> store;  // null: the engine's
    const std::shared_ptr<EngineState> state;  // null: none
    const std::size_t dimension;
};

struct archaeo_vector_hits final : Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_vector_hits(std::vector<VectorHit> all) : hits(std::move(all)) {
        for (const VectorHit& hit : hits) ids.push_back({hit.id.text(), hit.generation.text()});
    }
    struct Ids {
        std::string point;
        std::string generation;
    };
    std::vector<VectorHit> hits;
    std::vector<Ids> ids;
};

namespace {

constexpr std::size_t upsert_points_max = 10'000;
constexpr std::uint64_t point_text_bytes_max = 1 << 20;
constexpr std::uint64_t words_bytes_max = 4'096;

// A store while it is used; an engine's stays open meanwhile.
class Store {
public:
    [[nodiscard]] static Result<Store> enter(const archaeo_vectors* vectors) {
        ARCHAEO_ASSIGN(auto handle, require(vectors, "vectors"));
        std::optional<Call> call;
        if (handle->state) {
            auto entered = Call::enter(handle->state);
            if (!entered) return entered.error();
            call.emplace(std::move(*entered));
        }
        return Store(std::move(handle), std::move(call));
    }
    [[nodiscard]] VectorStore* operator->() const { return call_ ? &(*call_)->vectors() : handle_->store.get(); }
    [[nodiscard]] std::size_t dimension() const { return handle_->dimension; }

    // Errors: invalid_argument (a store of its own has no embedder), and the embedder's.
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) const {
        if (!call_) {
            return Error{Code::invalid_argument,
                         "vector is NULL, must be given: only an engine's vectors have an embedder"};
        }
        return (*call_)->embedder().embed(texts, role);
    }

private:
    Store(std::shared_ptr<archaeo_vectors> handle, std::optional<Call> call)
        : handle_(std::move(handle)), call_(std::move(call)) {}
    std::shared_ptr<archaeo_vectors> handle_;
    std::optional<Call> call_;
};

Result<Document> document_of(const archaeo_document* given) {
    ARCHAEO_TRY(require_pointer("document", given));
    ARCHAEO_ASSIGN(const auto known, options("document", given));
    Document document;
    document.project_id = ProjectId{known.project_id};
    document.source_id = SourceId{known.source_id};
    ARCHAEO_ASSIGN(document.generation, generation_id(known.generation));
    ARCHAEO_ASSIGN(document.source_name, text_or("document.source_name", known.source_name, ""));
    ARCHAEO_ASSIGN(document.file_type, text_or("document.file_type", known.file_type, "text"));
    ARCHAEO_ASSIGN(document.language, text_or("document.language", known.language, ""));
    return document;
}

// In floats, of a vector.
Status check_length(std::string_view name, std::size_t size, std::size_t dimension) {
    if (size == dimension) return {};
    return Error{Code::invalid_argument, std::string(name) + " is " + std::to_string(size) + ", must be " +
                                             std::to_string(dimension) + ", the vectors' dimension"};
}

Result<Point> point_of(const archaeo_point& given, std::size_t dimension) {
    Point point;
    point.ordinal = given.ordinal;
    point.core = {given.core_begin, given.core_end};
    point.context = {given.context_begin, given.core_end};
    point.lines.first = given.first_line != 0 ? given.first_line : 1;
    point.lines.last = given.last_line != 0 ? given.last_line : point.lines.first;
    ARCHAEO_ASSIGN(point.heading, text_or("heading", given.heading, ""));
    ARCHAEO_ASSIGN(point.text, bytes("text", given.text, given.text_size, point_text_bytes_max));
    if (given.vector != nullptr || given.vector_size != 0) {
        ARCHAEO_TRY(require_pointer("vector", given.vector));
        ARCHAEO_TRY(check_length("vector_size", given.vector_size, dimension));
        point.dense.assign(given.vector, given.vector + given.vector_size);
    }
    return point;
}

// Makes the vectors that the program left out.
Status complete(std::vector<Point>& points, const Store& store) {
    std::vector<Point*> bare;
    std::vector<std::string_view> texts;
    for (Point& point : points) {
        if (!point.dense.empty()) continue;
        bare.push_back(&point);
        texts.push_back(point.text);
    }
    if (bare.empty()) return {};
    ARCHAEO_ASSIGN(const auto matrix, store.embed(texts, TextRole::document));
    for (std::size_t i = 0; i < bare.size(); ++i) {
        const auto row = matrix.row(i);
        bare[i]->dense.assign(row.begin(), row.end());
    }
    return {};
}

Status check_asked(const archaeo_vector_query& given) {
    const int asked =
        (given.words != nullptr ? 1 : 0) + (given.vector != nullptr ? 1 : 0) + (given.nearest_to != nullptr ? 1 : 0);
    if (asked == 1) return {};
    return bad_number("query: number of words, vector and nearest_to that are given", asked, "must be exactly 1");
}

Status take_question(const archaeo_vector_query& given, const Store& store, VectorQuery& query) {
    if (given.words != nullptr) {
        ARCHAEO_ASSIGN(query.words, bytes("query.words", given.words, given.words_size, words_bytes_max));
        if (query.words.empty()) return Error{Code::invalid_argument, "query.words is empty, must have a word"};
    }
    if (given.vector != nullptr) {
        ARCHAEO_TRY(check_length("query.vector_size", given.vector_size, store.dimension()));
        query.dense.assign(given.vector, given.vector + given.vector_size);
    }
    if (given.nearest_to != nullptr) {
        ARCHAEO_ASSIGN(const auto text,
                       bytes("query.nearest_to", given.nearest_to, given.nearest_to_size, point_text_bytes_max));
        ARCHAEO_ASSIGN(const auto matrix, store.embed({&text, 1}, TextRole::query));
        const auto row = matrix.row(0);
        query.dense.assign(row.begin(), row.end());
    }
    return {};
}

Result<VectorQuery> query_of(const archaeo_vector_query* given, const Store& store) {
    ARCHAEO_TRY(require_pointer("query", given));
    ARCHAEO_ASSIGN(const auto known, options("query", given));
    ARCHAEO_TRY(check_asked(known));
    VectorQuery query;
    query.project_id = ProjectId{known.project_id};
    if (known.limit != 0) query.limit = known.limit;
    query.offset = known.offset;
    ARCHAEO_ASSIGN(query.filter.sources, ids<SourceId>("query.source_ids", known.source_ids, known.source_id_count));
    ARCHAEO_ASSIGN(query.filter.path_glob, text_or("query.path_glob", known.path_glob, ""));
    ARCHAEO_TRY(take_question(known, store, query));
    return query;
}

template <class Field>
auto hit_number(const archaeo_vector_hits* hits, std::size_t index, Field field) {
    return number_at(
        hits, index, [](const archaeo_vector_hits& one) -> const std::vector<VectorHit>& { return one.hits; }, field);
}

template <class Field>
archaeo_str hit_text(const archaeo_vector_hits* hits, std::size_t index, Field field) {
    return text_at(
        hits, index, [](const archaeo_vector_hits& one) -> const std::vector<VectorHit>& { return one.hits; }, field);
}

using Ids = std::vector<archaeo_vector_hits::Ids>;

}  // namespace

extern "C" {

int32_t archaeo_vectors_open(const char* folder, size_t dimension, archaeo_vectors** vectors_out,
                             archaeo_error** error_out) {
    clear(vectors_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("vectors_out", vectors_out));
        ARCHAEO_ASSIGN(const std::string path, text("folder", folder));
        if (path.empty()) return Error{Code::invalid_argument, "folder is empty, must name a folder"};
        ARCHAEO_TRY(check_may_open());
        OpenMark mark;
        ARCHAEO_ASSIGN(auto store, open_vector_store(path, dimension));
        *vectors_out = make_handle<archaeo_vectors>(std::move(store), dimension, std::move(mark));
        return {};
    });
}

int32_t archaeo_engine_vectors(archaeo_engine* engine, archaeo_vectors** vectors_out, archaeo_error** error_out) {
    clear(vectors_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("vectors_out", vectors_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        *vectors_out = make_handle<archaeo_vectors>(call.state(), call->embedder().dimension());
        return {};
    });
}

void archaeo_vectors_free(archaeo_vectors* vectors) { free_handle(vectors); }

int32_t archaeo_vectors_upsert(archaeo_vectors* vectors, const archaeo_document* document, const archaeo_point* points,
                               size_t point_count, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto store, Store::enter(vectors));
        ARCHAEO_ASSIGN(const auto known, document_of(document));
        ARCHAEO_ASSIGN(const auto given, options_array("points", points, point_count, upsert_points_max));
        std::vector<Point> all;
        for (const archaeo_point& one : given) {
            auto point = point_of(one, store.dimension());
            if (!point) {
                return Error{point.error().code,
                             "points[" + std::to_string(all.size()) + "]: " + point.error().message};
            }
            all.push_back(std::move(*point));
        }
        ARCHAEO_TRY(complete(all, store));
        return store->upsert(known, all);
    });
}

int32_t archaeo_vectors_delete(archaeo_vectors* vectors, int64_t project_id, int64_t source_id, const char* generation,
                               archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const auto store, Store::enter(vectors));
        ARCHAEO_ASSIGN(const GenerationId known, generation_id(generation));
        if (source_id != 0) return store->erase(ProjectId{project_id}, SourceId{source_id}, known);
        if (generation == nullptr) return store->erase_project(ProjectId{project_id});
        return Error{Code::invalid_argument, "source_id is 0, so generation must be NULL: all of the project is meant"};
    });
}

int32_t archaeo_vectors_count(archaeo_vectors* vectors, int64_t project_id, int64_t source_id, const char* generation,
                              uint64_t* count_out, archaeo_error** error_out) {
    clear(count_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("count_out", count_out));
        ARCHAEO_ASSIGN(const auto store, Store::enter(vectors));
        ARCHAEO_ASSIGN(const GenerationId known, generation_id(generation));
        ARCHAEO_ASSIGN(*count_out, store->count(ProjectId{project_id}, SourceId{source_id}, known));
        return {};
    });
}

int32_t archaeo_vectors_query(archaeo_vectors* vectors, const archaeo_vector_query* query,
                              archaeo_vector_hits** hits_out, archaeo_error** error_out) {
    clear(hits_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("hits_out", hits_out));
        ARCHAEO_ASSIGN(const auto store, Store::enter(vectors));
        ARCHAEO_ASSIGN(const auto known, query_of(query, store));
        ARCHAEO_ASSIGN(auto hits, store->query(known));
        *hits_out = make_handle<archaeo_vector_hits>(std::move(hits));
        return {};
    });
}

size_t archaeo_vector_hits_count(const archaeo_vector_hits* hits) {
    return number_of(hits, [](const archaeo_vector_hits& one) { return one.hits.size(); });
}

archaeo_str archaeo_vector_hits_point_id(const archaeo_vector_hits* hits, size_t index) {
    return text_at(
        hits, index, [](const archaeo_vector_hits& one) -> const Ids& { return one.ids; },
        [](const auto& one) -> const std::string& { return one.point; });
}

int64_t archaeo_vector_hits_source_id(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return to_integer(hit.source_id); });
}

archaeo_str archaeo_vector_hits_generation(const archaeo_vector_hits* hits, size_t index) {
    return text_at(
        hits, index, [](const archaeo_vector_hits& one) -> const Ids& { return one.ids; },
        [](const auto& one) -> const std::string& { return one.generation; });
}

uint32_t archaeo_vector_hits_ordinal(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.ordinal; });
}

double archaeo_vector_hits_score(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.score; });
}

archaeo_str archaeo_vector_hits_text(const archaeo_vector_hits* hits, size_t index) {
    return hit_text(hits, index, [](const VectorHit& hit) -> const std::string& { return hit.text; });
}

archaeo_str archaeo_vector_hits_heading(const archaeo_vector_hits* hits, size_t index) {
    return hit_text(hits, index, [](const VectorHit& hit) -> const std::string& { return hit.heading; });
}

uint64_t archaeo_vector_hits_begin(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.core.begin; });
}

uint64_t archaeo_vector_hits_end(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.core.end; });
}

uint64_t archaeo_vector_hits_first_line(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.lines.first; });
}

uint64_t archaeo_vector_hits_last_line(const archaeo_vector_hits* hits, size_t index) {
    return hit_number(hits, index, [](const VectorHit& hit) { return hit.lines.last; });
}

void archaeo_vector_hits_free(archaeo_vector_hits* hits) { free_handle(hits); }

}  // extern "C"
