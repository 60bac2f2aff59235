// What a search must know of the catalog.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/id.hpp"
#include "archaeologist/search.hpp"

namespace archaeologist {

// A source that can be found.
struct ActiveSource {
    ProjectId project_id{};
    GenerationId generation;
    std::string name;
};

// The catalog as it was at one moment, however long it is kept. A search takes it before it asks the vector store, and
// shows hits of the generations that were active then and no others: so one reply never mixes two versions of a source,
// and a source whose version is just being replaced does not vanish (an old generation outlives its flip by 60 s).
// One thread at a time.
class ActiveSnapshot {
public:
    virtual ~ActiveSnapshot() = default;
    // Nothing for a source that is unknown, deleted or not searchable. Asked once a source and search; must be quick.
    [[nodiscard]] virtual Result<std::optional<ActiveSource>> find(SourceId source) = 0;
    [[nodiscard]] virtual Result<std::vector<ProjectId>> projects() = 0;
    [[nodiscard]] virtual Result<Coverage> coverage(std::span<const ProjectId> projects) = 0;
};

// Thread-safe.
class SearchCatalog {
public:
    virtual ~SearchCatalog() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<ActiveSnapshot>> snapshot() = 0;
};

}  // namespace archaeologist
