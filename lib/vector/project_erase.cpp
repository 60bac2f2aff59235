#include <algorithm>

#include "sql/vector_chunk_delete.hpp"
#include "sql/vector_chunks_last.hpp"
#include "sql/vector_document_delete.hpp"
#include "sql/vector_document_resize.hpp"
#include "sql/vector_erasure_insert.hpp"
#include "sql/vector_erasures_prune.hpp"
#include "sql/vector_segment_cut.hpp"
#include "sql/vector_segments_delete.hpp"
#include "sql/vector_vector_delete.hpp"
#include "sql/vector_words_delete.hpp"
#include "vector/document_rows.hpp"
#include "vector/headings.hpp"
#include "vector/points.hpp"
#include "vector/project_file.hpp"
#include "vector/text_reader.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::size_t step_chunks_max = 500;  // in one write, so that others get their turn
constexpr int erasures_kept = 4'096;
constexpr int overtaken_max = 64;

// Some last chunks of a document, with the terms that FTS5 must be told to forget.
struct Step {
    struct Chunk {
        std::int64_t id;
        std::string terms;
    };
    StoredExtent before;
    std::uint64_t points_after = 0;
    std::uint64_t bytes_after = 0;
    std::vector<Chunk> chunks;
};

Result<Step> read_step(Connection& connection, Workspace& workspace, const StoredExtent& stored,
                       std::uint64_t bytes_kept) {
    Step step{stored, stored.points, stored.bytes, {}};
    ARCHAEO_ASSIGN(const auto document, document_by_id(connection, stored.document));
    if (!document) return Error{Code::corrupt, connection.path() + ": a document is missing"};
    const NaturalLanguage language = stemming_of(document->language);
    TextReader texts(connection, workspace.codec);
    Query rows(connection, sql::vector_chunks_last);
    rows.bind(":document", stored.document).bind(":begin", bytes_kept).bind(":limit", step_chunks_max);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) break;
        const ByteRange context{static_cast<std::uint64_t>(rows.integer(4)),
                                static_cast<std::uint64_t>(rows.integer(3))};
        ARCHAEO_ASSIGN(const std::string text, texts.read(stored.document, context));
        ARCHAEO_ASSIGN(const auto headings, unpacked_headings(rows.text(6), 0, connection.path()));
        const std::string header = header_text(document->name, rows.text(5), headings);
        step.chunks.push_back({rows.integer(0), make_index_terms(workspace.analyzer, header, text, language).packed});
        step.points_after = static_cast<std::uint64_t>(rows.integer(1));
        step.bytes_after = static_cast<std::uint64_t>(rows.integer(2));
    }
    return step;
}

Status forget_chunk(Connection& connection, const Step::Chunk& chunk) {
    ARCHAEO_TRY(Query(connection, sql::vector_words_delete).bind(":chunk", chunk.id).bind(":terms", chunk.terms).run());
    return Query(connection, sql::vector_vector_delete).bind(":chunk", chunk.id).run();
}

// On the writer thread. False: the document changed since the step was read.
Result<bool> write_step(Connection& connection, SourceId source, const GenerationId& generation, const Step& step) {
    ARCHAEO_ASSIGN(const StoredExtent now, stored_extent(connection, source, generation));
    if (now.document != step.before.document || now.points != step.before.points) return false;
    for (const Step::Chunk& chunk : step.chunks) {
        ARCHAEO_TRY(Query(connection, sql::vector_chunk_delete).bind(":id", chunk.id).run());
        // The last chunk is the first here: while it is the same one, so is everything before it.
        if (connection.changes() == 0) return false;
        ARCHAEO_TRY(forget_chunk(connection, chunk));
    }
    const auto with_place = [&](const char* statement, const char* name) {
        return Query(connection, statement).bind(":document", now.document).bind(name, step.bytes_after).run();
    };
    ARCHAEO_TRY(with_place(sql::vector_segments_delete, ":begin"));
    ARCHAEO_TRY(with_place(sql::vector_segment_cut, ":end"));
    if (step.points_after == 0) {
        ARCHAEO_TRY(Query(connection, sql::vector_document_delete).bind(":id", now.document).run());
    } else {
        ARCHAEO_TRY(Query(connection, sql::vector_document_resize)
                        .bind(":id", now.document)
                        .bind(":points", step.points_after)
                        .bind(":bytes", step.bytes_after)
                        .bind(":cuts_words", 0)
                        .run());
    }
    ARCHAEO_TRY(Query(connection, sql::vector_erasure_insert)
                    .bind(":document", now.document)
                    .bind(":points", step.points_after)
                    .run());
    ARCHAEO_TRY(Query(connection, sql::vector_erasures_prune).bind(":keep", erasures_kept).run());
    return true;
}

}  // namespace

Status ProjectFile::erase(SourceId source, const GenerationId& generation) { return cut(source, generation, 0); }

// Takes away, from the end, every chunk whose core begins at `bytes_kept` or behind it.
Status ProjectFile::cut(SourceId source, const GenerationId& generation, std::uint64_t bytes_kept) {
    for (int overtaken = 0; overtaken < overtaken_max;) {
        Workspaces::Lease workspace = workspaces_.take();
        ARCHAEO_ASSIGN(const Step step, database_->read([&](Connection& connection) -> Result<Step> {
            ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, source, generation));
            if (stored.document == 0) return Step{};
            return read_step(connection, *workspace, stored, bytes_kept);
        }));
        if (step.chunks.empty()) return {};
        ARCHAEO_ASSIGN(const bool done, database_->write([&](Connection& connection) {
            return write_step(connection, source, generation, step);
        }));
        if (!done) ++overtaken;
    }
    return Error{Code::unavailable, database_->path() + ": source " + std::to_string(to_integer(source)) +
                                        ": others keep writing a generation that is to be erased"};
}

}  // namespace archaeologist
