#include "queue/sqlite.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "catalog/catalog.hpp"
#include "catalog/jobs.hpp"
#include "job/validate.hpp"
#include "queue/settle.hpp"
#include "queue/sqlite/ending.hpp"
#include "sql/queue_sqlite_claim.hpp"
#include "sql/queue_sqlite_expired.hpp"
#include "sql/queue_sqlite_next_change.hpp"
#include "sql/queue_sqlite_promote.hpp"
#include "sql/queue_sqlite_ready_by_priority.hpp"
#include "sql/queue_sqlite_renew.hpp"
#include "sql/queue_sqlite_use_epochs.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

// How long work that another process accepted may go unnoticed.
constexpr std::chrono::milliseconds look_every{250};

std::optional<std::string> type_filter(const std::vector<std::string>& job_types) {
    if (job_types.empty()) return std::nullopt;
    JsonWriter json;
    json.begin_array();
    for (const auto& type : job_types) json.value(type);
    json.end_array();
    return std::move(json).text();
}

Lease lease_row(const Query& row, const std::string& worker_id) {
    Lease lease;
    lease.id = JobId(row.uuid(0));
    lease.epoch = static_cast<std::uint64_t>(row.integer(2));
    lease.worker_id = worker_id;
    lease.job_type = row.text(3);
    lease.project_id = row.id<ProjectId>(4);
    lease.user_id = row.id<UserId>(5);
    if (!row.is_null(6)) lease.source_id = row.id<SourceId>(6);
    lease.priority = parse_priority(row.text(7)).value_or(Priority::normal);
    lease.job_data = row.text(8);
    lease.retry_count = static_cast<int>(row.integer(9));
    lease.attempt = static_cast<int>(row.integer(10));
    lease.lease_until = row.time(11);
    lease.deadline = row.time(12);
    return lease;
}

Result<bool> renew(Connection& tx, const Beat& beat, std::string_view worker_id, TimePoint now,
                   const QueueOptions& options) {
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

Status count_waiting(Connection& tx, TimePoint now, QueueStats& stats) {
    Query query(tx, sql::queue_sqlite_ready_by_priority);
    query.bind(":now_ms", now);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        const auto priority = parse_priority(query.text(0)).value_or(Priority::normal);
        stats.by_priority[static_cast<std::size_t>(priority)] = query.integer(1);
        stats.queued += query.integer(1);
        stats.scheduled += query.integer(2);
        if (query.is_null(3)) continue;
        const std::chrono::duration<double> age = now - query.time(3);
        stats.oldest_queued_seconds = std::max(stats.oldest_queued_seconds, age.count());
    }
}

}  // namespace

SqliteQueue::SqliteQueue(sqlite::Database& catalog, const QueueOptions& options, const Clock& clock, std::uint64_t seed)
    : catalog_(catalog), options_(options), clock_(clock), rng_(seed) {}

Result<std::vector<JobId>> SqliteQueue::enqueue(std::span<const NewJob> jobs) {
    ARCHAEO_TRY(validate(jobs));
    auto ids = catalog_.write([&](Connection& tx) -> Result<std::vector<JobId>> {
        ARCHAEO_TRY(sqlite_queue::check_parents(tx, jobs));
        const TimePoint now = clock_.now();
        std::vector<JobId> accepted;
        accepted.reserve(jobs.size());
        for (NewJob job : jobs) {
            if (job.id.is_nil()) job.id = JobId(Uuid::v7(now));
            ARCHAEO_TRY(catalog::insert_job(tx, job, now));
            accepted.push_back(job.id);
        }
        return accepted;
    });
    if (ids) wake();
    return ids;
}

Result<std::vector<Lease>> SqliteQueue::claim(const ClaimRequest& request, std::chrono::milliseconds wait) {
    ARCHAEO_TRY(validate(request));
    const auto give_up_at = std::chrono::steady_clock::now() + wait;
    std::uint64_t interrupts = 0;
    {
        const MutexLock lock(mutex_);
        interrupts = interrupts_;
    }
    for (;;) {
        std::uint64_t wakes = 0;
        {
            const MutexLock lock(mutex_);
            wakes = wakes_;
        }
        // Looking first keeps idle workers from queueing for the write lock.
        ARCHAEO_ASSIGN(const bool ready, something_ready());
        if (ready) {
            ARCHAEO_ASSIGN(auto leases, catalog_.write([&](Connection& tx) { return claim_ready(tx, request); }));
            if (!leases.empty()) return leases;
        }
        const MutexLock lock(mutex_);
        const auto now = std::chrono::steady_clock::now();
        if (interrupts != interrupts_ || now >= give_up_at) return std::vector<Lease>();
        if (wakes == wakes_)
            changed_.wait_for(mutex_, std::min<std::chrono::nanoseconds>(give_up_at - now, look_every));
        if (interrupts != interrupts_) return std::vector<Lease>();
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

Result<std::vector<Lease>> SqliteQueue::claim_ready(Connection& tx, const ClaimRequest& request) {
    const TimePoint now = clock_.now();
    ARCHAEO_TRY(reap(tx, now));
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_promote).bind(":now_ms", now).run());
    std::vector<Lease> leases;
    if (request.limit == 0) return leases;
    Query query(tx, sql::queue_sqlite_claim);
    query.bind(":now_ms", now)
        .bind(":lease_ms", options_.lease.count())
        .bind(":worker_id", request.worker_id)
        .bind(":limit", request.limit)
        .bind(":job_types", type_filter(request.job_types));
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) break;
        leases.push_back(lease_row(query, request.worker_id));
    }
    if (leases.empty()) return leases;
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_use_epochs).bind(":count", leases.size()).run());
    std::sort(leases.begin(), leases.end(), [](const Lease& a, const Lease& b) { return a.epoch < b.epoch; });
    for (const Lease& lease : leases) {
        ARCHAEO_TRY(catalog::add_event(tx, {"job.running", lease.id, lease.project_id, lease.source_id}, now));
    }
    return leases;
}

Status SqliteQueue::reap(Connection& tx, TimePoint now) {
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
        const Decision decision =
            on_lease_expired(row->running, expiry_of(row->lease_until, row->deadline), row->worker_id,
                             std::chrono::duration_cast<std::chrono::seconds>(row->timeout), now, options_, rng_);
        ARCHAEO_TRY(sqlite_queue::apply(tx, *row, decision, nullptr, now));
    }
    return {};
}

Result<FinishClaimReply> SqliteQueue::finish_claim(std::span<const Settlement> settlements,
                                                   const ClaimRequest& request) {
    ARCHAEO_TRY(validate_finish(settlements, request));
    auto reply = catalog_.write([&](Connection& tx) -> Result<FinishClaimReply> {
        FinishClaimReply done;
        for (const Settlement& settlement : settlements) done.settled.push_back(settle_one(tx, settlement));
        ARCHAEO_ASSIGN(done.claimed, claim_ready(tx, request));
        return done;
    });
    if (reply) wake();
    return reply;
}

Status SqliteQueue::settle(const Settlement& settlement) {
    Status done = catalog_.write([&](Connection& tx) { return settle_one(tx, settlement); });
    if (done) wake();
    return done;
}

Status SqliteQueue::settle_one(Connection& tx, const Settlement& settlement) {
    ARCHAEO_TRY(validate(settlement));
    ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, settlement.id));
    if (!row) return no_such_job(settlement.id);
    if (row->state != State::running || row->epoch != settlement.epoch || row->worker_id != settlement.worker_id) {
        return lease_lost(settlement);
    }
    const TimePoint now = clock_.now();
    const Decision decision = decide(row->running, settlement.outcome, now, options_, rng_);
    // Settlements share a transaction: one that fails half-way must not leave its half.
    ARCHAEO_TRY(tx.execute("SAVEPOINT settlement"));
    Status applied = sqlite_queue::apply(tx, *row, decision, &settlement.outcome, now);
    if (!applied && tx.in_transaction()) ARCHAEO_TRY(tx.execute("ROLLBACK TO settlement"));
    if (tx.in_transaction()) ARCHAEO_TRY(tx.execute("RELEASE settlement"));
    return applied;
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

Status SqliteQueue::cancel(JobId id) {
    return catalog_.write([&](Connection& tx) -> Status {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) return no_such_job(id);
        if (is_finished(row->state)) return already_finished(id, row->state);
        return sqlite_queue::cancel(tx, *row, clock_.now());
    });
}

Result<Job> SqliteQueue::get(JobId id) {
    return catalog_.read([&](Connection& tx) { return catalog::job(tx, id); });
}

Result<QueueStats> SqliteQueue::stats() {
    return catalog_.read([&](Connection& tx) -> Result<QueueStats> {
        ARCHAEO_ASSIGN(auto counts, catalog::job_counts(tx, std::nullopt));
        QueueStats stats;
        stats.pending = counts[State::pending];
        stats.running = counts[State::running] + counts[State::waiting];
        stats.completed = counts[State::completed];
        stats.failed = counts[State::failed];
        stats.cancelled = counts[State::cancelled];
        ARCHAEO_TRY(count_waiting(tx, clock_.now(), stats));
        return stats;
    });
}

void SqliteQueue::interrupt() {
    const MutexLock lock(mutex_);
    ++interrupts_;
    changed_.notify_all();
}

void SqliteQueue::wake() {
    const MutexLock lock(mutex_);
    ++wakes_;
    changed_.notify_all();
}

}  // namespace archaeologist
