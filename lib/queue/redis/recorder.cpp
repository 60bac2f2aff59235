#include "queue/redis/recorder.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "catalog/catalog.hpp"
#include "job/state_machine.hpp"
#include "queue/redis/elsewhere.hpp"
#include "queue/redis/parcel.hpp"
#include "queue/settle.hpp"
#include "queue/sqlite/ending.hpp"
#include "sql/queue_redis_mirror.hpp"
#include "sql/queue_redis_mirror_last_try.hpp"
#include "sql/queue_redis_record_attempt.hpp"
#include "sql/queue_sqlite_set_result.hpp"
#include "sql/queue_sqlite_trim_attempts.hpp"

namespace archaeologist::redis_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr int page_jobs = 1'000;
constexpr int pages_max = 100;
constexpr std::uint64_t parcels_bytes_max = 4 << 20;  // of one page, unless it is a single one
// A folder that hosts share may show late what another one wrote.
constexpr std::chrono::seconds parcel_patience{60};
constexpr std::chrono::milliseconds parcel_wait{500};

State state_of(Phase phase) {
    switch (phase) {
        case Phase::waiting: return State::queued;
        case Phase::running: return State::running;
        case Phase::completed: return State::completed;
        case Phase::failed: return State::failed;
        case Phase::cancelled: return State::cancelled;
        case Phase::expanded: return State::waiting;
    }
    return State::failed;
}

bool has_ended(Phase phase) { return phase >= Phase::completed; }

Query& bind_try(Query& query, const Snapshot& one) {
    return query.bind(":id", one.id)
        .bind(":version", one.version)
        .bind(":epoch", one.epoch)
        .bind(":worker_id", one.worker_id)
        .bind(":claims", one.claims)
        .bind(":started_at_ms", one.started_at)
        .bind(":retry_count", one.retry_count)
        .bind(":progress_current", one.progress_current)
        .bind(":progress_total", one.progress_total)
        .bind(":progress_message", one.progress_message);
}

Status mirror(Connection& tx, const Snapshot& one, State state, const QueueOptions& options) {
    const bool runs = one.phase == Phase::running;
    Query query(tx, sql::queue_redis_mirror);
    return bind_try(query, one)
        .bind(":state", to_string(state))
        .bind(":crash_count", one.crash_count)
        .bind(":run_at_ms", one.run_at)
        .bind(":queued_at_ms", one.queued_at)
        .bind(":lease_until_ms", runs ? std::optional(lease_end(one.started_at, one.deadline, options)) : std::nullopt)
        .bind(":deadline_ms", runs ? std::optional(one.deadline) : std::nullopt)
        .run();
}

Status record_attempts(Connection& tx, const Snapshot& one) {
    for (const Attempt& attempt : one.attempts) {
        ARCHAEO_TRY(Query(tx, sql::queue_redis_record_attempt)
                        .bind(":job_id", one.id)
                        .bind(":epoch", attempt.epoch)
                        .bind(":worker_id", attempt.worker_id)
                        .bind(":started_at_ms", attempt.started_at)
                        .bind(":ended_at_ms", attempt.ended_at)
                        .bind(":outcome", attempt.outcome)
                        .bind(":error_message", attempt.error_message)
                        .run());
    }
    constexpr auto kept = static_cast<std::int64_t>(QueueLimits::attempts_kept_max);
    if (one.attempts.empty() || one.claims <= kept) return {};
    return Query(tx, sql::queue_sqlite_trim_attempts).bind(":job_id", one.id).bind(":kept", kept).run();
}

// Of a job that goes on.
Status record_news(Connection& tx, const sqlite_queue::Row& before, const Snapshot& one, TimePoint now) {
    std::string_view kind = "job.queued";
    if (one.phase == Phase::running) {
        const bool has_started = before.state != State::running || before.epoch != one.epoch;
        kind = has_started ? "job.running" : "job.progress";
    }
    // The first try of a job has no error before it.
    if (one.phase == Phase::waiting || one.claims > 1) {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_set_result)
                        .bind(":job_id", one.id)
                        .bind(":result_data", "")
                        .bind(":error_message", one.error_message)
                        .run());
    }
    return catalog::add_event(tx, {kind, one.id, before.project_id, before.source_id}, now);
}

Result<Outcome> outcome_of(const Snapshot& one) {
    if (one.phase == Phase::completed) return Outcome(Completed{one.data});
    if (one.phase != Phase::expanded) return Outcome(Released{});  // nobody asks for it
    ARCHAEO_ASSIGN(auto children, unpack_children(one.data));
    return Outcome(Expanded{std::move(children)});
}

Status record_end(Connection& tx, const sqlite_queue::Row& row, const Snapshot& one) {
    Decision decision{.state = state_of(one.phase),
                      .run_at = std::nullopt,
                      .retry_count = one.retry_count,
                      .crash_count = one.crash_count,
                      .error_message = one.error_message,
                      .attempt_outcome = one.outcome};
    ARCHAEO_ASSIGN(const Outcome outcome, outcome_of(one));
    Status ended = sqlite_queue::apply(tx, row, decision, &outcome, one.ended_at);
    // A result that no handler of ours writes. Its worker is gone, so there is nobody to refuse it to.
    if (ended || ended.error().code != Code::invalid_argument || one.phase != Phase::completed) return ended;
    decision.state = State::failed;
    decision.error_message = "the result was refused: " + ended.error().message;
    decision.attempt_outcome = "failed";
    return sqlite_queue::apply(tx, row, decision, nullptr, one.ended_at);
}

// The catalog's words win over a cancelled or forgotten job's, and later words over earlier ones.
bool is_news(const std::optional<sqlite_queue::Row>& row, const Snapshot& one) {
    return row && row->queue_version < one.version &&
           (row->state == State::pending || row->state == State::queued || row->state == State::running);
}

Status record_one(Connection& tx, const Snapshot& one, const QueueOptions& options) {
    ARCHAEO_ASSIGN(auto row, sqlite_queue::find_row(tx, one.id));
    if (!is_news(row, one)) return {};
    ARCHAEO_TRY(record_attempts(tx, one));
    if (!has_ended(one.phase)) {
        ARCHAEO_TRY(mirror(tx, one, state_of(one.phase), options));
        return record_news(tx, *row, one,
                           one.phase == Phase::running ? one.started_at : one.queued_at.value_or(one.started_at));
    }
    if (one.crash_count != row->running.crash_count) {
        ARCHAEO_TRY(mirror(tx, one, row->state, options));
    } else {
        Query query(tx, sql::queue_redis_mirror_last_try);
        ARCHAEO_TRY(bind_try(query, one).run());
    }
    row->epoch = one.epoch;
    row->worker_id = one.worker_id;
    row->started_at = one.started_at;
    row->claims = one.claims;
    return record_end(tx, *row, one);
}

Status record_page(sqlite::Database& catalog, std::span<const Snapshot> page, std::int64_t incarnation,
                   const QueueOptions& options) {
    return catalog.write([&](Connection& tx) -> Status {
        ARCHAEO_ASSIGN(const Elsewhere now, elsewhere(tx));
        if (now.incarnation != incarnation) {
            return Error{Code::incompatible, "Redis's words are of another incarnation than the catalog's"};
        }
        for (const Snapshot& one : page) ARCHAEO_TRY(record_one(tx, one, options));
        return {};
    });
}

void fail(Snapshot& one, std::string message) {
    one.phase = Phase::failed;
    one.data.clear();
    one.outcome = "failed";
    one.error_message = std::move(message);
}

// Else the catalog cannot write at all.
bool is_about_a_job(Code code) {
    switch (code) {
        case Code::invalid_argument:
        case Code::not_found:
        case Code::already_exists:
        case Code::conflict:
        case Code::too_large:
        case Code::unsupported:
        case Code::corrupt:
        case Code::internal: return true;
        default: return false;
    }
}

// Half by half where the catalog refuses it, until what it refuses is alone.
Result<std::vector<Refused>> record_some(sqlite::Database& catalog, std::span<Snapshot> page, std::int64_t incarnation,
                                         const QueueOptions& options) {
    if (page.empty()) return std::vector<Refused>();
    const Status recorded = record_page(catalog, page, incarnation, options);
    if (recorded) return std::vector<Refused>();
    if (!is_about_a_job(recorded.error().code)) return recorded.error();
    if (page.size() > 1) {
        const std::size_t half = page.size() / 2;
        ARCHAEO_ASSIGN(auto refused, record_some(catalog, page.first(half), incarnation, options));
        ARCHAEO_ASSIGN(auto others, record_some(catalog, page.subspan(half), incarnation, options));
        std::move(others.begin(), others.end(), std::back_inserter(refused));
        return refused;
    }
    Snapshot& one = page.front();
    if (one.phase == Phase::expanded) {
        // Its worker is gone, and the same children would be refused again.
        fail(one, "the children were refused: " + recorded.error().message);
        if (record_page(catalog, page, incarnation, options)) return std::vector<Refused>();
    }
    return std::vector<Refused>{{one.id, recorded.error()}};
}

struct Arrived {
    std::vector<Snapshot> page;
    std::vector<std::optional<ContentHash>> parcels;  // of the lake, one for each job, for it alone
    std::vector<JobId> waiting;                       // cannot be fetched yet
    bool is_cut = false;                              // the rest comes with the next page
};

// Fetches what is in the lake.
Arrived unpack_page(std::vector<Snapshot> page, Lake* lake, TimePoint now) {
    Arrived arrived;
    std::uint64_t bytes = 0;
    for (Snapshot& one : page) {
        const auto parcel = has_ended(one.phase) ? parcel_of(one.data) : std::nullopt;
        if (parcel) {
            arrived.is_cut = bytes > 0 && bytes + parcel->size_bytes > parcels_bytes_max;
            if (arrived.is_cut) return arrived;
            auto content = lake == nullptr ? Result<std::string>(Error{Code::unavailable, "there is no lake"})
                                           : unpack(*lake, *parcel, one.id, one.epoch);
            const bool is_gone =
                !content && (content.error().code == Code::not_found || content.error().code == Code::corrupt);
            if (!content && (!is_gone || now - one.ended_at < parcel_patience)) {
                arrived.waiting.push_back(one.id);
                continue;
            }
            if (content) {
                one.data = std::move(content).value();
            } else {
                fail(one, "the job was done, and its result is lost: " + content.error().message);
            }
            bytes += parcel->size_bytes;
        }
        arrived.parcels.push_back(parcel ? std::optional(parcel->hash) : std::nullopt);
        arrived.page.push_back(std::move(one));
    }
    return arrived;
}

std::set<JobId> ids_of(std::span<const Refused> refused) {
    std::set<JobId> ids;
    for (const Refused& one : refused) ids.insert(one.id);
    return ids;
}

struct Page {
    Recorded recorded;
    bool has_more = false;
};

Result<Page> record_next(sqlite::Database& catalog, Broker& broker, int shard, TimePoint now, Broker::News news) {
    Lake* const lake = broker.options().lake;
    const std::int64_t incarnation = broker.expected();
    ARCHAEO_ASSIGN(auto told, broker.unrecorded(shard, page_jobs, news));
    const bool is_last = told.jobs.size() + told.unreadable.size() < page_jobs;
    Page page;
    Recorded& recorded = page.recorded;
    auto [jobs, parcels, waiting, is_cut] = unpack_page(std::move(told.jobs), lake, now);
    ARCHAEO_ASSIGN(recorded.refused, record_some(catalog, jobs, incarnation, broker.options().queue));
    std::move(told.unreadable.begin(), told.unreadable.end(), std::back_inserter(recorded.refused));
    const std::set<JobId> refused = ids_of(recorded.refused);
    std::vector<Acknowledgement> known;
    std::vector<ContentHash> read;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (refused.contains(jobs[i].id)) continue;
        known.push_back({jobs[i].id, jobs[i].version});
        if (parcels[i]) read.push_back(*parcels[i]);
        recorded.batches += jobs[i].phase == Phase::expanded ? 1 : 0;
    }
    recorded.jobs = static_cast<std::int64_t>(known.size());
    if (!known.empty()) ARCHAEO_TRY(broker.acknowledge(shard, known));
    for (const ContentHash& parcel : read) static_cast<void>(lake->remove(parcel));
    if (!waiting.empty()) ARCHAEO_TRY(broker.set_aside(shard, waiting, parcel_wait));
    if (!refused.empty()) {
        ARCHAEO_TRY(broker.set_aside(shard, std::vector<JobId>(refused.begin(), refused.end()), refused_wait));
    }
    page.has_more = !known.empty() && (is_cut || !is_last);
    return page;
}

}  // namespace

Result<Recorded> record_all(sqlite::Database& catalog, Broker& broker, const Clock& clock, Broker::News news) {
    Recorded sum;
    for (int shard = 0; shard < broker.options().shards; ++shard) {
        for (int pages = 0; pages < pages_max; ++pages) {
            ARCHAEO_ASSIGN(Page page, record_next(catalog, broker, shard, clock.now(), news));
            sum.jobs += page.recorded.jobs;
            sum.batches += page.recorded.batches;
            std::move(page.recorded.refused.begin(), page.recorded.refused.end(), std::back_inserter(sum.refused));
            if (!page.has_more) break;
        }
    }
    return sum;
}

}  // namespace archaeologist::redis_queue
