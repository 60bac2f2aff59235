// One project's chunks in one SQLite file. See 001_schema.sql for what lies where.
//
// The caller's thread validates, analyses and compresses; the writer thread only stores rows. Large erasures go in small
// steps, from a document's end, so that what is stored of it is at any moment a whole beginning of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "sqlite/database.hpp"
#include "vector/document_table.hpp"
#include "vector/postings.hpp"
#include "vector/prepared.hpp"
#include "vector/row_cache.hpp"
#include "vector/text_parts.hpp"

namespace archaeologist {

struct EmbeddedOptions {
    std::size_t dimension = 0;
    std::size_t vector_cache_bytes_max = 512 << 20;  // a project; larger ones are scanned from the file
};

// Thread-safe. Arguments are validated by the caller (vector/points.hpp).
class ProjectFile {
public:
    // Errors: incompatible (another dimension, a newer schema), corrupt, storage_full, permission_denied, io_error.
    [[nodiscard]] static Result<std::unique_ptr<ProjectFile>> open(const std::string& path, ProjectId project,
                                                                   const EmbeddedOptions& options,
                                                                   Workspaces& workspaces);

    [[nodiscard]] Status upsert(const Document& document, std::span<const Point> points);
    [[nodiscard]] Status erase(SourceId source, const GenerationId& generation);
    [[nodiscard]] Result<std::uint64_t> count(SourceId source, const GenerationId& generation);
    [[nodiscard]] Result<std::vector<StoredChunk>> chunks(SourceId source, const GenerationId& generation,
                                                          std::uint64_t first_ordinal, std::size_t limit);
    [[nodiscard]] Result<StoredPoints> points(SourceId source, const GenerationId& generation,
                                              std::uint64_t first_ordinal, std::size_t limit);
    [[nodiscard]] Result<std::vector<StoredGeneration>> generations(const std::optional<StoredGeneration>& after,
                                                                    std::size_t limit);
    [[nodiscard]] Result<std::vector<VectorHit>> query(const VectorQuery& query);
    [[nodiscard]] Result<TermCounts> count_terms(std::span<const std::string> terms);
    [[nodiscard]] Result<std::vector<std::string>> languages();
    [[nodiscard]] Status add_texts(std::span<VectorHit* const> hits);
    [[nodiscard]] Result<LiteralReply> find(const LiteralQuery& query);

private:
    static constexpr std::size_t postings_cache_bytes_max = 16 << 20;

    ProjectFile(ProjectId project, const EmbeddedOptions& options, Workspaces& workspaces);
    [[nodiscard]] Status check_dimension();
    // How many points are stored already as they are, and whether nothing is stored behind these.
    struct Comparison {
        std::size_t same = 0;
        bool reaches_end = false;
    };
    [[nodiscard]] Result<Comparison> compare(sqlite::Connection& connection, const Document& document,
                                             std::span<const Point> points);
    [[nodiscard]] Result<std::span<const Point>> without_stored(const Document& document,
                                                                std::span<const Point> points);
    [[nodiscard]] Status cut(SourceId source, const GenerationId& generation, std::uint64_t bytes_kept);
    using DocumentIds = std::unordered_set<std::int64_t>;
    // Where the literal may stand, as far as its words and signatures tell.
    [[nodiscard]] Result<TextParts> parts_to_read(sqlite::Connection& connection, const LiteralQuery& query,
                                                  std::span<const QueryWord> words);
    [[nodiscard]] Result<RowList> chunks_near(sqlite::Connection& connection, std::span<const QueryWord> words,
                                              std::uint64_t bytes);
    [[nodiscard]] bool are_few(const RowList& chunks);
    [[nodiscard]] DocumentIds documents_of(const RowList& chunks);
    struct DocumentsToLookAt {
        std::vector<std::int64_t> ids;
        std::size_t of_all = 0;
    };
    [[nodiscard]] DocumentsToLookAt documents_to_look_at(const VectorFilter& filter,
                                                         const std::optional<DocumentIds>& candidates);
    [[nodiscard]] std::vector<DocumentRow> documents_of(const TextParts& parts);
    [[nodiscard]] Status refresh_rows(sqlite::Connection& connection);
    [[nodiscard]] Status refresh_documents(sqlite::Connection& connection);
    [[nodiscard]] std::vector<NaturalLanguage> stemmed_in();

    ProjectId project_;
    EmbeddedOptions options_;
    Workspaces& workspaces_;
    std::unique_ptr<sqlite::Database> database_;
    PostingsCache postings_{postings_cache_bytes_max};
    SharedMutex rows_mutex_;
    RowCache rows_ ARCHAEO_GUARDED_BY(rows_mutex_);
    DocumentTable documents_ ARCHAEO_GUARDED_BY(rows_mutex_);
};

}  // namespace archaeologist
