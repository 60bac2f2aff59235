#include <algorithm>
#include <optional>
#include <unordered_set>

#include "sql/vector_chunk_at.hpp"
#include "sql/vector_documents_cutting_words.hpp"
#include "text/lines.hpp"
#include "vector/document_rows.hpp"
#include "vector/filter.hpp"
#include "vector/interior_terms.hpp"
#include "vector/project_file.hpp"
#include "vector/text_parts.hpp"
#include "vector/text_reader.hpp"
#include "vector/text_scanner.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::size_t narrowing_words_max = 3;
using DocumentIds = std::unordered_set<std::int64_t>;

constexpr std::size_t few_documents = 32;  // are read at once rather than narrowed down further

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

    static void place(const ByteRange& range, LiteralMatch& match) {
        match.match = range;
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
        match.heading = chunk.text(5);
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

// Few documents are read at once.
Result<TextParts> parts_of(Connection& connection, const LiteralQuery& query, const std::vector<std::int64_t>& ids,
                           std::size_t all_documents) {
    if (ids.size() > few_documents) return find_text_parts(connection, query, ids, all_documents);
    TextParts parts;
    for (const std::int64_t id : ids) parts[id] = {whole_text};
    return parts;
}

Status add_documents_cutting_words(Connection& connection, DocumentIds& ids) {
    Query rows(connection, sql::vector_documents_cutting_words);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return {};
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
        std::optional<DocumentIds> candidates;  // nothing: all
        if (!words.empty()) {
            ARCHAEO_ASSIGN(candidates, documents_with(connection, words));
        }
        const DocumentsToLookAt documents = documents_to_look_at(query.filter, candidates);
        ARCHAEO_ASSIGN(const TextParts parts, parts_of(connection, query, documents.ids, documents.of_all));
        return LiteralSearch(connection, *workspace, query, *scanner).run(documents_of(parts), parts);
    });
}

// Those that have all the words in them, and those of which it cannot be told.
Result<ProjectFile::DocumentIds> ProjectFile::documents_with(Connection& connection, std::span<const QueryWord> words) {
    ARCHAEO_TRY(refresh_rows(connection));
    ARCHAEO_ASSIGN(WordIndex index, WordIndex::open(connection, postings_));
    DocumentIds candidates;
    for (std::size_t i = 0; i < words.size() && (i == 0 || candidates.size() > few_documents); ++i) {
        ARCHAEO_ASSIGN(const RowList chunks, index.chunks_with_any(words[i]));
        const ReaderLock lock(rows_mutex_);
        DocumentIds with_term = documents_in(chunks, rows_);
        if (i > 0) std::erase_if(with_term, [&](std::int64_t id) { return !candidates.contains(id); });
        candidates = std::move(with_term);
    }
    ARCHAEO_TRY(add_documents_cutting_words(connection, candidates));
    return candidates;
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
