#include "vector/admitted.hpp"

#include <algorithm>
#include <functional>

#include "sql/vector_chunk_by_id.hpp"
#include "sql/vector_chunks_headed.hpp"
#include "vector/filter.hpp"
#include "vector/headings.hpp"
#include "vector/symbol.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

enum class Keep { marked, unmarked };

// Chunks whose heading may be so, ascending: those with the name's word in them, or all that have a heading.
Result<RowList> chunks_with_symbol(Connection& connection, WordIndex& index, Analyzer& analyzer,
                                   std::span<const NaturalLanguage> languages, const std::string& pattern) {
    RowList found;
    const auto is_headed = [&](std::string_view heading, std::string_view headings) -> Result<bool> {
        ARCHAEO_ASSIGN(const auto parts, unpacked_headings(headings, 0, connection.path()));
        return any_heading(heading, parts, [&](std::string_view one) { return matches_symbol(one, pattern); });
    };
    const bool is_word = pattern.find('*') == std::string::npos;
    const auto words = is_word ? analyzer.query_words(pattern, languages) : std::vector<QueryWord>();
    if (words.empty()) {
        Query headed(connection, sql::vector_chunks_headed);
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, headed.step());
            if (!row) return found;
            ARCHAEO_ASSIGN(const bool is_one, is_headed(headed.text(1), headed.text(2)));
            if (is_one) found.append(headed.integer(0));
        }
    }
    // A path's whole need not be a term of a longer one; its last word is.
    ARCHAEO_ASSIGN(const RowList candidates, index.chunks_with_any(words.back()));
    for (const std::int64_t chunk : candidates.rows()) {
        Query row(connection, sql::vector_chunk_by_id);
        ARCHAEO_ASSIGN(const bool is_there, row.bind(":id", chunk).step());
        if (!is_there) continue;
        ARCHAEO_ASSIGN(const bool is_one, is_headed(row.text(7), row.text(8)));
        if (is_one) found.append(chunk);
    }
    return found;
}

}  // namespace

AdmittedDocuments::AdmittedDocuments(const DocumentTable& documents, const VectorFilter& filter) {
    const DocumentFilter wanted(filter);
    all_ = wanted.admits_all();
    if (all_) return;
    documents_.resize(static_cast<std::size_t>(documents.next_id()), false);
    documents.for_each([&](const DocumentRow& document) {
        if (wanted.admits(document.source_id, document.name, document.file_type, document.language)) {
            documents_[static_cast<std::size_t>(document.id)] = true;
        }
    });
}

Result<AdmittedChunks> AdmittedChunks::find(Connection& connection, WordIndex& index, const RowCache& rows,
                                            Analyzer& analyzer, std::span<const NaturalLanguage> languages,
                                            const ChunkCondition& condition) {
    AdmittedChunks admitted;
    const auto restrict = [&](const std::vector<bool>& marked, Keep keep) {
        if (admitted.rows_.empty()) admitted.rows_.assign(rows.size(), true);
        for (std::size_t row = 0; row < marked.size(); ++row) {
            if (marked[row] != (keep == Keep::marked)) admitted.rows_[row] = false;
        }
    };
    for (const auto& terms : condition.all) {
        ARCHAEO_ASSIGN(const RowList chunks, index.chunks_with_any(terms));
        restrict(rows.marked(chunks), Keep::marked);
    }
    for (const std::string& term : condition.none) {
        ARCHAEO_ASSIGN(const SharedPostings postings, index.find(std::string_view(term)));
        restrict(rows.marked(postings->chunks), Keep::unmarked);
    }
    for (const std::string& begins : condition.none_beginning) {
        ARCHAEO_ASSIGN(const RowList chunks, index.chunks_beginning(begins));
        restrict(rows.marked(chunks), Keep::unmarked);
    }
    std::vector<bool> any(condition.symbols.empty() ? 0 : rows.size(), false);
    for (const std::string& symbol : condition.symbols) {
        ARCHAEO_ASSIGN(const RowList chunks, chunks_with_symbol(connection, index, analyzer, languages, symbol));
        const std::vector<bool> marked = rows.marked(chunks);
        std::transform(any.begin(), any.end(), marked.begin(), any.begin(), std::logical_or<>());
    }
    if (!condition.symbols.empty()) restrict(any, Keep::marked);
    for (const std::string& symbol : condition.not_symbols) {
        ARCHAEO_ASSIGN(const RowList chunks, chunks_with_symbol(connection, index, analyzer, languages, symbol));
        restrict(rows.marked(chunks), Keep::unmarked);
    }
    return admitted;
}

}  // namespace archaeologist
