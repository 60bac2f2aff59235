#include "engine/search_catalog.hpp"

#include "catalog/catalog.hpp"
#include "catalog/sources.hpp"

namespace archaeologist {
namespace {

class CatalogSnapshot final : public SearchSnapshot {
public:
    explicit CatalogSnapshot(sqlite::Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

    [[nodiscard]] Result<std::vector<ProjectId>> projects() override {
        ARCHAEO_ASSIGN(const auto projects, catalog::projects(snapshot_.connection()));
        std::vector<ProjectId> ids;
        for (const auto& project : projects) ids.push_back(project.id);
        return ids;
    }

    [[nodiscard]] Status check_project(ProjectId id) override {
        ARCHAEO_TRY(catalog::project(snapshot_.connection(), id));
        return {};
    }

    [[nodiscard]] Result<std::optional<SeenSource>> find(SourceId id) override {
        ARCHAEO_ASSIGN(auto source, catalog::active_source(snapshot_.connection(), id));
        if (!source) return std::optional<SeenSource>();
        return std::optional(SeenSource{std::move(source->name), source->generation});
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

Result<std::unique_ptr<SearchSnapshot>> CatalogForSearch::snapshot() {
    ARCHAEO_ASSIGN(auto snapshot, database_.snapshot());
    return std::unique_ptr<SearchSnapshot>(std::make_unique<CatalogSnapshot>(std::move(snapshot)));
}

}  // namespace archaeologist
