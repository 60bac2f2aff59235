// Answers search requests from the vector store and the catalog.
#pragma once

#include <memory>

#include "archaeologist/embedder.hpp"
#include "archaeologist/search.hpp"
#include "archaeologist/vector_store.hpp"
#include "search/catalog.hpp"

namespace archaeologist {

// Thread-safe. What it is given outlives it.
class Searcher {
public:
    Searcher(VectorStore& store, Embedder& embedder, SearchCatalog& catalog)
        : store_(store), embedder_(embedder), catalog_(catalog) {}

    // - hybrid asks both legs for their 100 best (more for a page further down) and fuses them; without an embedder at
    //   the moment it is words alone, and the reply's note says so.
    // - words and semantic ask again, for up to 1,600, when too many hits are alike or of one source.
    // - literal gives one hit a chunk that a match begins in, by source, then by position.
    // With several projects the scores of words are compared as they are, though each project has statistics of its own.
    // Errors: invalid_argument, unavailable, and what embedder, store and catalog say.
    [[nodiscard]] Result<SearchReply> search(const SearchRequest& request);

private:
    VectorStore& store_;
    Embedder& embedder_;
    SearchCatalog& catalog_;
};

}  // namespace archaeologist
