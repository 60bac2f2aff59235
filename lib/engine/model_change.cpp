// Which model a data folder uses, and how another takes its place while search goes on.
//
// The setting is kept in the catalog: who opens the folder without naming a model gets the one that was named last. Naming
// another begins the change of every project (catalog/models.hpp says how it goes); any process that sweeps carries it on,
// so it outlives whoever began it.
//
// A project that denies external models changes to the built-in one in the same way. What would still send its texts must not
// wait for that: jobs carry what the project said when they were accepted, so those that have not ended are replaced.
#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "catalog/models.hpp"
#include "catalog/sources.hpp"
#include "engine/impl.hpp"
#include "queue/sqlite/ending.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;

constexpr std::size_t waiting_jobs_max = 2'000;    // of a project, for its next model
constexpr std::size_t forgotten_rows_max = 5'000;  // in one transaction

ShelfEntry entry_of(const catalog::KnownModel& model) {
    return {model.id, model.dimension, model.setting, model.resolved};
}

Status cancel_all(Connection& tx, const std::vector<JobId>& jobs, TimePoint now) {
    for (const JobId& id : jobs) {
        ARCHAEO_ASSIGN(const auto job, sqlite_queue::find_row(tx, id));
        if (job && !is_finished(job->state)) ARCHAEO_TRY(sqlite_queue::cancel(tx, *job, now));
    }
    return {};
}

Status want(Connection& tx, const catalog::KnownModel& model, TimePoint now) {
    ARCHAEO_ASSIGN(const auto abandoned, catalog::want_model(tx, model, now));
    return cancel_all(tx, abandoned, now);
}

// Its latest version is accepted anew; of an older one nothing is needed any more.
Status replace_job(Connection& tx, const JobId& id, TimePoint now) {
    ARCHAEO_ASSIGN(const Job job, catalog::job(tx, id));
    const auto source = catalog::source(tx, job.source_id.value_or(SourceId{}));
    if (source && source->job_id == id) {
        catalog::NewVersion again = catalog::same_again(*source);
        again.priority = job.priority;
        again.timeout = job.timeout;
        again.max_retries = job.max_retries;
        ARCHAEO_TRY(catalog::accept(tx, again, now));
    }
    return cancel_all(tx, {id}, now);
}

Status deny_external_models(Connection& tx, ProjectId project, TimePoint now) {
    ARCHAEO_ASSIGN(const auto jobs, catalog::unfinished_file_jobs(tx, project));
    for (const JobId& id : jobs) ARCHAEO_TRY(replace_job(tx, id, now));
    return {};
}

}  // namespace

Status Engine::Impl::choose_model() {
    ARCHAEO_ASSIGN(const auto wanted, catalog->read([](Connection& tx) { return catalog::wanted_model(tx); }));
    catalog::KnownModel chosen = wanted;
    std::shared_ptr<Embedder> embedder = config.embedder;
    if (embedder) {
        chosen = {embedder->model_id(), embedder->dimension(), {}, {}};
    } else {
        const std::string setting = config.embedding.url.empty() ? wanted.setting : config.embedding.url;
        if (setting.empty()) {
            embedder = make_absent_embedder(wanted.id, wanted.dimension,
                                            "only a program that brings it can use it; another can be named "
                                            "(--embedder)");
        } else {
            ARCHAEO_ASSIGN(const auto known,
                           catalog->read([&](Connection& tx) { return catalog::model_of_setting(tx, setting); }));
            ARCHAEO_ASSIGN(auto opened, shelf.open_embedder(setting, known ? known->resolved : std::string()));
            embedder = std::move(opened.embedder);
            chosen = {embedder->model_id(), embedder->dimension(), setting, std::move(opened.resolved)};
        }
    }
    ARCHAEO_TRY(shelf.put_own(std::move(embedder)));
    const bool is_same = chosen.id == wanted.id && chosen.dimension == wanted.dimension &&
                         chosen.setting == wanted.setting && chosen.resolved == wanted.resolved;
    if (is_same) return {};
    if (chosen.id != wanted.id) {
        log(LogLevel::info, "model: " + wanted.id + " gives way to " + chosen.id +
                                "; search uses it in each project once all its sources are embedded with it");
    }
    return catalog->write([&](Connection& tx) { return want(tx, chosen, clock.now()); });
}

Result<Project> Engine::Impl::update_project(ProjectId id, const ProjectChange& change) {
    auto changed = catalog->write([&](Connection& tx) -> Result<Project> {
        ARCHAEO_ASSIGN(const Project before, catalog::project(tx, id));
        ARCHAEO_ASSIGN(auto after,
                       catalog::update_project(tx, id, {change.name, change.description, change.external_models}));
        if (after.external_models == before.external_models) return after;
        const TimePoint now = clock.now();
        ARCHAEO_ASSIGN(const auto abandoned, catalog::choose_model_of(tx, id, now));
        ARCHAEO_TRY(cancel_all(tx, abandoned, now));
        if (after.external_models == ExternalModels::denied) ARCHAEO_TRY(deny_external_models(tx, id, now));
        return after;
    });
    if (changed && change.external_models) {
        queue->wake_all();
        // The sweeper looks by itself, too, if a little later: nothing is lost where it is not asleep.
        const MutexLock lock(sweep_mutex_);
        sweep_wake_.notify_all();
    }
    return changed;
}

Result<ModelShelf::Model> Engine::Impl::model(const std::string& id) {
    ARCHAEO_ASSIGN(const auto known, catalog->read([&](Connection& tx) { return catalog::model(tx, id); }));
    if (!known) return Error{Code::corrupt, "the catalog does not know model " + id};
    return shelf.find(entry_of(*known));
}

Result<OtherModel> Engine::Impl::other_model(const std::string& id, std::size_t dimension) {
    ARCHAEO_ASSIGN(const auto known, catalog->read([&](Connection& tx) { return catalog::model(tx, id); }));
    return shelf.find_for_jobs(known ? entry_of(*known) : ShelfEntry{id, dimension, {}, {}});
}

Result<std::shared_ptr<VectorStore>> Engine::Impl::store_of(ProjectId project) {
    ARCHAEO_ASSIGN(const auto models,
                   catalog->read([&](Connection& tx) { return catalog::project_models(tx, project); }));
    ARCHAEO_ASSIGN(const auto found, model(models.search));
    return found.store;
}

Result<std::vector<std::shared_ptr<VectorStore>>> Engine::Impl::all_stores() {
    ARCHAEO_ASSIGN(const auto models, catalog->read([](Connection& tx) { return catalog::models(tx); }));
    std::vector<std::shared_ptr<VectorStore>> stores;
    for (const auto& known : models) {
        ARCHAEO_ASSIGN(const auto found, shelf.find(entry_of(known)));
        stores.push_back(found.store);
    }
    return stores;
}

// Looking for sources that lack the next model means going through all: not on the writer's time for nothing, and not while
// jobs are under way once none was found.
Result<bool> Engine::Impl::is_change_due(ProjectId project) {
    ARCHAEO_ASSIGN(const auto progress,
                   catalog->read([&](Connection& tx) { return catalog::change_progress(tx, project); }));
    if (progress.waiting == 0) return true;
    return static_cast<std::size_t>(progress.waiting) <= waiting_jobs_max / 4 && !without_lack_.contains(project);
}

Result<Engine::Impl::Change> Engine::Impl::change_models() {
    ARCHAEO_ASSIGN(const auto projects, catalog->read([](Connection& tx) { return catalog::changing_projects(tx); }));
    Change change = projects.empty() ? Change::none : Change::stuck;
    bool has_jobs = false;
    for (const ProjectId project : projects) {
        ARCHAEO_ASSIGN(const bool is_due, is_change_due(project));
        if (!is_due) {
            change = Change::goes_on;
            continue;
        }
        ARCHAEO_ASSIGN(const auto step, catalog->write([&](Connection& tx) {
            return catalog::continue_change(tx, project, waiting_jobs_max, clock.now());
        }));
        if (step.jobs > 0 || step.has_switched) change = Change::goes_on;
        has_jobs = has_jobs || step.jobs > 0;
        if (step.jobs > 0) {
            without_lack_.erase(project);
        } else {
            without_lack_.insert(project);
        }
        if (step.has_switched) {
            log(LogLevel::info,
                "model: search in project " + std::to_string(to_integer(project)) + " uses the new one");
        }
    }
    if (has_jobs) queue->wake_all();
    return change;
}

// What projects left is erased as a whole: a generation at a time would take as long as it took to make.
Status Engine::Impl::erase_stale_models(TimePoint before) {
    ARCHAEO_ASSIGN(const auto stale, catalog->read([&](Connection& tx) { return catalog::stale_models(tx, before); }));
    for (const auto& left : stale) {
        ARCHAEO_ASSIGN(const auto found, model(left.model_id));
        ARCHAEO_TRY(found.store->erase_project(left.project_id));
        for (std::int64_t forgotten = 1; forgotten > 0;) {
            ARCHAEO_ASSIGN(forgotten, catalog->write([&](Connection& tx) {
                return catalog::forget_stale(tx, left, forgotten_rows_max);
            }));
        }
    }
    return {};
}

}  // namespace archaeologist
