#include "search/leg.hpp"

#include <algorithm>
#include <unordered_set>

namespace archaeologist {
namespace {

constexpr std::size_t page_hits_max = 10'000;  // the store's limit
constexpr int pages_max = 12;                  // by then 10,000 hits of old generations were passed over, or more

Result<Ranking> rank_project(VectorStore& store, ActiveSources& active, VectorQuery query, std::size_t wanted) {
    Ranking ranking;
    std::unordered_set<Uuid, UuidHash> seen;  // a page may begin again where the store changed meanwhile
    query.offset = 0;
    query.limit = std::min(page_hits_max, wanted + wanted / 4 + 8);
    for (int page = 0; page < pages_max; ++page) {
        ARCHAEO_ASSIGN(std::vector<VectorHit> hits, store.query(query));
        const bool is_last = hits.size() < query.limit;
        for (VectorHit& hit : hits) {
            ARCHAEO_ASSIGN(const ActiveSource* source, active.find(query.project_id, hit.source_id, hit.generation));
            if (source == nullptr || !seen.insert(hit.id).second) continue;
            if (ranking.hits.size() == wanted) {
                ranking.is_whole = false;
                return ranking;
            }
            ranking.hits.push_back({std::move(hit), query.project_id, source->name});
        }
        if (is_last) return ranking;
        query.offset += query.limit;
        query.limit = std::min(page_hits_max, 4 * query.limit);
    }
    ranking.is_whole = false;
    return ranking;
}

}  // namespace

Result<Ranking> rank(VectorStore& store, ActiveSources& active, std::span<const ProjectId> projects,
                     const VectorQuery& query, std::size_t wanted) {
    Ranking all;
    VectorQuery of_project = query;
    for (const ProjectId project : projects) {
        of_project.project_id = project;
        ARCHAEO_ASSIGN(Ranking ranking, rank_project(store, active, of_project, wanted));
        all.is_whole = all.is_whole && ranking.is_whole;
        std::move(ranking.hits.begin(), ranking.hits.end(), std::back_inserter(all.hits));
    }
    if (projects.size() == 1) return all;
    std::sort(all.hits.begin(), all.hits.end(), [](const RankedHit& a, const RankedHit& b) {
        return a.hit.score != b.hit.score ? a.hit.score > b.hit.score : a.hit.id < b.hit.id;
    });
    if (all.hits.size() > wanted) {
        all.hits.resize(wanted);
        all.is_whole = false;
    }
    return all;
}

}  // namespace archaeologist
