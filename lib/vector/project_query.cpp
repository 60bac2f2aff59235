#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <unordered_map>

#include "sql/vector_chunk_by_id.hpp"
#include "sql/vector_chunks_after.hpp"
#include "vector/admitted.hpp"
#include "vector/bm25.hpp"
#include "vector/document_rows.hpp"
#include "vector/headings.hpp"
#include "vector/int8_vector.hpp"
#include "vector/project_file.hpp"
#include "vector/text_reader.hpp"
#include "vector/top.hpp"
#include "vector/vector_matrix.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

// Beyond so many chunks a word in more than half of them is left out of a query that has others: it would change no
// score by more than 0.00001, and is most of the work.
constexpr std::size_t common_words_matter_up_to_chunks = 10'000;

using Candidates = Top<std::int64_t>;  // by chunk id

struct Admitted {
    AdmittedDocuments documents;
    AdmittedChunks chunks;

    [[nodiscard]] bool has(const RowCache& rows, std::size_t row) const {
        return documents.has(rows.document(row)) && chunks.has(row);
    }
};

// Analysed words of a query.
struct Words {
    std::vector<QueryWord> words;
    std::span<const PrefixWord> prefixes;
};

// A word of a query, on its way through the rows.
class WordCursor {
public:
    WordCursor(SharedPostings postings, double idf)
        : postings_(std::move(postings)), idf_(idf), chunks_(postings_->chunks) {
        for (const RowList& rows : postings_->higher) higher_.emplace_back(rows);
    }

    // Adds what the word is worth to the scores of rows from `first` on, up to the chunk `limit`. `levels` are 0 and stay so.
    void add(const RowCache& rows, std::size_t first, std::int64_t limit, double average_length,
             std::span<double> scores, std::span<std::uint8_t> levels) {
        const auto visit = [&](RowList::Cursor& cursor, auto at_row) {
            std::size_t row = first;
            cursor.visit_below(limit, [&](std::int64_t chunk) {
                row = rows.seek(row, chunk);
                if (row < rows.size() && rows.id(row) == chunk) at_row(row);
            });
        };
        for (std::size_t i = 0; i < higher_.size(); ++i) {
            visit(higher_[i], [&](std::size_t row) { levels[row - first] = static_cast<std::uint8_t>(i + 1); });
        }
        visit(chunks_, [&](std::size_t row) {
            std::uint8_t& level = levels[row - first];
            scores[row - first] += bm25_term(idf_, bm25_frequencies[level], rows.length(row), average_length);
            level = 0;
        });
    }

private:
    SharedPostings postings_;
    double idf_;
    RowList::Cursor chunks_;
    std::vector<RowList::Cursor> higher_;
};

// Rows are scored by the window, so that their scores stay near.
Candidates best_by_words(const RowCache& rows, const Admitted& admitted, std::vector<WordCursor> words,
                         std::size_t wanted) {
    constexpr std::size_t window_rows = 16'384;
    const double average_length = static_cast<double>(rows.live_length()) / static_cast<double>(rows.live_size());
    std::vector<double> scores(std::min(window_rows, rows.size()));
    std::vector<std::uint8_t> levels(scores.size(), 0);
    Candidates best(wanted);
    for (std::size_t first = 0; first < rows.size(); first += scores.size()) {
        const std::size_t count = std::min(scores.size(), rows.size() - first);
        std::fill(scores.begin(), scores.end(), 0);
        for (WordCursor& word : words) {
            word.add(rows, first, rows.id(first + count - 1) + 1, average_length, scores, levels);
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (scores[i] > 0 && admitted.has(rows, first + i)) best.add(scores[i], rows.id(first + i));
        }
    }
    return best;
}

Result<Candidates> by_words(WordIndex& index, const RowCache& rows, const Admitted& admitted, const Words& words,
                            std::size_t wanted) {
    std::vector<SharedPostings> all;
    for (const QueryWord& word : words.words) {
        ARCHAEO_ASSIGN(all.emplace_back(), index.find(word));
    }
    for (const PrefixWord& prefix : words.prefixes) {
        ARCHAEO_ASSIGN(all.emplace_back(), index.find(prefix));
    }
    // Common ones count where there is nothing else.
    const auto is_common = [&](const SharedPostings& postings) {
        return rows.live_size() > common_words_matter_up_to_chunks && 2 * postings->chunks.size() > rows.live_size();
    };
    const bool has_rare = std::any_of(all.begin(), all.end(), [&](const SharedPostings& postings) {
        return !postings->chunks.empty() && !is_common(postings);
    });
    std::vector<WordCursor> cursors;
    for (SharedPostings& postings : all) {
        if (has_rare && is_common(postings)) continue;
        const double idf = bm25_idf(rows.live_size(), postings->chunks.size());
        cursors.emplace_back(std::move(postings), idf);
    }
    return best_by_words(rows, admitted, std::move(cursors), wanted);
}

// Whether a cosine is at least so much, asked without root and quotient: nearly all vectors are refused. May say yes to
// one that is a little less.
class CosineLimit {
public:
    CosineLimit(double least, std::int32_t squares)
        : signed_square_((least - slack) * std::abs(least - slack) * squares) {}
    [[nodiscard]] bool admits(std::int32_t product, std::int32_t squares) const {
        const auto value = static_cast<double>(product);
        return value * std::abs(value) >= signed_square_ * squares;
    }

private:
    static constexpr double slack = 1e-9;
    double signed_square_;
};

Candidates by_vector(const RowCache& rows, const Admitted& admitted, std::span<const std::int8_t> vector,
                     std::int64_t next_chunk, std::size_t wanted) {
    Candidates best(wanted);
    const MatrixQuery query(vector);
    const std::size_t end = rows.seek(0, next_chunk);
    std::array<std::int32_t, VectorMatrix::tile_rows> products;
    for (std::size_t first = 0; first < end; first += products.size()) {
        rows.vectors().multiply(query, first / products.size(), products);
        const CosineLimit limit(best.threshold(), query.squares());
        const std::size_t count = std::min(products.size(), end - first);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = first + i;
            const std::int32_t squares = rows.squares(row);
            if (!limit.admits(products[i], squares) || squares == 0 || !admitted.has(rows, row)) continue;
            best.add(cosine(products[i], query.squares(), squares), rows.id(row));
        }
    }
    return best;
}

// For projects whose vectors do not fit in memory.
Result<Candidates> by_vector_in_file(Connection& connection, const RowCache& cache, const Admitted& admitted,
                                     std::span<const std::int8_t> vector, std::size_t wanted) {
    Candidates best(wanted);
    const std::int32_t squares = dot(vector, vector);
    Query rows(connection, sql::vector_chunks_after);
    rows.bind(":after", 0);
    std::size_t at = 0;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return best;
        const std::string_view bytes = rows.bytes(5);
        at = cache.seek(at, rows.integer(0));
        const bool is_known = at < cache.size() && cache.id(at) == rows.integer(0);
        if (bytes.size() != vector.size() || !is_known || !admitted.has(cache, at)) continue;
        const std::span stored(reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size());
        best.add(cosine(dot(vector, stored), squares, dot(stored, stored)), rows.integer(0));
    }
}

// Turns chunk ids into hits.
class HitReader {
public:
    using FindDocument = std::function<std::optional<DocumentRow>(std::int64_t)>;

    HitReader(Connection& connection, TextCodec& codec, ProjectId project, FindDocument find_document)
        : connection_(connection),
          texts_(connection, codec),
          project_(project),
          find_document_(std::move(find_document)) {}

    // A hit without its text; nothing when the chunk is gone.
    Result<std::optional<VectorHit>> read(std::int64_t chunk, double score) {
        Query row(connection_, sql::vector_chunk_by_id);
        ARCHAEO_ASSIGN(const bool found, row.bind(":id", chunk).step());
        if (!found) return std::optional<VectorHit>();
        const std::int64_t document_id = row.integer(0);
        const Document* document = document_of(document_id);
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
        ARCHAEO_ASSIGN(hit.headings, unpacked_headings(row.text(8), hit.core.begin, connection_.path()));
        hit.score = score;
        hit.file_type = document->file_type;
        hit.language = document->language;
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
    const Document* document_of(std::int64_t id) {
        const auto known = documents_.find(id);
        if (known != documents_.end()) return &known->second;
        const auto row = find_document_(id);
        if (!row) return nullptr;
        const Document document{project_, row->source_id, row->generation, {}, row->file_type, row->language};
        return &documents_.emplace(id, document).first->second;
    }

    Connection& connection_;
    TextReader texts_;
    ProjectId project_;
    FindDocument find_document_;
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
    const std::vector<std::int8_t> vector = stored_vector(query.dense);
    return database_->read([&](Connection& connection) -> Result<std::vector<VectorHit>> {
        ARCHAEO_TRY(refresh_documents(connection));
        const std::vector<NaturalLanguage> languages = stemmed_in();
        const Words words{workspace->analyzer.query_words(query.words, languages), query.prefixes};
        const bool asks_for_words = !words.words.empty() || !words.prefixes.empty();
        if (!asks_for_words && vector.empty()) return std::vector<VectorHit>();
        ARCHAEO_TRY(refresh_rows(connection));
        ARCHAEO_ASSIGN(const std::int64_t next_chunk, state_value(connection, "next_chunk"));
        ARCHAEO_ASSIGN(WordIndex index, WordIndex::open(connection, postings_));
        const auto look = [&]() -> Result<Candidates> {
            const ReaderLock lock(rows_mutex_);
            ARCHAEO_ASSIGN(auto chunks, AdmittedChunks::find(connection, index, rows_, workspace->analyzer, languages,
                                                             query.condition));
            const Admitted admitted{AdmittedDocuments(documents_, query.filter), std::move(chunks)};
            if (asks_for_words) return by_words(index, rows_, admitted, words, wanted);
            if (rows_.has_vectors()) return by_vector(rows_, admitted, vector, next_chunk, wanted);
            return by_vector_in_file(connection, rows_, admitted, vector, wanted);
        };
        ARCHAEO_ASSIGN(Candidates best, look());
        HitReader reader(connection, workspace->codec, project_, [this](std::int64_t id) {
            const ReaderLock lock(rows_mutex_);
            const DocumentRow* document = documents_.find(id);
            return document == nullptr ? std::optional<DocumentRow>() : std::optional(*document);
        });
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
