// One search over vector store, embedder and what the catalog says is active.
//
// Order of reads: the catalog's snapshot first, then the store. A generation that is retired meanwhile stays in the store
// for longer than a search may take, so a source is seen in the one generation of the snapshot: never in two, never in none.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/embedder.hpp"
#include "archaeologist/search.hpp"
#include "archaeologist/vector_store.hpp"

namespace archaeologist {

// A source as search may see it.
struct SeenSource {
    std::string name;
    std::optional<GenerationId> generation;  // nothing: there is nothing of it to be seen
};

// One moment of the catalog. One thread at a time.
class SearchSnapshot {
public:
    virtual ~SearchSnapshot() = default;
    [[nodiscard]] virtual Result<std::vector<ProjectId>> projects() = 0;
    // Errors: not_found.
    [[nodiscard]] virtual Status check_project(ProjectId id) = 0;
    // Nothing when the source is deleted.
    [[nodiscard]] virtual Result<std::optional<SeenSource>> find(SourceId id) = 0;
    [[nodiscard]] virtual Result<Coverage> coverage(std::span<const ProjectId> projects) = 0;
};

class SearchCatalog {
public:
    virtual ~SearchCatalog() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<SearchSnapshot>> snapshot() = 0;
};

// Thread-safe as far as its parts are. Errors: invalid_argument, not_found (project), and the parts'.
[[nodiscard]] Result<SearchReply> search(VectorStore& store, Embedder& embedder, SearchCatalog& catalog,
                                         const SearchRequest& request);

// Errors: invalid_argument.
[[nodiscard]] Status validate(const SearchRequest& request);

}  // namespace archaeologist
