#include "engine/model_search.hpp"

#include <algorithm>
#include <iterator>

#include "catalog/models.hpp"
#include "engine/impl.hpp"
#include "engine/search_catalog.hpp"
#include "search/searcher.hpp"

namespace archaeologist {
namespace {

constexpr int attempts_max = 4;  // of a search that a switch overtook
constexpr std::size_t limit_max = 1'000;

using ModelsOfProjects = std::map<ProjectId, catalog::SearchModel>;
using ProjectsByModel = std::map<catalog::SearchModel, std::vector<ProjectId>>;

// Without the projects that are not asked for.
ModelsOfProjects only(ModelsOfProjects all, const std::vector<ProjectId>& wanted) {
    if (wanted.empty()) return all;
    ModelsOfProjects some;
    for (const ProjectId id : wanted) {
        if (const auto found = all.find(id); found != all.end()) some.insert(*found);
    }
    return some;
}

ProjectsByModel by_model(const ModelsOfProjects& models) {
    ProjectsByModel groups;
    for (const auto& [project, model] : models) groups[model].push_back(project);
    return groups;
}

void add(Coverage& all, const Coverage& part) {
    all.sources += part.sources;
    all.searchable += part.searchable;
    all.pending += part.pending;
    all.failed += part.failed;
    all.unsupported += part.unsupported;
    all.replaced_bytes += part.replaced_bytes;
}

}  // namespace

SearchReply merge_replies(const SearchRequest& request, std::vector<SearchReply> replies) {
    SearchReply merged;
    merged.query = request.query;
    merged.mode = request.mode;
    for (SearchReply& reply : replies) {
        merged.total_found += reply.total_found;
        merged.query_time_ms += reply.query_time_ms;
        add(merged.coverage, reply.coverage);
        if (merged.note.find(reply.note) == std::string::npos)
            merged.note += (merged.note.empty() ? "" : "; ") + reply.note;
        std::move(reply.results.begin(), reply.results.end(), std::back_inserter(merged.results));
    }
    std::stable_sort(merged.results.begin(), merged.results.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    const auto begin = static_cast<std::ptrdiff_t>(std::min(request.offset, merged.results.size()));
    merged.results.erase(merged.results.begin(), merged.results.begin() + begin);
    if (merged.results.size() > request.limit) merged.results.resize(request.limit);
    return merged;
}

Result<SearchReply> Engine::Impl::search_with(const catalog::SearchModel& by, const SearchRequest& request) {
    ARCHAEO_ASSIGN(auto found, model(by.id));
    CatalogForSearch sources(*catalog);
    if (by.external_models == ExternalModels::denied && by.id != builtin_model_id) {
        found.embedder = make_absent_embedder(by.id, found.embedder->dimension(),
                                              "the project denies external models, and changes to the built-in one");
    }
    return Searcher(*found.store, *found.embedder, sources).search(request);
}

// What search sees of a project is of one model at a time; where that changed meanwhile, the hits were none and it is asked
// again.
Result<SearchReply> Engine::Impl::search(const SearchRequest& request) {
    const auto read_models = [this, &request]() -> Result<ModelsOfProjects> {
        ARCHAEO_ASSIGN(auto all, catalog->read([](sqlite::Connection& tx) { return catalog::search_models(tx); }));
        return only(std::move(all), request.projects);
    };
    ARCHAEO_ASSIGN(auto models, read_models());
    for (int attempt = 1;; ++attempt) {
        const ProjectsByModel groups = by_model(models);
        auto reply = [&]() -> Result<SearchReply> {
            // As it is asked, so that it is refused for what it is.
            if (groups.empty()) return search_with({shelf.own_embedder().model_id(), {}}, request);
            if (groups.size() == 1) return search_with(groups.begin()->first, request);
            std::vector<SearchReply> replies;
            for (const auto& [by, projects] : groups) {
                SearchRequest part = request;
                part.projects = projects;
                part.offset = 0;
                part.limit = std::min(request.offset + request.limit, limit_max);
                ARCHAEO_ASSIGN(auto one, search_with(by, part));
                replies.push_back(std::move(one));
            }
            return merge_replies(request, std::move(replies));
        }();
        ARCHAEO_ASSIGN(auto now, read_models());
        if (now == models || attempt == attempts_max) return reply;
        models = std::move(now);
    }
}

}  // namespace archaeologist
