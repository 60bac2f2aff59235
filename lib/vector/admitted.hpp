// Which documents and chunks a query may look into.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "sqlite/connection.hpp"
#include "text/analyzer.hpp"
#include "vector/document_table.hpp"
#include "vector/postings.hpp"
#include "vector/row_cache.hpp"

namespace archaeologist {

class AdmittedDocuments {
public:
    AdmittedDocuments(const DocumentTable& documents, const VectorFilter& filter);

    [[nodiscard]] bool has(std::int64_t document) const {
        if (document == 0) return false;
        return all_ || (static_cast<std::size_t>(document) < documents_.size() &&
                        documents_[static_cast<std::size_t>(document)]);
    }

private:
    bool all_ = true;
    std::vector<bool> documents_;  // by id
};

// By rows of a RowCache, which must not change meanwhile.
class AdmittedChunks {
public:
    // `languages` are those of the project's documents.
    [[nodiscard]] static Result<AdmittedChunks> find(sqlite::Connection& connection, WordIndex& index,
                                                     const RowCache& rows, Analyzer& analyzer,
                                                     std::span<const NaturalLanguage> languages,
                                                     const ChunkCondition& condition);

    [[nodiscard]] bool has(std::size_t row) const { return rows_.empty() || rows_[row]; }

private:
    std::vector<bool> rows_;  // empty = all
};

}  // namespace archaeologist
