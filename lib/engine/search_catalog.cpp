#include "engine/search_catalog.hpp"

#include "catalog/catalog.hpp"
#include "catalog/sources.hpp"

namespace archaeologist {
namespace {

class CatalogSnapshot final : public ActiveSnapshot {
public:
    explicit CatalogSnapshot(sqlite::Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

    [[nodiscard]] Result<std::vector<ProjectId>> projects() override {
        ARCHAEO_ASSIGN(const auto projects, catalog::projects(snapshot_.connection()));
        std::vector<ProjectId> ids;
        ids.reserve(projects.size());
        for (const auto& project : projects) ids.push_back(project.id);
        return ids;
    }

    [[nodiscard]] Result<std::optional<ActiveSource>> find(SourceId id) override {
        ARCHAEO_ASSIGN(auto source, catalog::active_source(snapshot_.connection(), id));
        if (!source || !source->generation) return std::optional<ActiveSource>();
        return std::optional(ActiveSource{source->project_id, *source->generation, std::move(source->name)});
    }

    [[nodiscard]] Result<Coverage> coverage(std::span<const ProjectId> projects) override {
        Coverage all;
        for (const ProjectId project : projects) {
            ARCHAEO_ASSIGN(auto counts, catalog::source_counts(snapshot_.connection(), project));
            all.searchable += counts[SourceStatus::searchable].sources;
            all.pending += counts[SourceStatus::pending].sources;
            all.failed += counts[SourceStatus::failed].sources;
            all.unsupported += counts[SourceStatus::unsupported].sources;
            for (const auto& [status, count] : counts) {
                all.sources += count.sources;
                all.replaced_bytes += count.amount;
            }
        }
        return all;
    }

private:
    sqlite::Snapshot snapshot_;
};

}  // namespace

Result<std::unique_ptr<ActiveSnapshot>> CatalogForSearch::snapshot() {
    ARCHAEO_ASSIGN(auto snapshot, database_.snapshot());
    return std::unique_ptr<ActiveSnapshot>(std::make_unique<CatalogSnapshot>(std::move(snapshot)));
}

}  // namespace archaeologist
