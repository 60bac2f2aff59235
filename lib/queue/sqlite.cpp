#include "queue/sqlite.hpp"

#include <algorithm>

#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "job/validate.hpp"
#include "queue/settle.hpp"
#include "queue/sqlite/claiming.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/settings.hpp"
#include "sql/queue_sqlite_count_all.hpp"
#include "sql/queue_sqlite_count_due.hpp"
#include "sql/queue_sqlite_expired.hpp"
#include "sql/queue_sqlite_next_change.hpp"
#include "sql/queue_sqlite_progress_differs.hpp"
#include "sql/queue_sqlite_promote.hpp"
#include "sql/queue_sqlite_queue_facts.hpp"
#include "sql/queue_sqlite_renew.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

// How long work that another process accepted may go unnoticed when its datagram is lost.
constexpr std::chrono::milliseconds look_every{250};

// Followers hear of progress only where there is some: most heartbeats of most jobs bring none.
Status tell_progress(Connection& tx, const Beat& beat, std::string_view worker_id, TimePoint now) {
    catalog::EventRow event{.kind = "job.progress", .job_id = beat.id, .project_id = {}, .source_id = {}};
    {
        Query query(tx, sql::queue_sqlite_progress_differs);
        query.bind(":id", beat.id)
            .bind(":epoch", beat.epoch)
            .bind(":worker_id", worker_id)
            .bind(":progress_current", beat.progress_current)
            .bind(":progress_total", beat.progress_total)
            .bind(":progress_message", cut_text(beat.progress_message, QueueLimits::progress_bytes_max));
        ARCHAEO_ASSIGN(const bool differs, query.step());
        if (!differs) return {};
        event.project_id = query.id<ProjectId>(0);
        if (!query.is_null(1)) event.source_id = query.id<SourceId>(1);
    }
    return catalog::add_event(tx, event, now);
}

Result<bool> renew(Connection& tx, const Beat& beat, std::string_view worker_id, TimePoint now,
                   const QueueOptions& options) {
    ARCHAEO_TRY(tell_progress(tx, beat, worker_id, now));
    Query query(tx, sql::queue_sqlite_renew);
    query.bind(":id", beat.id)
        .bind(":epoch", beat.epoch)
        .bind(":worker_id", worker_id)
        .bind(":now_ms", now)
        .bind(":lease_ms", options.lease.count())
        .bind(":progress_current", beat.progress_current)
        .bind(":progress_total", beat.progress_total)
        .bind(":progress_message", cut_text(beat.progress_message, QueueLimits::progress_bytes_max));
    return query.step();
}

std::size_t priority_index(std::string_view name) {
    return static_cast<std::size_t>(parse_priority(name).value_or(Priority::normal));
}

Status count_all(Connection& tx, QueueStats& stats) {
    Query query(tx, sql::queue_sqlite_count_all);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        const std::int64_t jobs = query.integer(2);
        const auto state = parse_state(query.text(0));
        if (!state) {
            stats.scheduled += jobs;
            continue;
        }
        switch (*state) {
            case State::pending: stats.pending += jobs; break;
            case State::queued:
                stats.queued += jobs;
                stats.by_priority[priority_index(query.text(1))] += jobs;
                break;
            case State::running:
            case State::waiting: stats.running += jobs; break;
            case State::completed: stats.completed += jobs; break;
            case State::failed: stats.failed += jobs; break;
            case State::cancelled: stats.cancelled += jobs; break;
        }
    }
}

// Jobs whose time came since somebody last claimed are stored as scheduled still.
Status count_due(Connection& tx, TimePoint now, QueueStats& stats) {
    Query query(tx, sql::queue_sqlite_count_due);
    query.bind(":now_ms", now).bind(":limit", QueueLimits::due_counted_max);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        const std::int64_t jobs = query.integer(1);
        stats.scheduled -= jobs;
        stats.queued += jobs;
        stats.by_priority[priority_index(query.text(0))] += jobs;
    }
}

Status add_facts(Connection& tx, TimePoint now, QueueStats& stats) {
    Query query(tx, sql::queue_sqlite_queue_facts);
    query.bind(":now_ms", now);
    ARCHAEO_TRY(query.step());
    TimePoint oldest = now;
    for (const int column : {0, 1}) {
        if (!query.is_null(column)) oldest = std::min(oldest, query.time(column));
    }
    stats.oldest_queued_seconds = std::chrono::duration<double>(now - oldest).count();
    stats.workers = query.integer(2);
    stats.paused = query.integer(3) != 0;
    return {};
}

Status reap(Connection& tx, TimePoint now, const QueueOptions& options, Rng& rng) {
    std::vector<JobId> expired;
    {
        Query query(tx, sql::queue_sqlite_expired);
        query.bind(":now_ms", now);
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, query.step());
            if (!row) break;
            expired.emplace_back(query.uuid(0));
        }
    }
    for (const JobId id : expired) {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) continue;
        ARCHAEO_TRY(sqlite_queue::expire(tx, *row, expiry_of(row->lease_until, row->deadline), now, options, rng));
    }
    return {};
}

// The row of a settlement's job. Errors: invalid_argument, too_large, not_found, lease_lost.
Result<sqlite_queue::Row> held_row(Connection& tx, const Settlement& settlement) {
    ARCHAEO_TRY(validate(settlement));
    ARCHAEO_ASSIGN(auto row, sqlite_queue::find_row(tx, settlement.id));
    if (!row) return no_such_job(settlement.id);
    if (row->state != State::running || row->epoch != settlement.epoch || row->worker_id != settlement.worker_id) {
        return lease_lost(settlement);
    }
    return std::move(*row);
}

}  // namespace

SqliteQueue::SqliteQueue(sqlite::Database& catalog, const QueueOptions& options, const Clock& clock, std::uint64_t seed,
                         std::string run_dir)
    : catalog_(catalog), options_(options), clock_(clock), run_dir_(std::move(run_dir)), rng_(seed) {
    if (!run_dir_.empty()) waker_ = std::make_unique<sqlite::Waker>(run_dir_);
}

Result<std::vector<JobId>> SqliteQueue::enqueue(std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate(jobs));
    return write_and_wake([&](Connection& tx) { return sqlite_queue::insert(tx, jobs, clock_.now()); });
}

Result<std::vector<JobId>> SqliteQueue::enqueue_once(const IdempotencyKey& key, std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate(key));
    ARCHAEO_TRY(validate(jobs));
    const std::string print = fingerprint(jobs);
    return write_and_wake([&](Connection& tx) -> Result<std::vector<JobId>> {
        const TimePoint now = clock_.now();
        ARCHAEO_ASSIGN(auto known, sqlite_queue::known_key(tx, key, print, now));
        if (known) return std::move(*known);
        ARCHAEO_ASSIGN(auto ids, sqlite_queue::insert(tx, jobs, now));
        ARCHAEO_TRY(sqlite_queue::keep_key(tx, key, print, ids, now));
        return ids;
    });
}

Result<std::vector<Lease>> SqliteQueue::claim(const ClaimRequest& request, std::chrono::milliseconds wait) {
    ARCHAEO_TRY(validate(request));
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    // Without its part in run/ it is woken later and no less.
    static_cast<void>(neighbours());
    const std::uint64_t interrupts = seen().interrupts;
    for (;;) {
        const Seen before = seen();
        if (before.interrupts != interrupts) return std::vector<Lease>();
        // Looking first keeps idle workers from queueing for the write lock.
        ARCHAEO_ASSIGN(const bool ready, something_ready());
        if (ready) {
            ARCHAEO_ASSIGN(auto leases, catalog_.write([&](Connection& tx) { return claim_now(tx, request); }));
            if (!leases.empty()) return leases;
        }
        if (std::chrono::steady_clock::now() >= give_up_at) return std::vector<Lease>();
        wait_for_wake(before.wakes, give_up_at);
    }
}

Result<bool> SqliteQueue::something_ready() {
    const TimePoint now = clock_.now();
    return catalog_.read([&](Connection& tx) -> Result<bool> {
        Query query(tx, sql::queue_sqlite_next_change);
        ARCHAEO_TRY(query.step());
        return query.integer(0) <= to_ms(now);
    });
}

Result<std::vector<Lease>> SqliteQueue::claim_now(Connection& tx, const ClaimRequest& request) {
    const TimePoint now = clock_.now();
    ARCHAEO_TRY(reap(tx, now, options_, rng_));
    ARCHAEO_TRY(sqlite_queue::make_periodic(tx, now));
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_promote).bind(":now_ms", now).run());
    if (request.limit == 0) return std::vector<Lease>();
    return sqlite_queue::claim_ready(tx, request, options_, now);
}

Result<FinishClaimReply> SqliteQueue::finish_claim(std::span<const Settlement> settlements,
                                                   const ClaimRequest& request) {
    ARCHAEO_TRY(validate_finish(settlements, request));
    bool is_careful = false;
    bool has_failed_half_way = false;
    const auto finish = [&](Connection& tx) -> Result<FinishClaimReply> {
        FinishClaimReply done;
        for (const Settlement& settlement : settlements) {
            const auto row = held_row(tx, settlement);
            if (!row) {
                done.settled.emplace_back(row.error());
                continue;
            }
            Status ended = is_careful ? end_apart(tx, *row, settlement) : end(tx, *row, settlement);
            has_failed_half_way = !ended;
            if (!ended && !is_careful) return std::move(ended).error();
            done.settled.push_back(std::move(ended));
        }
        ARCHAEO_ASSIGN(done.claimed, claim_now(tx, request));
        return done;
    };
    auto reply = catalog_.write(finish);
    // A settlement that fails half-way must not leave its half, nor take the others with it. That hardly ever happens, and
    // savepoints are dear: each makes SQLite copy every page it touches.
    if (!reply && has_failed_half_way) {
        is_careful = true;
        reply = catalog_.write(finish);
    }
    if (!reply) return reply;
    const bool makes_work =
        std::any_of(settlements.begin(), settlements.end(), [](const auto& one) { return makes_ready(one.outcome); });
    makes_work ? wake_all() : wake();
    return reply;
}

Status SqliteQueue::settle(const Settlement& settlement) {
    Status done = catalog_.write([&](Connection& tx) -> Status {
        ARCHAEO_ASSIGN(const auto row, held_row(tx, settlement));
        return end(tx, row, settlement);
    });
    if (done) makes_ready(settlement.outcome) ? wake_all() : wake();
    return done;
}

Status SqliteQueue::end(Connection& tx, const sqlite_queue::Row& row, const Settlement& settlement) {
    const TimePoint now = clock_.now();
    const Decision decision = decide(row.running, settlement.outcome, now, options_, rng_);
    return sqlite_queue::apply(tx, row, decision, &settlement.outcome, now);
}

Status SqliteQueue::end_apart(Connection& tx, const sqlite_queue::Row& row, const Settlement& settlement) {
    ARCHAEO_TRY(tx.execute("SAVEPOINT settlement"));
    Status ended = end(tx, row, settlement);
    if (!ended && tx.in_transaction()) ARCHAEO_TRY(tx.execute("ROLLBACK TO settlement"));
    if (tx.in_transaction()) ARCHAEO_TRY(tx.execute("RELEASE settlement"));
    return ended;
}

Result<HeartbeatReply> SqliteQueue::heartbeat(std::string_view worker_id, std::span<const Beat> beats) {
    ARCHAEO_TRY(validate_beats(worker_id, beats));
    return catalog_.write([&](Connection& tx) -> Result<HeartbeatReply> {
        const TimePoint now = clock_.now();
        HeartbeatReply reply;
        for (const Beat& beat : beats) {
            ARCHAEO_ASSIGN(const bool renewed, renew(tx, beat, worker_id, now, options_));
            if (renewed) continue;
            ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, beat.id));
            const bool cancelled = row && row->state == State::cancelled && row->epoch == beat.epoch;
            (cancelled ? reply.cancelled : reply.lost).push_back(beat.id);
        }
        return reply;
    });
}

Result<Job> SqliteQueue::get(JobId id) {
    return catalog_.read([&](Connection& tx) { return catalog::job(tx, id); });
}

Result<bool> SqliteQueue::has_finished(JobId id) {
    return catalog_.read([&](Connection& tx) -> Result<bool> {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) return no_such_job(id);
        return is_finished(row->state);
    });
}

Result<Job> SqliteQueue::wait_for(JobId id, std::chrono::milliseconds wait) {
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    const std::uint64_t interrupts = seen().interrupts;
    for (;;) {
        const Seen before = seen();
        ARCHAEO_ASSIGN(const bool finished, has_finished(id));
        if (finished || before.interrupts != interrupts || std::chrono::steady_clock::now() >= give_up_at) {
            return get(id);
        }
        wait_for_wake(before.wakes, give_up_at);
    }
}

Result<QueueStats> SqliteQueue::stats() {
    return catalog_.read([&](Connection& tx) -> Result<QueueStats> {
        const TimePoint now = clock_.now();
        QueueStats stats;
        ARCHAEO_TRY(count_all(tx, stats));
        ARCHAEO_TRY(count_due(tx, now, stats));
        ARCHAEO_TRY(add_facts(tx, now, stats));
        return stats;
    });
}

void SqliteQueue::interrupt() {
    const MutexLock lock(mutex_);
    ++seen_.interrupts;
    changed_.notify_all();
}

void SqliteQueue::watch(std::function<void()> watcher) {
    const MutexLock lock(mutex_);
    watcher_ = std::move(watcher);
}

void SqliteQueue::wake() {
    const MutexLock lock(mutex_);
    ++seen_.wakes;
    changed_.notify_all();
    if (watcher_) watcher_();
}

SqliteQueue::Seen SqliteQueue::seen() {
    const MutexLock lock(mutex_);
    return seen_;
}

void SqliteQueue::wait_for_wake(std::uint64_t wakes, std::chrono::steady_clock::time_point until) {
    const MutexLock lock(mutex_);
    if (wakes != seen_.wakes) return;
    const auto left = until - std::chrono::steady_clock::now();
    if (left > left.zero()) changed_.wait_for(mutex_, std::min<std::chrono::nanoseconds>(left, look_every));
}

}  // namespace archaeologist
