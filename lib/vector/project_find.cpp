#include <algorithm>
#include <optional>
#include <unordered_set>

#include "sql/vector_chunk_at.hpp"
#include "sql/vector_documents_cutting_words.hpp"
#include "text/lines.hpp"
#include "vector/document_rows.hpp"
#include "vector/filter.hpp"
#include "vector/headings.hpp"
#include "vector/interior_terms.hpp"
#include "vector/project_file.hpp"
#include "vector/signature.hpp"
#include "vector/text_parts.hpp"
#include "vector/text_reader.hpp"
#include "vector/text_scanner.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::size_t narrowing_words_max = 3;
using DocumentIds = std::unordered_set<std::int64_t>;

constexpr std::size_t few_documents = 32;        // are read at once rather than narrowed down further
constexpr std::size_t chunks_read_at_once = 64;  // the same
constexpr std::size_t few_of_all = 100;          // such a part of the chunks is looked up while all signatures are read

class LiteralSearch {
public:
    LiteralSearch(Connection& connection, Workspace& workspace, const LiteralQuery& query, TextScanner& scanner)
        : connection_(connection),
          query_(query),
          texts_(connection, workspace.codec),
          chunk_texts_(connection, workspace.codec),
          scanner_(scanner) {}

    // Documents by source, then by generation. Whether one is accepted is asked of those only that may have matches.
    Result<LiteralReply> run(const std::vector<DocumentRow>& documents, const TextParts& parts) {
        for (const DocumentRow& document : documents) {
            if (query_.accept && !query_.accept(document.source_id, document.generation)) continue;
            ARCHAEO_TRY(scan(document, parts.at(document.id)));
        }
        return std::move(reply_);
    }

private:
    Status scan(const DocumentRow& document, const std::vector<TextPart>& parts) {
        std::vector<ByteRange> found;
        std::uint64_t begin = 0;
        const auto take = [&](const std::vector<ByteRange>& ranges) {
            reply_.total_found += ranges.size();
            std::size_t room = query_.limit - reply_.matches.size() - found.size();
            for (auto range = ranges.begin(); range != ranges.end() && room > 0; ++range, --room) {
                found.push_back({begin + range->begin, begin + range->end});
            }
        };
        for (const TextPart& part : parts) {
            begin = part.first;
            scanner_.restart();
            ARCHAEO_TRY(texts_.walk(document.id, part, [&](std::string_view piece) { take(scanner_.push(piece)); }));
            take(scanner_.finish());
        }
        return add_matches(document, found);
    }

    Status add_matches(const DocumentRow& document, const std::vector<ByteRange>& found) {
        std::size_t chunks = 0;
        for (const ByteRange& range : found) {
            const bool is_same_chunk = chunks > 0 && range.begin < reply_.matches.back().core.end;
            if (!is_same_chunk && query_.chunks_per_document != 0 && chunks == query_.chunks_per_document) return {};
            if (!is_same_chunk) {
                ++chunks;
                ARCHAEO_TRY(open_chunk(document, range));
            } else {
                reply_.matches.push_back(reply_.matches.back());
            }
            place(range, reply_.matches.back());
        }
        return {};
    }

    void place(const ByteRange& range, LiteralMatch& match) const {
        match.match = range;
        match.heading = heading_at(range.begin, heading_, headings_);
        const auto before = static_cast<std::size_t>(range.begin - match.core.begin);
        match.line = match.lines.first + count_newlines(std::string_view(match.text).substr(0, before));
    }

    Status open_chunk(const DocumentRow& document, const ByteRange& range) {
        Query chunk(connection_, sql::vector_chunk_at);
        ARCHAEO_ASSIGN(const bool found, chunk.bind(":document", document.id).bind(":at", range.begin).step());
        const auto number = [&](int column) { return static_cast<std::uint64_t>(chunk.integer(column)); };
        if (!found || number(2) <= range.begin) {
            return Error{Code::corrupt, connection_.path() + ": document " + std::to_string(document.id) +
                                            " has text but no chunk at byte " + std::to_string(range.begin)};
        }
        LiteralMatch match;
        match.source_id = document.source_id;
        match.generation = document.generation;
        match.ordinal = static_cast<std::uint32_t>(number(0));
        match.core = {number(1), number(2)};
        match.lines = {number(3), number(4)};
        heading_ = chunk.text(5);
        ARCHAEO_ASSIGN(headings_, unpacked_headings(chunk.text(6), match.core.begin, connection_.path()));
        match.file_type = document.file_type;
        ARCHAEO_ASSIGN(match.text, chunk_texts_.read(document.id, match.core));
        reply_.matches.push_back(std::move(match));
        return {};
    }

    Connection& connection_;
    const LiteralQuery& query_;
    TextReader texts_;
    TextReader chunk_texts_;
    TextScanner& scanner_;
    LiteralReply reply_;
    // Of the chunk whose match came last.
    std::string heading_;
    std::vector<Heading> headings_;
};

DocumentIds documents_in(const RowList& chunks, const RowCache& rows) {
    DocumentIds documents;
    std::int64_t last = 0;
    rows.for_each(chunks, [&](std::size_t row) {
        const std::int64_t document = rows.document(row);
        if (document == 0 || document == last) return;
        documents.insert(document);
        last = document;  // a document's chunks follow each other
    });
    return documents;
}

// Those of the chunks that have another one near them, or are one of them.
RowList near(const RowList& chunks, const RowList& others, const RowCache& rows, std::uint64_t bytes) {
    const std::vector<bool> is_other = rows.marked(others);
    RowList found;
    rows.for_each(chunks, [&](std::size_t row) {
        if (rows.any_near(row, bytes, [&](std::size_t at) { return is_other[at]; })) found.append(rows.id(row));
    });
    return found;
}

// Few documents are read at once.
Result<TextParts> parts_of(Connection& connection, const LiteralQuery& query, const std::vector<std::int64_t>& ids,
                           std::size_t all_documents) {
    if (ids.size() > few_documents) return find_text_parts(connection, query, ids, all_documents);
    TextParts parts;
    for (const std::int64_t id : ids) parts[id] = {whole_text};
    return parts;
}

Result<DocumentIds> documents_cutting_words(Connection& connection) {
    Query rows(connection, sql::vector_documents_cutting_words);
    DocumentIds ids;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return ids;
        ids.insert(rows.integer(0));
    }
}

}  // namespace

Result<LiteralReply> ProjectFile::find(const LiteralQuery& query) {
    Workspaces::Lease workspace = workspaces_.take();
    ARCHAEO_ASSIGN(const auto scanner, make_scanner(query));
    return database_->read([&](Connection& connection) -> Result<LiteralReply> {
        ARCHAEO_TRY(refresh_documents(connection));
        std::vector<QueryWord> words;
        if (query.pattern == TextPattern::literal) {
            words = interior_words(workspace->analyzer, query.text, query.letter_case, stemmed_in());
            words.resize(std::min(words.size(), narrowing_words_max));
        }
        ARCHAEO_ASSIGN(const TextParts parts, parts_to_read(connection, query, words));
        return LiteralSearch(connection, *workspace, query, *scanner).run(documents_of(parts), parts);
    });
}

Result<TextParts> ProjectFile::parts_to_read(Connection& connection, const LiteralQuery& query,
                                             std::span<const QueryWord> words) {
    if (words.empty()) {
        const DocumentsToLookAt documents = documents_to_look_at(query.filter, {});
        return parts_of(connection, query, documents.ids, documents.of_all);
    }
    const std::uint64_t bytes_max = fold_growth_max * query.text.size();
    ARCHAEO_ASSIGN(const RowList chunks, chunks_near(connection, words, bytes_max));
    ARCHAEO_ASSIGN(const DocumentIds unsure, documents_cutting_words(connection));
    DocumentIds candidates = documents_of(chunks);
    candidates.insert(unsure.begin(), unsure.end());
    DocumentsToLookAt documents = documents_to_look_at(query.filter, candidates);
    if (!are_few(chunks)) return parts_of(connection, query, documents.ids, documents.of_all);
    const auto sure = std::partition(documents.ids.begin(), documents.ids.end(),
                                     [&](std::int64_t id) { return unsure.contains(id); });
    ARCHAEO_ASSIGN(TextParts parts,
                   find_text_parts_around(connection, query, chunks, DocumentIds(sure, documents.ids.end())));
    documents.ids.erase(sure, documents.ids.end());
    ARCHAEO_ASSIGN(TextParts unsure_parts, parts_of(connection, query, documents.ids, documents.of_all));
    parts.merge(unsure_parts);
    return parts;
}

// Those with the first of the words that have all of the others within reach.
Result<RowList> ProjectFile::chunks_near(Connection& connection, std::span<const QueryWord> words,
                                         std::uint64_t bytes) {
    ARCHAEO_TRY(refresh_rows(connection));
    ARCHAEO_ASSIGN(WordIndex index, WordIndex::open(connection, postings_));
    ARCHAEO_ASSIGN(RowList found, index.chunks_with_any(words[0]));
    for (std::size_t i = 1; i < words.size() && found.size() > chunks_read_at_once; ++i) {
        ARCHAEO_ASSIGN(const RowList others, index.chunks_with_any(words[i]));
        const ReaderLock lock(rows_mutex_);
        found = near(found, others, rows_, bytes);
    }
    return found;
}

bool ProjectFile::are_few(const RowList& chunks) {
    const ReaderLock lock(rows_mutex_);
    return chunks.size() <= std::max(chunks_read_at_once, rows_.live_size() / few_of_all);
}

ProjectFile::DocumentIds ProjectFile::documents_of(const RowList& chunks) {
    const ReaderLock lock(rows_mutex_);
    return documents_in(chunks, rows_);
}

ProjectFile::DocumentsToLookAt ProjectFile::documents_to_look_at(const VectorFilter& filter,
                                                                 const std::optional<DocumentIds>& candidates) {
    const DocumentFilter wanted(filter);
    DocumentsToLookAt found;
    const ReaderLock lock(rows_mutex_);
    documents_.for_each([&](const DocumentRow& document) {
        ++found.of_all;
        if (candidates && !candidates->contains(document.id)) return;
        if (!wanted.admits(document.source_id, document.name, document.file_type, document.language)) return;
        found.ids.push_back(document.id);
    });
    return found;
}

// In the order of a reply.
std::vector<DocumentRow> ProjectFile::documents_of(const TextParts& parts) {
    std::vector<DocumentRow> documents;
    {
        const ReaderLock lock(rows_mutex_);
        for (const auto& [id, part] : parts) {
            if (const DocumentRow* document = documents_.find(id)) {
                documents.push_back({id, document->source_id, document->generation, {}, document->file_type, {}});
            }
        }
    }
    std::sort(documents.begin(), documents.end(), [](const DocumentRow& a, const DocumentRow& b) {
        return a.source_id != b.source_id ? a.source_id < b.source_id : a.generation < b.generation;
    });
    return documents;
}

}  // namespace archaeologist
