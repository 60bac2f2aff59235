#include "search/leg.hpp"

#include <algorithm>
#include <unordered_set>

namespace archaeologist {
namespace {

constexpr std::size_t page_hits_max = 10'000;  // the store's limit
constexpr int pages_max = 12;                  // by then 10,000 hits of old generations were passed over, or more

// The end of the chunk before: what of the hit's context is not in its core.
Result<std::string> text_before(VectorStore& store, ProjectId project, const VectorHit& hit) {
    const auto bytes = static_cast<std::size_t>(hit.core.begin - hit.context.begin);
    if (bytes == 0 || hit.ordinal == 0) return std::string();
    ARCHAEO_ASSIGN(const auto chunks, store.chunks(project, hit.source_id, hit.generation, hit.ordinal - 1, 1));
    if (chunks.empty() || chunks.front().core.end != hit.core.begin) return std::string();
    const std::string& text = chunks.front().text;
    return text.substr(text.size() - std::min(bytes, text.size()));
}

Result<bool> is_admitted(VectorStore& store, ProjectId project, const RankedHit& ranked, QueryCondition& condition) {
    const VectorHit& hit = ranked.hit;
    if (hit.text.empty()) return false;
    ConditionText text{ranked.source_name, hit.heading, {}, hit.text, stemming_of(hit.language), hit.headings};
    if (condition.admits(text)) return true;
    // Words of a phrase may stand before the core.
    ARCHAEO_ASSIGN(const std::string before, text_before(store, project, hit));
    text.before = before;
    return !before.empty() && condition.admits(text);
}

// Drops those that are not admitted. Texts are read for them all, and left in.
Status admit(VectorStore& store, ProjectId project, std::vector<RankedHit>& hits, QueryCondition& condition) {
    std::vector<VectorHit*> all;
    all.reserve(hits.size());
    for (RankedHit& ranked : hits) all.push_back(&ranked.hit);
    ARCHAEO_TRY(store.add_texts(project, all));
    std::vector<RankedHit> admitted;
    for (RankedHit& ranked : hits) {
        ARCHAEO_ASSIGN(const bool is_good, is_admitted(store, project, ranked, condition));
        if (is_good) admitted.push_back(std::move(ranked));
    }
    hits = std::move(admitted);
    return {};
}

Result<Ranking> rank_project(VectorStore& store, ActiveSources& active, VectorQuery query, QueryCondition* condition,
                             std::size_t wanted) {
    Ranking ranking;
    std::unordered_set<Uuid, UuidHash> seen;  // a page may begin again where the store changed meanwhile
    query.offset = 0;
    query.limit = std::min(page_hits_max, wanted + wanted / 4 + 8);
    for (int page = 0; page < pages_max; ++page) {
        ARCHAEO_ASSIGN(std::vector<VectorHit> hits, store.query(query));
        const bool is_last = hits.size() < query.limit;
        std::vector<RankedHit> found;
        for (VectorHit& hit : hits) {
            ARCHAEO_ASSIGN(const ActiveSource* source, active.find(query.project_id, hit.source_id, hit.generation));
            if (source == nullptr || !seen.insert(hit.id).second) continue;
            found.push_back({std::move(hit), query.project_id, source->name});
        }
        if (condition != nullptr) ARCHAEO_TRY(admit(store, query.project_id, found, *condition));
        for (RankedHit& ranked : found) {
            if (ranking.hits.size() == wanted) {
                ranking.is_whole = false;
                return ranking;
            }
            ranking.hits.push_back(std::move(ranked));
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
                     const VectorQuery& query, QueryCondition* condition, std::size_t wanted) {
    Ranking all;
    VectorQuery of_project = query;
    for (const ProjectId project : projects) {
        of_project.project_id = project;
        ARCHAEO_ASSIGN(Ranking ranking, rank_project(store, active, of_project, condition, wanted));
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
