// The SQLite queue among the processes of its data folder: who works, who died, who is to be woken.
#include "catalog/jobs.hpp"
#include "queue/requests.hpp"
#include "queue/settle.hpp"
#include "queue/sqlite.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/working.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Neighbours;

}  // namespace

SqliteQueue::~SqliteQueue() {
    std::unique_ptr<Neighbours> leaving;
    {
        const MutexLock lock(neighbours_mutex_);
        leaving = std::move(neighbours_);
    }
    if (!leaving) return;
    // What stays in the table after a failure goes when the next process looks for dead ones.
    static_cast<void>(
        catalog_.write([&](Connection& tx) { return sqlite_queue::forget_workers(tx, leaving->name()); }));
}

Result<Neighbours*> SqliteQueue::neighbours() {
    const MutexLock lock(neighbours_mutex_);
    if (neighbours_ || run_dir_.empty()) return neighbours_.get();
    ARCHAEO_ASSIGN(auto joined,
                   Neighbours::join(run_dir_, {.woken = [this] { wake(); },
                                               .died = [this](const auto& name) { return on_death(name); }}));
    ARCHAEO_TRY(take_over_the_dead(*joined));
    neighbours_ = std::move(joined);
    return neighbours_.get();
}

Neighbours::After SqliteQueue::on_death(const std::string& process) {
    const Status done = catalog_.write([&](Connection& tx) { return take_over(tx, process); });
    if (done) wake();  // the others have seen the death themselves
    return done ? Neighbours::After::forget : Neighbours::After::ask_again;
}

// Of processes whose files are gone nobody hears again.
Status SqliteQueue::take_over_the_dead(const Neighbours& neighbours) {
    ARCHAEO_ASSIGN(const auto processes,
                   catalog_.read([](Connection& tx) { return sqlite_queue::working_processes(tx); }));
    for (const std::string& process : processes) {
        if (neighbours.life_of(process) == Neighbours::Life::alive) continue;
        ARCHAEO_TRY(catalog_.write([&](Connection& tx) { return take_over(tx, process); }));
    }
    return {};
}

Status SqliteQueue::take_over(Connection& tx, const std::string& process) {
    const TimePoint now = clock_.now();
    ARCHAEO_ASSIGN(const auto jobs, sqlite_queue::leased_by(tx, process));
    for (const JobId id : jobs) {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) continue;
        ARCHAEO_TRY(sqlite_queue::expire(tx, *row, Expiry::death, now, options_, rng_));
    }
    return sqlite_queue::forget_workers(tx, process);
}

Status SqliteQueue::join(std::string_view worker_id) {
    ARCHAEO_TRY(validate_worker_id(worker_id));
    ARCHAEO_ASSIGN(Neighbours* const neighbours, this->neighbours());
    const std::string self = neighbours == nullptr ? std::string() : neighbours->name();
    return catalog_.write([&](Connection& tx) -> Status {
        ARCHAEO_ASSIGN(const auto other, sqlite_queue::process_of(tx, worker_id));
        if (other) {
            const bool is_alive =
                *other == self || (neighbours != nullptr && neighbours->life_of(*other) == Neighbours::Life::alive);
            if (is_alive) return worker_id_in_use(worker_id);
            ARCHAEO_TRY(take_over(tx, *other));
        }
        return sqlite_queue::add_worker(tx, worker_id, self, clock_.now());
    });
}

void SqliteQueue::leave(std::string_view worker_id) {
    const auto neighbours = this->neighbours();
    const std::string self = neighbours && *neighbours != nullptr ? (*neighbours)->name() : std::string();
    static_cast<void>(catalog_.write([&](Connection& tx) { return sqlite_queue::forget_worker(tx, worker_id, self); }));
}

Result<std::vector<WorkerRecord>> SqliteQueue::workers() {
    ARCHAEO_ASSIGN(auto rows, catalog_.read([](Connection& tx) { return catalog::workers(tx); }));
    std::vector<WorkerRecord> all;
    all.reserve(rows.size());
    for (auto& row : rows) all.push_back({std::move(row.worker_id), row.joined_at, row.leases});
    return all;
}

void SqliteQueue::wake_all() {
    wake();
    if (!waker_) return;
    std::string self;
    {
        const MutexLock lock(neighbours_mutex_);
        if (neighbours_) self = neighbours_->name();
    }
    waker_->wake_others(self);
}

}  // namespace archaeologist
