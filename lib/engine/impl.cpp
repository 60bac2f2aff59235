#include "engine/impl.hpp"

#include "catalog/catalog.hpp"
#include "catalog/sources.hpp"
#include "job/validate.hpp"
#include "lake/open.hpp"
#include "queue/requests.hpp"
#include "vector/embedded.hpp"

namespace archaeologist {
namespace {

// A search ends within 30 s; what it began to read must stay for as long.
constexpr std::chrono::milliseconds retired_for{60'000};
constexpr std::chrono::seconds sweep_every{30};
constexpr std::size_t sweep_generations = 256;
constexpr std::chrono::hours partial_for{24};

}  // namespace

Status Engine::Impl::open() {
    ARCHAEO_TRY(archaeologist::validate(config));
    embedder = config.embedder ? config.embedder : make_builtin_embedder();
    ARCHAEO_ASSIGN(lake, open_lake(config.lake, config.data_dir, {log, backends.metrics()}));
    ARCHAEO_ASSIGN(partial_files, PartialFiles::open(config.data_dir));
    partial_files->clean(clock.now() - partial_for);
    ARCHAEO_ASSIGN(catalog, catalog::open(config.data_dir));
    ARCHAEO_TRY(check_lake_of(config, *catalog, *lake));
    ARCHAEO_ASSIGN(store, open_embedded_store(config.data_dir + "/vectors", {.dimension = embedder->dimension()}));
    ARCHAEO_ASSIGN(placed, open_queue(config, *catalog, *lake, clock, *embedder));
    queue = placed.queue.get();
    workshop.emplace(config, clock, Workshop::Tools{*queue, *lake, *store, *embedder});
    return {};
}

Status Engine::Impl::start_workers() {
    const MutexLock lock(life_mutex_);
    static_cast<void>(workshop->start());
    start_sweeper();
    return {};
}

Status Engine::Impl::start_upkeep() {
    const MutexLock lock(life_mutex_);
    start_sweeper();
    return {};
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
    if (!sweeper_.joinable()) return;
    {
        const MutexLock sweep_lock(sweep_mutex_);
        sweep_stop_ = true;
    }
    sweep_wake_.notify_all();
    workshop->stop();
    sweeper_.join();
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
        const MutexLock lock(sweep_mutex_);
        if (!sweep_stop_) sweep_wake_.wait_for(sweep_mutex_, sweep_every);
        if (sweep_stop_) return;
    }
}

Status Engine::Impl::erase_retired() {
    const TimePoint before = clock.now() - retired_for;
    ARCHAEO_ASSIGN(const auto retired, catalog->read([&](sqlite::Connection& tx) {
        return catalog::retired_generations(tx, before, sweep_generations);
    }));
    for (const auto& generation : retired) {
        {
            const MutexLock lock(sweep_mutex_);
            if (sweep_stop_) return {};
        }
        ARCHAEO_TRY(store->erase(generation.project_id, generation.source_id, generation.generation));
        ARCHAEO_TRY(catalog->write([&](sqlite::Connection& tx) { return catalog::forget_generation(tx, generation); }));
    }
    return {};
}

Status Engine::Impl::forget_old_jobs() {
    ARCHAEO_ASSIGN(const std::int64_t forgotten, queue->sweep());
    if (forgotten > 0) log(LogLevel::info, std::to_string(forgotten) + " old jobs forgotten");
    return {};
}

Result<Project> Engine::Impl::project_named(std::string_view name) {
    auto known = catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, name); });
    if (known || known.error().code != Code::not_found) return known;
    auto made =
        catalog->write([&](sqlite::Connection& tx) { return catalog::create_project(tx, name, "", clock.now()); });
    // Another process may have made it meanwhile.
    if (!made && made.error().code == Code::already_exists) {
        return catalog->read([&](sqlite::Connection& tx) { return catalog::project(tx, name); });
    }
    return made;
}

}  // namespace archaeologist
