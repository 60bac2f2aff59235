#include "vector/project_file.hpp"

#include <algorithm>
#include <array>

#include "sql/vector_001_schema.hpp"
#include "sql/vector_002_signatures.hpp"
#include "sql/vector_003_longer_signatures.hpp"
#include "sql/vector_004_borders.hpp"
#include "sql/vector_005_headings.hpp"
#include "sql/vector_chunk_insert.hpp"
#include "sql/vector_chunks_from.hpp"
#include "sql/vector_chunks_page.hpp"
#include "sql/vector_document_insert.hpp"
#include "sql/vector_document_resize.hpp"
#include "sql/vector_generations_after.hpp"
#include "sql/vector_segment_insert.hpp"
#include "sql/vector_signature_insert.hpp"
#include "sql/vector_vector_insert.hpp"
#include "sql/vector_words_insert.hpp"
#include "sql/vector_words_set.hpp"
#include "vector/document_rows.hpp"
#include "vector/fts5.hpp"
#include "vector/headings.hpp"
#include "vector/points.hpp"
#include "vector/text_reader.hpp"

namespace archaeologist {
namespace {

using sqlite::Bytes;
using sqlite::Connection;
using sqlite::Query;

constexpr std::array migrations = {
    sqlite::Migration{1, sql::vector_001_schema}, sqlite::Migration{2, sql::vector_002_signatures},
    sqlite::Migration{3, sql::vector_003_longer_signatures}, sqlite::Migration{4, sql::vector_004_borders},
    sqlite::Migration{5, sql::vector_005_headings}};
constexpr int attempts_max = 16;  // of a write that another thread's write to the same document overtook

struct IndexSetting {
    const char* name;
    int value;
};
constexpr std::array index_settings = {IndexSetting{"pgsz", 4'000}, IndexSetting{"automerge", 8},
                                       IndexSetting{"crisismerge", 32}};

Status prepare_connection(sqlite3* db) {
    ARCHAEO_TRY(register_fts5(db));
    const int result =
        sqlite3_exec(db, "PRAGMA page_size = 4096; PRAGMA cache_size = -16384", nullptr, nullptr, nullptr);
    if (result == SQLITE_OK) return {};
    return sqlite::error_of(db, result, sqlite3_db_filename(db, "main"), "open");
}

Status apply_index_settings(Connection& connection) {
    for (const IndexSetting& setting : index_settings) {
        Query statement(connection, sql::vector_words_set);
        ARCHAEO_TRY(statement.bind(":name", setting.name).bind(":value", setting.value).run());
    }
    return {};
}

Result<std::int64_t> insert_document(Connection& connection, const Document& document) {
    ARCHAEO_ASSIGN(const std::int64_t id, state_value(connection, "next_document"));
    ARCHAEO_TRY(set_state_value(connection, "next_document", id + 1));
    ARCHAEO_TRY(Query(connection, sql::vector_document_insert)
                    .bind(":id", id)
                    .bind(":source", document.source_id)
                    .bind(":generation", document.generation)
                    .bind(":name", document.source_name)
                    .bind(":file_type", document.file_type)
                    .bind(":language", document.language)
                    .run());
    return id;
}

Status insert_chunk(Connection& connection, std::int64_t document, std::int64_t id, const PreparedPoint& prepared) {
    const Point& point = *prepared.point;
    ARCHAEO_TRY(Query(connection, sql::vector_chunk_insert)
                    .bind(":id", id)
                    .bind(":document", document)
                    .bind(":ordinal", point.ordinal)
                    .bind(":core_begin", point.core.begin)
                    .bind(":core_end", point.core.end)
                    .bind(":context_begin", point.context.begin)
                    .bind(":line_first", point.lines.first)
                    .bind(":line_last", point.lines.last)
                    .bind(":terms", prepared.terms.length)
                    .bind(":heading", point.heading)
                    .bind(":headings", packed_headings(point.headings, point.core.begin))
                    .run());
    ARCHAEO_TRY(
        Query(connection, sql::vector_words_insert).bind(":chunk", id).bind(":terms", prepared.terms.packed).run());
    if (prepared.vector.empty()) return {};
    return Query(connection, sql::vector_vector_insert)
        .bind(":chunk", id)
        .bind(":value", Bytes{bytes_of(prepared.vector)})
        .run();
}

// The end of what is stored, a character of it at least, after the points' contexts were found to be the same as it.
Result<std::string> matching_text_before(Connection& connection, TextCodec& codec, const Document& document,
                                         std::int64_t id, std::span<const Point> points) {
    constexpr std::uint64_t character_bytes_max = 4;
    const std::uint64_t end = points.front().core.begin;
    const std::uint64_t begin = std::min(contexts_begin(points), end - std::min(end, character_bytes_max));
    ARCHAEO_ASSIGN(std::string before, TextReader(connection, codec).read(id, {begin, end}));
    ARCHAEO_TRY(validate_contexts(document, points, before));
    return before;
}

// On the writer thread. False: what is stored of the document does not end where these points begin.
Result<bool> append(Connection& connection, TextCodec& codec, const Document& document, std::span<const Point> points,
                    const PreparedPoints& prepared) {
    const Point& first = points.front();
    const Point& last = points.back();
    ARCHAEO_ASSIGN(StoredExtent stored, stored_extent(connection, document.source_id, document.generation));
    if (stored.points != first.ordinal || stored.bytes != first.core.begin) return false;
    ARCHAEO_ASSIGN(const std::string before,
                   matching_text_before(connection, codec, document, stored.document, points));
    if (stored.document == 0) {
        ARCHAEO_ASSIGN(stored.document, insert_document(connection, document));
    }
    ARCHAEO_ASSIGN(std::int64_t chunk, state_value(connection, "next_chunk"));
    for (const PreparedPoint& point : prepared.points) {
        ARCHAEO_TRY(insert_chunk(connection, stored.document, chunk++, point));
    }
    ARCHAEO_TRY(set_state_value(connection, "next_chunk", chunk));
    for (const PreparedSegment& segment : prepared.segments) {
        ARCHAEO_TRY(Query(connection, sql::vector_segment_insert)
                        .bind(":document", stored.document)
                        .bind(":begin", segment.begin)
                        .bind(":size", segment.size)
                        .bind(":content", Bytes{segment.frame})
                        .run());
        ARCHAEO_TRY(Query(connection, sql::vector_signature_insert)
                        .bind(":document", stored.document)
                        .bind(":begin", segment.begin)
                        .bind(":size", segment.size)
                        .bind(":bits", Bytes{segment.signature.bits})
                        .bind(":head", Bytes{segment.signature.head})
                        .bind(":tail", Bytes{segment.signature.tail})
                        .run());
    }
    ARCHAEO_TRY(Query(connection, sql::vector_document_resize)
                    .bind(":id", stored.document)
                    .bind(":points", last.ordinal + std::uint64_t{1})
                    .bind(":bytes", last.core.end)
                    .bind(":cuts_words", prepared.cuts_words || cuts_word(before, core_text(first)) ? 1 : 0)
                    .run());
    return true;
}

// Whether a row of chunks_from is this point.
Result<bool> is_stored_as(const Query& row, TextReader& texts, std::int64_t document, const Point& point) {
    const auto number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    const bool same_place =
        number(1) == point.ordinal && number(2) == point.core.begin && number(3) == point.core.end &&
        number(4) == point.context.begin && number(5) == point.lines.first && number(6) == point.lines.last &&
        row.text(7) == point.heading && row.text(9) == packed_headings(point.headings, point.core.begin);
    if (!same_place || row.bytes(8) != bytes_of(stored_vector(point.dense))) return false;
    ARCHAEO_ASSIGN(const std::string core, texts.read(document, point.core));
    return core == core_text(point);
}

}  // namespace

ProjectFile::ProjectFile(ProjectId project, const EmbeddedOptions& options, Workspaces& workspaces)
    : project_(project),
      options_(options),
      workspaces_(workspaces),
      rows_(options.dimension, options.vector_cache_bytes_max) {}

Result<std::unique_ptr<ProjectFile>> ProjectFile::open(const std::string& path, ProjectId project,
                                                       const EmbeddedOptions& options, Workspaces& workspaces) {
    std::unique_ptr<ProjectFile> file(new ProjectFile(project, options, workspaces));
    ARCHAEO_ASSIGN(file->database_, sqlite::Database::open({path, {}, migrations, prepare_connection}));
    ARCHAEO_TRY(file->check_dimension());
    return file;
}

// A new file takes the dimension of its first user.
Status ProjectFile::check_dimension() {
    const auto wanted = static_cast<std::int64_t>(options_.dimension);
    const auto take_dimension = [&](Connection& connection) -> Result<std::int64_t> {
        ARCHAEO_ASSIGN(const std::int64_t now, state_value(connection, "dimension"));
        if (now != 0) return now;
        ARCHAEO_TRY(apply_index_settings(connection));
        ARCHAEO_TRY(set_state_value(connection, "dimension", wanted));
        return wanted;
    };
    ARCHAEO_ASSIGN(std::int64_t stored,
                   database_->read([](Connection& connection) { return state_value(connection, "dimension"); }));
    if (stored == 0) {
        ARCHAEO_ASSIGN(stored, database_->write(take_dimension));
    }
    if (stored == wanted) return {};
    return Error{Code::incompatible, database_->path() + " holds vectors of " + std::to_string(stored) +
                                         " dimensions, the model in use gives " + std::to_string(wanted) +
                                         "; use the model it was made with, or another data folder"};
}

Status ProjectFile::upsert(const Document& document, std::span<const Point> points) {
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        if (points.empty()) return {};
        Workspaces::Lease workspace = workspaces_.take();
        ARCHAEO_ASSIGN(const PreparedPoints prepared, prepare(*workspace, document, points));
        ARCHAEO_ASSIGN(const bool done, database_->write([&](Connection& connection) {
            return append(connection, workspace->codec, document, points, prepared);
        }));
        if (done) return {};
        ARCHAEO_ASSIGN(points, without_stored(document, points));
    }
    return Error{Code::unavailable, database_->path() + ": source " + std::to_string(to_integer(document.source_id)) +
                                        ": others keep writing the same generation"};
}

// Of points that do not follow what is stored: those that are not stored yet. What is stored otherwise is taken away.
Result<std::span<const Point>> ProjectFile::without_stored(const Document& document, std::span<const Point> points) {
    const auto compare_all = [&](Connection& connection) { return compare(connection, document, points); };
    ARCHAEO_ASSIGN(const Comparison comparison, database_->read(compare_all));
    const auto rest = points.subspan(comparison.same);
    if (!rest.empty() && !comparison.reaches_end) {
        ARCHAEO_TRY(cut(document.source_id, document.generation, rest.front().core.begin));
    }
    return rest;
}

Result<ProjectFile::Comparison> ProjectFile::compare(Connection& connection, const Document& document,
                                                     std::span<const Point> points) {
    const Point& first = points.front();
    ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, document.source_id, document.generation));
    if (first.ordinal == stored.points && first.core.begin == stored.bytes) return Comparison{0, true};
    Workspaces::Lease workspace = workspaces_.take();
    TextReader texts(connection, workspace->codec);
    Query rows(connection, sql::vector_chunks_from);
    rows.bind(":document", stored.document).bind(":begin", first.core.begin).bind(":limit", points.size());
    for (std::size_t same = 0; same < points.size(); ++same) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row && same > 0) return Comparison{same, true};
        const bool has_place = row && rows.integer(1) == static_cast<std::int64_t>(points[same].ordinal) &&
                               rows.integer(2) == static_cast<std::int64_t>(points[same].core.begin);
        if (!has_place && same == 0) return points_out_of_order(document, first, stored.points, stored.bytes);
        if (same == 0) {
            ARCHAEO_TRY(matching_text_before(connection, workspace->codec, document, stored.document, points));
        }
        ARCHAEO_ASSIGN(const bool is_same, is_stored_as(rows, texts, stored.document, points[same]));
        if (!is_same) return Comparison{same, false};
    }
    return Comparison{points.size(), true};
}

Result<std::uint64_t> ProjectFile::count(SourceId source, const GenerationId& generation) {
    return database_->read([&](Connection& connection) -> Result<std::uint64_t> {
        ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, source, generation));
        return stored.points;
    });
}

Result<std::vector<StoredChunk>> ProjectFile::chunks(SourceId source, const GenerationId& generation,
                                                     std::uint64_t first_ordinal, std::size_t limit) {
    Workspaces::Lease workspace = workspaces_.take();
    return database_->read([&](Connection& connection) -> Result<std::vector<StoredChunk>> {
        std::vector<StoredChunk> page;
        ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, source, generation));
        if (first_ordinal >= stored.points) return page;
        const Document document{project_, source, generation, {}, {}, {}};
        TextReader texts(connection, workspace->codec);
        Query rows(connection, sql::vector_chunks_page);
        rows.bind(":document", stored.document).bind(":first", first_ordinal).bind(":limit", limit);
        const auto number = [&](int column) { return static_cast<std::uint64_t>(rows.integer(column)); };
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, rows.step());
            if (!row) return page;
            StoredChunk chunk;
            chunk.ordinal = static_cast<std::uint32_t>(number(0));
            chunk.id = point_id(document, chunk.ordinal);
            chunk.core = {number(1), number(2)};
            chunk.lines = {number(3), number(4)};
            chunk.heading = rows.text(5);
            ARCHAEO_ASSIGN(chunk.text, texts.read(stored.document, chunk.core));
            page.push_back(std::move(chunk));
        }
    });
}

Result<std::vector<StoredGeneration>> ProjectFile::generations(const std::optional<StoredGeneration>& after,
                                                               std::size_t limit) {
    return database_->read([&](Connection& connection) -> Result<std::vector<StoredGeneration>> {
        const StoredGeneration from = after.value_or(StoredGeneration{SourceId{INT64_MIN}, {}});
        Query rows(connection, sql::vector_generations_after);
        rows.bind(":source", from.source_id).bind(":generation", from.generation).bind(":limit", limit);
        std::vector<StoredGeneration> found;
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, rows.step());
            if (!row) return found;
            found.push_back({rows.id<SourceId>(0), GenerationId(rows.uuid(1))});
        }
    });
}

// A look first: most queries find nothing new, and should not wait for each other.
Status ProjectFile::refresh_rows(Connection& connection) {
    {
        const ReaderLock lock(rows_mutex_);
        ARCHAEO_ASSIGN(const bool is_fresh, rows_.is_fresh(connection));
        if (is_fresh) return {};
    }
    const WriterLock lock(rows_mutex_);
    return rows_.refresh(connection);
}

Status ProjectFile::refresh_documents(Connection& connection) {
    {
        const ReaderLock lock(rows_mutex_);
        ARCHAEO_ASSIGN(const bool is_fresh, documents_.is_fresh(connection));
        if (is_fresh) return {};
    }
    const WriterLock lock(rows_mutex_);
    return documents_.refresh(connection);
}

}  // namespace archaeologist
