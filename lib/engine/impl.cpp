#include "engine/impl.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/folder_id.hpp"
#include "catalog/catalog.hpp"
#include "job/validate.hpp"
#include "lake/open.hpp"
#include "queue/requests.hpp"

namespace archaeologist {
namespace {

// A search ends within 30 s; what it began to read must stay for as long.
constexpr std::chrono::milliseconds retired_for{60'000};
constexpr std::chrono::milliseconds sweep_every{30'000};
constexpr std::chrono::milliseconds change_every{250};
constexpr std::chrono::milliseconds stuck_every{2'000};
constexpr std::size_t sweep_generations = 256;
constexpr std::chrono::hours partial_for{24};

}  // namespace

Status Engine::Impl::open() {
    ARCHAEO_TRY(archaeologist::validate(config));
    ARCHAEO_ASSIGN(lake, open_lake(config.lake, config.data_dir, {log, backends.metrics()}));
    ARCHAEO_ASSIGN(partial_files, PartialFiles::open(config.data_dir));
    partial_files->clean(clock.now() - partial_for);
    ARCHAEO_ASSIGN(catalog, catalog::open(config.data_dir));
    ARCHAEO_TRY(check_lake_of(config, *catalog, *lake));
    if (!config.vectors.url.empty()) {
        ARCHAEO_ASSIGN(auto id, folder_id(config.data_dir));
        shelf.set_data_folder(std::move(id));
    }
    ARCHAEO_TRY(choose_model());
    ARCHAEO_ASSIGN(placed, open_queue(config, *catalog, *lake, clock, shelf.own_embedder()));
    queue = placed.queue.get();
    workshop.emplace(
        config, clock,
        Workshop::Tools{*queue, *lake, shelf.own_store(), shelf.own_embedder(),
                        [this](const std::string& id, std::size_t dimension) { return other_model(id, dimension); }});
    return {};
}

Status Engine::Impl::start_workers() {
    const MutexLock lock(life_mutex_);
    workers_wanted_ = upkeep_wanted_ = true;
    static_cast<void>(workshop->start());
    start_sweeper();
    return {};
}

Status Engine::Impl::start_upkeep() {
    const MutexLock lock(life_mutex_);
    upkeep_wanted_ = true;
    start_sweeper();
    return {};
}

void Engine::Impl::begin_ingest() {
    const MutexLock lock(life_mutex_);
    ++ingests_;
    static_cast<void>(workshop->start());
    start_sweeper();
}

void Engine::Impl::end_ingest() {
    const MutexLock lock(life_mutex_);
    --ingests_;
    stop_unneeded();
}

void Engine::Impl::start_sweeper() {
    if (sweeper_.joinable()) return;
    {
        const MutexLock sweep_lock(sweep_mutex_);
        sweep_stop_ = false;
    }
    sweeper_ = std::thread([this] { sweep_loop(); });
}

void Engine::Impl::stop_workers() {
    const MutexLock lock(life_mutex_);
    workers_wanted_ = upkeep_wanted_ = false;
    stop_unneeded();
}

void Engine::Impl::stop_unneeded() {
    if (ingests_ > 0) return;
    const bool sweeper_ends = !upkeep_wanted_ && sweeper_.joinable();
    if (sweeper_ends) {
        const MutexLock sweep_lock(sweep_mutex_);
        sweep_stop_ = true;
        sweep_wake_.notify_all();
    }
    if (!workers_wanted_ && workshop) workshop->stop();  // none yet, where opening failed
    if (sweeper_ends) sweeper_.join();
}

void Engine::Impl::sweep_loop() {
    for (;;) {
        if (const Status swept = erase_retired(); !swept) log(LogLevel::warning, "sweep: " + swept.error().message);
        if (const Status swept = forget_old_jobs(); !swept) {
            log(LogLevel::warning, "sweep of jobs: " + swept.error().message);
        }
        if (const Status swept = sweep_deleted(); !swept) {
            log(LogLevel::warning, "sweep of what is deleted: " + swept.error().message);
        }
        partial_files->clean(clock.now() - partial_for);
        if (change_until_sweep() == Life::over) return;
    }
}

// A change of model goes on in small steps.
Engine::Impl::Life Engine::Impl::change_until_sweep() {
    const auto end = std::chrono::steady_clock::now() + sweep_every;
    for (;;) {
        const auto change = change_models();
        if (!change) log(LogLevel::warning, "change of model: " + change.error().message);
        const bool is_slow = !change || *change == Change::stuck;
        const auto pause = change && *change == Change::none ? sweep_every : is_slow ? stuck_every : change_every;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        const MutexLock lock(sweep_mutex_);
        if (!sweep_stop_ && left.count() > 0) {
            sweep_wake_.wait_for(sweep_mutex_, std::min(left, pause));
        }
        if (sweep_stop_) return Life::over;
        if (std::chrono::steady_clock::now() >= end) return Life::goes_on;
    }
}

// What cannot be erased of one project's vectors is left for the next turn, and holds up no other's. The first error is told.
Status Engine::Impl::erase_retired() {
    const TimePoint before = clock.now() - retired_for;
    Status first = erase_stale_models(before);
    ARCHAEO_ASSIGN(const auto retired, catalog->read([&](sqlite::Connection& tx) {
        return catalog::retired_generations(tx, before, sweep_generations);
    }));
    std::set<std::pair<std::string, ProjectId>> failing;
    for (const auto& generation : retired) {
        {
            const MutexLock lock(sweep_mutex_);
            if (sweep_stop_) return {};
        }
        if (failing.contains({generation.model_id, generation.project_id})) continue;
        Status erased = erase_generation(generation);
        if (erased) continue;
        failing.emplace(generation.model_id, generation.project_id);
        if (first) first = std::move(erased);
    }
    return first;
}

Status Engine::Impl::erase_generation(const catalog::RetiredGeneration& generation) {
    ARCHAEO_ASSIGN(const auto found, model(generation.model_id));
    ARCHAEO_TRY(found.store->erase(generation.project_id, generation.source_id, generation.generation));
    return catalog->write([&](sqlite::Connection& tx) { return catalog::forget_generation(tx, generation); });
}

Status Engine::Impl::forget_old_jobs() {
    ARCHAEO_ASSIGN(const std::int64_t forgotten, queue->sweep());
    if (forgotten > 0) log(LogLevel::info, std::to_string(forgotten) + " old jobs forgotten");
    return {};
}

Result<Project> Engine::Impl::project_named(std::string_view name) {
    auto known = catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, name); });
    if (known || known.error().code != Code::not_found) return known;
    auto made = catalog->write([&](sqlite::Connection& tx) {
        return catalog::create_project(tx, name, "", ExternalModels::allowed, clock.now());
    });
    // Another process may have made it meanwhile.
    if (!made && made.error().code == Code::already_exists) {
        return catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, name); });
    }
    return made;
}

}  // namespace archaeologist
