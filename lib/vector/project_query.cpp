#include <algorithm>
#include <unordered_map>

#include "sql/vector_chunk_by_id.hpp"
#include "sql/vector_chunks_after.hpp"
#include "sql/vector_documents_all.hpp"
#include "sql/vector_documents_of_source.hpp"
#include "vector/bm25.hpp"
#include "vector/document_rows.hpp"
#include "vector/filter.hpp"
#include "vector/int8_vector.hpp"
#include "vector/postings.hpp"
#include "vector/project_file.hpp"
#include "vector/text_reader.hpp"
#include "vector/top.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

// Beyond so many chunks a word in more than half of them is left out of a query that has others: it would change no
// score by more than 0.00001, and is most of the work.
constexpr std::size_t common_words_matter_up_to_chunks = 10'000;

using Candidates = Top<std::int64_t>;  // by chunk id

// The documents a query may look into.
class Admitted {
public:
    static Result<Admitted> find(Connection& connection, const VectorFilter& filter) {
        const DocumentFilter wanted(filter);
        Admitted admitted;
        admitted.all_ = wanted.admits_all();
        if (admitted.all_) return admitted;
        ARCHAEO_ASSIGN(const std::int64_t next, state_value(connection, "next_document"));
        admitted.documents_.resize(static_cast<std::size_t>(next), false);
        if (filter.sources.empty()) {
            Query rows(connection, sql::vector_documents_all);
            ARCHAEO_TRY(admitted.add(rows, wanted));
            return admitted;
        }
        for (const SourceId source : filter.sources) {
            Query rows(connection, sql::vector_documents_of_source);
            ARCHAEO_TRY(admitted.add(rows.bind(":source", source), wanted));
        }
        return admitted;
    }

    [[nodiscard]] bool has(std::int64_t document) const {
        if (document == 0) return false;
        return all_ || (static_cast<std::size_t>(document) < documents_.size() &&
                        documents_[static_cast<std::size_t>(document)]);
    }

private:
    Status add(Query& rows, const DocumentFilter& wanted) {
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, rows.step());
            if (!row) return {};
            const bool admits = wanted.admits(rows.id<SourceId>(1), rows.text(3), rows.text(4), rows.text(5));
            if (admits) documents_[static_cast<std::size_t>(rows.integer(0))] = true;
        }
    }

    bool all_ = true;
    std::vector<bool> documents_;  // by id
};

class WordScores {
public:
    explicit WordScores(const RowCache& rows)
        : rows_(rows),
          average_length_(static_cast<double>(rows.live_length()) / static_cast<double>(rows.live_size())),
          scores_(rows.size(), 0) {}

    [[nodiscard]] bool is_common(std::size_t chunks) const {
        return rows_.live_size() > common_words_matter_up_to_chunks && 2 * chunks > rows_.live_size();
    }

    void add(const std::vector<Posting>& postings) {
        const double idf = bm25_idf(rows_.live_size(), postings.size());
        std::size_t row = 0;
        for (const Posting& posting : postings) {
            row = rows_.seek(row, posting.chunk);
            if (row == rows_.size()) return;
            if (rows_.id(row) != posting.chunk) continue;
            scores_[row] += bm25_term(idf, posting.frequency, rows_.length(row), average_length_);
        }
    }

    [[nodiscard]] Candidates best(const Admitted& admitted, std::size_t wanted) const {
        Candidates best(wanted);
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            if (scores_[row] > 0 && admitted.has(rows_.document(row))) best.add(scores_[row], rows_.id(row));
        }
        return best;
    }

private:
    const RowCache& rows_;
    const double average_length_;
    std::vector<double> scores_;
};

Result<Candidates> by_words(Connection& connection, const RowCache& rows, const Admitted& admitted,
                            const std::vector<std::string>& terms, std::size_t wanted) {
    WordScores scores(rows);
    std::vector<std::vector<Posting>> all;
    bool has_rare = false;
    for (const std::string& term : terms) {
        ARCHAEO_ASSIGN(auto postings, postings_of(connection, term));
        if (postings.empty()) continue;
        has_rare = has_rare || !scores.is_common(postings.size());
        all.push_back(std::move(postings));
    }
    for (const auto& postings : all) {
        if (!has_rare || !scores.is_common(postings.size())) scores.add(postings);
    }
    return scores.best(admitted, wanted);
}

Candidates by_vector(const RowCache& rows, const Admitted& admitted, std::span<const std::int8_t> vector,
                     std::int64_t next_chunk, std::size_t wanted) {
    Candidates best(wanted);
    const std::int32_t squares = dot(vector, vector);
    for (std::size_t row = 0; row < rows.size() && rows.id(row) < next_chunk; ++row) {
        if (rows.squares(row) == 0 || !admitted.has(rows.document(row))) continue;
        best.add(cosine(dot(vector, rows.vector(row)), squares, rows.squares(row)), rows.id(row));
    }
    return best;
}

// For projects whose vectors do not fit in memory.
Result<Candidates> by_vector_in_file(Connection& connection, const Admitted& admitted,
                                     std::span<const std::int8_t> vector, std::size_t wanted) {
    Candidates best(wanted);
    const std::int32_t squares = dot(vector, vector);
    Query rows(connection, sql::vector_chunks_after);
    rows.bind(":after", 0);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return best;
        const std::string_view bytes = rows.bytes(4);
        if (bytes.size() != vector.size() || !admitted.has(rows.integer(1))) continue;
        const std::span stored(reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size());
        best.add(cosine(dot(vector, stored), squares, dot(stored, stored)), rows.integer(0));
    }
}

// Turns chunk ids into hits.
class HitReader {
public:
    HitReader(Connection& connection, TextCodec& codec, ProjectId project)
        : connection_(connection), texts_(connection, codec), project_(project) {}

    // A hit without its text; nothing when the chunk is gone.
    Result<std::optional<VectorHit>> read(std::int64_t chunk, double score) {
        Query row(connection_, sql::vector_chunk_by_id);
        ARCHAEO_ASSIGN(const bool found, row.bind(":id", chunk).step());
        if (!found) return std::optional<VectorHit>();
        const std::int64_t document_id = row.integer(0);
        ARCHAEO_ASSIGN(const Document* document, document_of(document_id));
        if (document == nullptr) return std::optional<VectorHit>();
        const auto number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
        VectorHit hit;
        hit.ordinal = static_cast<std::uint32_t>(row.integer(1));
        hit.id = point_id(*document, hit.ordinal);
        hit.source_id = document->source_id;
        hit.generation = document->generation;
        hit.core = {number(2), number(3)};
        hit.context = {number(4), number(3)};
        hit.lines = {number(5), number(6)};
        hit.heading = row.text(7);
        hit.score = score;
        chunk_document_ = document_id;
        return std::optional(std::move(hit));
    }
    // Of the document of the hit read last.
    [[nodiscard]] std::int64_t document_id() const { return chunk_document_; }

    Status add_text(std::int64_t document, VectorHit& hit) {
        ARCHAEO_ASSIGN(hit.text, texts_.read(document, hit.core));
        return {};
    }

private:
    Result<const Document*> document_of(std::int64_t id) {
        const auto known = documents_.find(id);
        if (known != documents_.end()) return static_cast<const Document*>(&known->second);
        ARCHAEO_ASSIGN(const auto row, document_by_id(connection_, id));
        if (!row) return static_cast<const Document*>(nullptr);
        const Document document{project_, row->source_id, row->generation, {}, {}, {}};
        return static_cast<const Document*>(&documents_.emplace(id, document).first->second);
    }

    Connection& connection_;
    TextReader texts_;
    ProjectId project_;
    std::unordered_map<std::int64_t, Document> documents_;
    std::int64_t chunk_document_ = 0;
};

// Entries best first, the order among equals open: reads as many as are asked for, equals by point id.
Result<std::vector<VectorHit>> read_hits(HitReader& reader, const std::vector<Candidates::Entry>& entries,
                                         const VectorQuery& query) {
    const std::size_t offset = query.offset;
    const std::size_t limit = query.limit;
    struct Read {
        VectorHit hit;
        std::int64_t document;
    };
    std::vector<VectorHit> hits;
    for (std::size_t begin = 0; begin < entries.size() && hits.size() < limit;) {
        std::size_t end = begin + 1;
        while (end < entries.size() && entries[end].score == entries[begin].score) ++end;
        if (end <= offset) {
            begin = end;
            continue;
        }
        std::vector<Read> equals;
        for (std::size_t i = begin; i < end; ++i) {
            ARCHAEO_ASSIGN(auto hit, reader.read(entries[i].key, entries[i].score));
            if (hit) equals.push_back({*std::move(hit), reader.document_id()});
        }
        std::sort(equals.begin(), equals.end(), [](const Read& a, const Read& b) { return a.hit.id < b.hit.id; });
        for (std::size_t i = offset > begin ? offset - begin : 0; i < equals.size() && hits.size() < limit; ++i) {
            if (query.text == HitText::included) ARCHAEO_TRY(reader.add_text(equals[i].document, equals[i].hit));
            hits.push_back(std::move(equals[i].hit));
        }
        begin = end;
    }
    return hits;
}

}  // namespace

Result<std::vector<VectorHit>> ProjectFile::query(const VectorQuery& query) {
    Workspaces::Lease workspace = workspaces_.take();
    const std::size_t wanted = query.offset + query.limit;
    const std::vector<std::string> terms = workspace->analyzer.query_terms(query.words);
    const std::vector<std::int8_t> vector = stored_vector(query.dense);
    if (terms.empty() && vector.empty()) return std::vector<VectorHit>();
    return database_->read([&](Connection& connection) -> Result<std::vector<VectorHit>> {
        ARCHAEO_TRY(refresh_rows(connection));
        ARCHAEO_ASSIGN(const Admitted admitted, Admitted::find(connection, query.filter));
        ARCHAEO_ASSIGN(const std::int64_t next_chunk, state_value(connection, "next_chunk"));
        const auto look = [&]() -> Result<Candidates> {
            const ReaderLock lock(rows_mutex_);
            if (!terms.empty()) return by_words(connection, rows_, admitted, terms, wanted);
            if (rows_.has_vectors()) return by_vector(rows_, admitted, vector, next_chunk, wanted);
            return by_vector_in_file(connection, admitted, vector, wanted);
        };
        ARCHAEO_ASSIGN(Candidates best, look());
        HitReader reader(connection, workspace->codec, project_);
        return read_hits(reader, best.take(), query);
    });
}

Status ProjectFile::add_texts(std::span<VectorHit* const> hits) {
    Workspaces::Lease workspace = workspaces_.take();
    return database_->read([&](Connection& connection) -> Status {
        TextReader texts(connection, workspace->codec);
        for (VectorHit* hit : hits) {
            ARCHAEO_ASSIGN(const StoredExtent stored, stored_extent(connection, hit->source_id, hit->generation));
            if (hit->core.end > stored.bytes) continue;
            ARCHAEO_ASSIGN(hit->text, texts.read(stored.document, hit->core));
        }
        return {};
    });
}

}  // namespace archaeologist
