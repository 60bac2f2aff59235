// Deleting projects, and sweeping up behind deletions.
//
// A project is marked first, in one transaction: from then on nothing is accepted for it and nobody sees it. Its jobs are
// cancelled and removed, then its sources' rows, then its chunks, then its own row, in transactions of bounded size; who
// dies in between leaves the rest to the sweep. A worker that runs one of its jobs learns of it from its next heartbeat,
// and its settlement finds no job. Chunks that it stores until then make the vector store's project anew: the sweep erases
// that again, for a day, as it does with chunks of deleted sources whose job was under way.
#include "catalog/deletion.hpp"
#include "catalog/catalog.hpp"
#include "engine/impl.hpp"

namespace archaeologist {
namespace {

constexpr std::int64_t removed_sources_max = 500;    // in one transaction
constexpr std::chrono::minutes unfinished_after{1};  // then whoever began a deletion is taken for dead
constexpr std::chrono::minutes read_for{1};          // what is deleted, by searches that began before
constexpr std::chrono::hours late_for{24};
constexpr std::size_t late_generations_max = 1'000;

}  // namespace

Status Engine::Impl::delete_project(ProjectId id) {
    ARCHAEO_TRY(
        catalog->write([&](sqlite::Connection& tx) { return catalog::mark_project_deleted(tx, id, clock.now()); }));
    return finish_deletion(id);
}

// Idempotent; several may be at it.
Status Engine::Impl::finish_deletion(ProjectId id) {
    const JobSelection its_jobs{.ids = {}, .status = {}, .job_type = {}, .project_id = id};
    ARCHAEO_TRY(queue->bulk(its_jobs, BulkAction::cancel));
    ARCHAEO_TRY(queue->bulk(its_jobs, BulkAction::remove));
    for (std::int64_t removed = removed_sources_max; removed > 0;) {
        ARCHAEO_ASSIGN(removed, catalog->write([&](sqlite::Connection& tx) {
            return catalog::remove_sources(tx, id, removed_sources_max);
        }));
    }
    ARCHAEO_TRY(erase_project(id));
    return catalog->write([&](sqlite::Connection& tx) { return catalog::remove_project(tx, id); });
}

Status Engine::Impl::sweep_deleted() {
    const TimePoint now = clock.now();
    ARCHAEO_ASSIGN(const auto unfinished, catalog->read([&](sqlite::Connection& tx) {
        return catalog::deleted_projects(tx, now - unfinished_after);
    }));
    for (const ProjectId id : unfinished) ARCHAEO_TRY(finish_deletion(id));
    ARCHAEO_ASSIGN(const auto late,
                   catalog->read([&](sqlite::Connection& tx) { return catalog::late_erasures(tx, now - read_for); }));
    for (const auto& [project, source] : late) {
        ARCHAEO_TRY(source ? erase_late(project, *source) : erase_project(project));
    }
    ARCHAEO_ASSIGN(const bool has_old, catalog->read([&](sqlite::Connection& tx) {
        return catalog::has_old_late_erasure(tx, now - late_for);
    }));
    if (!has_old) return {};
    return catalog->write([&](sqlite::Connection& tx) { return catalog::forget_late_erasures(tx, now - late_for); });
}

Status Engine::Impl::erase_project(ProjectId project) {
    ARCHAEO_ASSIGN(const auto stores, all_stores());
    for (const auto& store : stores) ARCHAEO_TRY(store->erase_project(project));
    return {};
}

// Whatever is stored of a source that is deleted.
Status Engine::Impl::erase_late(ProjectId project, SourceId source) {
    ARCHAEO_ASSIGN(const auto stores, all_stores());
    for (const auto& store : stores) {
        ARCHAEO_ASSIGN(const auto stored,
                       store->generations(project, StoredGeneration{source, GenerationId()}, late_generations_max));
        for (const auto& [owner, generation] : stored) {
            if (owner != source) break;
            ARCHAEO_TRY(store->erase(project, source, generation));
        }
    }
    return {};
}

}  // namespace archaeologist
