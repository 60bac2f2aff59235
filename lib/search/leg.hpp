// One ranking of a hybrid search: the best active hits of all searched projects.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "search/active.hpp"
#include "search/condition.hpp"

namespace archaeologist {

struct RankedHit {
    VectorHit hit;
    ProjectId project_id{};
    std::string source_name;
};

struct Ranking {
    std::vector<RankedHit> hits;  // best first
    bool is_whole = true;         // there are no more
};

// The `wanted` best hits whose generation is active. `query` says words or vector and the filter. Asks page after page,
// as hits of old generations are dropped, and those whose texts the condition does not admit; null: all are admitted.
[[nodiscard]] Result<Ranking> rank(VectorStore& store, ActiveSources& active, std::span<const ProjectId> projects,
                                   const VectorQuery& query, QueryCondition* condition, std::size_t wanted);

}  // namespace archaeologist
