#include "queue/redis/relay.hpp"

#include <string>
#include <vector>

#include "job/state_machine.hpp"
#include "queue/redis/elsewhere.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/settings.hpp"
#include "sql/queue_redis_handover.hpp"
#include "sql/queue_redis_lose_job.hpp"
#include "sql/queue_redis_mark_queued.hpp"
#include "sql/queue_redis_outbox_depth.hpp"
#include "sql/queue_redis_outbox_enqueue.hpp"
#include "sql/queue_redis_outbox_page.hpp"
#include "sql/queue_redis_outbox_told.hpp"
#include "sql/queue_redis_sweep_page.hpp"

namespace archaeologist::redis_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::size_t page_rows = 1'000;
constexpr std::size_t page_bytes = 8 << 20;
constexpr std::int64_t sweep_rows = 5'000;
constexpr std::size_t sweep_jobs = 1'000;  // asked for in a call
constexpr int sweep_lists = 8;

// What one page of the outbox comes to. A job's words are told in this order, whatever order they came in: only what still is
// pending is handed over, so a cancelled job's other words do no harm.
struct Page {
    std::int64_t last_seq = 0;
    bool is_last = false;  // nothing came after it when it was read
    bool has_settings = false;
    QueueSettings settings;
    std::vector<Handover> enqueued;
    std::vector<Handover> moved;
    std::vector<JobId> cancelled;
    std::vector<JobId> forgotten;
};

// Nothing when the job is gone.
Result<std::optional<std::pair<State, Handover>>> handover(Connection& tx, JobId id) {
    std::optional<std::pair<State, Handover>> found;
    Query query(tx, sql::queue_redis_handover);
    query.bind(":id", id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return found;
    Handover job;
    job.id = id;
    job.job_type = query.text(1);
    job.priority = parse_priority(query.text(2)).value_or(Priority::normal);
    job.project_id = query.id<ProjectId>(3);
    job.user_id = query.id<UserId>(4);
    if (!query.is_null(5)) job.source_id = query.id<SourceId>(5);
    job.score = query.integer(6);
    job.run_at = query.optional_time(7);
    job.max_retries = static_cast<int>(query.integer(8));
    job.timeout = std::chrono::milliseconds(query.integer(9));
    job.retry_count = static_cast<int>(query.integer(10));
    job.crash_count = static_cast<int>(query.integer(11));
    job.claims = query.integer(12);
    job.version = query.integer(13);
    job.job_data = query.is_null(14) ? "{}" : query.text(14);
    found.emplace(parse_state(query.text(0)).value_or(State::pending), std::move(job));
    return found;
}

struct OutboxRow {
    std::int64_t seq = 0;
    std::string action;
    JobId id;
};

Result<std::vector<OutboxRow>> outbox_rows(Connection& tx) {
    std::vector<OutboxRow> rows;
    Query query(tx, sql::queue_redis_outbox_page);
    query.bind(":limit", static_cast<std::int64_t>(page_rows));
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return rows;
        rows.push_back({query.integer(0), std::string(query.text(1)), JobId(query.optional_uuid(2).value_or(Uuid()))});
    }
}

Result<Page> read_page(Connection& tx) {
    Page page;
    std::size_t bytes = 0;
    ARCHAEO_ASSIGN(const auto rows, outbox_rows(tx));
    for (const OutboxRow& row : rows) {
        if (bytes > page_bytes) break;
        page.last_seq = row.seq;
        if (row.action == "settings") page.has_settings = true;
        if (row.action == "cancel") page.cancelled.push_back(row.id);
        if (row.action == "forget") page.forgotten.push_back(row.id);
        if (row.action != "enqueue" && row.action != "move") continue;
        ARCHAEO_ASSIGN(auto job, handover(tx, row.id));
        if (!job) continue;
        if (row.action == "move") {
            page.moved.push_back(std::move(job->second));
        } else if (job->first == State::pending) {
            bytes += job->second.job_data.size();
            page.enqueued.push_back(std::move(job->second));
        }
    }
    page.is_last = rows.size() < page_rows && bytes <= page_bytes;
    if (page.has_settings) {
        ARCHAEO_ASSIGN(page.settings, sqlite_queue::settings(tx));
    }
    return page;
}

JobId id_of(const Handover& job) { return job.id; }
JobId id_of(JobId id) { return id; }

template <class Item, class Tell>
Status tell_shards(Broker& broker, std::vector<Item>& items, Tell tell) {
    if (items.empty()) return {};
    if (broker.options().shards == 1) return tell(0, items);
    std::vector<std::vector<Item>> by_shard(static_cast<std::size_t>(broker.options().shards));
    for (Item& item : items) by_shard[static_cast<std::size_t>(broker.shard_of(id_of(item)))].push_back(item);
    for (std::size_t shard = 0; shard < by_shard.size(); ++shard) {
        if (!by_shard[shard].empty()) ARCHAEO_TRY(tell(static_cast<int>(shard), by_shard[shard]));
    }
    return {};
}

Status tell(Broker& broker, Page& page) {
    if (page.has_settings) ARCHAEO_TRY(broker.set(page.settings));
    ARCHAEO_TRY(
        tell_shards(broker, page.enqueued, [&](int shard, const auto& jobs) { return broker.enqueue(shard, jobs); }));
    ARCHAEO_TRY(tell_shards(broker, page.moved, [&](int shard, const auto& jobs) { return broker.move(shard, jobs); }));
    ARCHAEO_TRY(
        tell_shards(broker, page.cancelled, [&](int shard, const auto& ids) { return broker.cancel(shard, ids); }));
    return tell_shards(broker, page.forgotten, [&](int shard, const auto& ids) { return broker.forget(shard, ids); });
}

Status note_told(Connection& tx, const Page& page, std::int64_t incarnation, TimePoint now) {
    ARCHAEO_ASSIGN(const Elsewhere after, elsewhere(tx));
    if (after.incarnation != incarnation) {
        return Error{Code::incompatible, "another incarnation of the queue has begun than the one that was told"};
    }
    for (const Handover& job : page.enqueued) {
        ARCHAEO_TRY(Query(tx, sql::queue_redis_mark_queued).bind(":id", job.id).bind(":now_ms", now).run());
    }
    return Query(tx, sql::queue_redis_outbox_told).bind(":seq", page.last_seq).run();
}

struct Seen {
    JobId id;
    std::int64_t version = 0;
};

Status lose(Connection& tx, const Seen& job) {
    Query query(tx, sql::queue_redis_lose_job);
    query.bind(":id", job.id).bind(":version", job.version);
    ARCHAEO_ASSIGN(const bool lost, query.step());
    ARCHAEO_TRY(query.run());
    if (!lost) return {};
    return Query(tx, sql::queue_redis_outbox_enqueue).bind(":id", job.id).run();
}

// Those of one shard's jobs that it does not know.
Status put_back_missing(sqlite::Database& catalog, Broker& broker, int shard, const std::vector<Seen>& jobs) {
    for (std::size_t from = 0; from < jobs.size(); from += sweep_jobs) {
        const std::size_t to = std::min(jobs.size(), from + sweep_jobs);
        std::vector<JobId> ids;
        std::map<JobId, Seen> by_id;
        for (std::size_t i = from; i < to; ++i) {
            ids.push_back(jobs[i].id);
            by_id[jobs[i].id] = jobs[i];
        }
        ARCHAEO_ASSIGN(const auto missing, broker.missing(shard, ids));
        if (missing.empty()) continue;
        Status lost = catalog.write([&](Connection& tx) -> Status {
            for (const JobId id : missing) {
                if (const auto found = by_id.find(id); found != by_id.end()) ARCHAEO_TRY(lose(tx, found->second));
            }
            return {};
        });
        if (!lost) return lost;
    }
    return {};
}

struct Stray {
    std::vector<JobId> finished;
    std::vector<JobId> gone;
};

Result<Stray> strays(Connection& tx, const std::vector<JobId>& ids) {
    Stray stray;
    for (const JobId id : ids) {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) {
            stray.gone.push_back(id);
        } else if (row->state != State::pending && row->state != State::queued && row->state != State::running) {
            stray.finished.push_back(id);
        }
    }
    return stray;
}

}  // namespace

Status relay(sqlite::Database& catalog, Broker& broker, const Clock& clock, Handed& handed) {
    for (;;) {
        const std::int64_t incarnation = broker.expected();
        const std::uint64_t written = handed.written();
        ARCHAEO_ASSIGN(Page page, catalog.read([](Connection& tx) { return read_page(tx); }));
        if (page.last_seq == 0) {
            handed.note_told(written);
            return {};
        }
        const Status told = tell(broker, page);
        if (!told && told.error().code == Code::storage_full) {
            ARCHAEO_ASSIGN(const std::int64_t forgotten, broker.make_room());
            if (forgotten > 0) continue;
        }
        ARCHAEO_TRY(told);
        ARCHAEO_TRY(catalog.write([&](Connection& tx) { return note_told(tx, page, incarnation, clock.now()); }));
        if (page.is_last) handed.note_told(written);
    }
}

Result<std::int64_t> outbox_depth(Connection& tx) {
    Query query(tx, sql::queue_redis_outbox_depth);
    ARCHAEO_TRY(query.step());
    return query.integer(0);
}

Result<JobId> sweep(sqlite::Database& catalog, Broker& broker, JobId after) {
    std::vector<std::vector<Seen>> by_shard(static_cast<std::size_t>(broker.options().shards));
    std::int64_t rows = 0;
    JobId last = after;
    Status seen = catalog.read([&](Connection& tx) -> Status {
        Query query(tx, sql::queue_redis_sweep_page);
        query.bind(":after", after).bind(":limit", sweep_rows);
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, query.step());
            if (!row) return {};
            ++rows;
            last = JobId(query.uuid(0));
            const auto state = parse_state(query.text(1));
            if (state != State::queued && state != State::running) continue;
            by_shard[static_cast<std::size_t>(broker.shard_of(last))].push_back({last, query.integer(2)});
        }
    });
    if (!seen) return std::move(seen).error();
    for (std::size_t shard = 0; shard < by_shard.size(); ++shard) {
        ARCHAEO_TRY(put_back_missing(catalog, broker, static_cast<int>(shard), by_shard[shard]));
    }
    return rows < sweep_rows ? JobId() : last;
}

// Redis is asked before the catalog: what ends meanwhile has left Redis before it is finished in the catalog, and is taken away
// from where it is not.
Result<Listing> sweep_redis(sqlite::Database& catalog, Broker& broker, Listing after) {
    for (int calls = 0; calls < sweep_lists; ++calls) {
        ARCHAEO_ASSIGN(Listed listed, broker.list(after.shard, after.from));
        ARCHAEO_ASSIGN(const Stray stray, catalog.read([&](Connection& tx) { return strays(tx, listed.ids); }));
        if (!stray.finished.empty()) ARCHAEO_TRY(broker.cancel(after.shard, stray.finished));
        if (!stray.gone.empty()) ARCHAEO_TRY(broker.forget(after.shard, stray.gone));
        after.from = std::move(listed.next);
        if (after.from.empty() && ++after.shard == broker.options().shards) return Listing();
    }
    return after;
}

}  // namespace archaeologist::redis_queue
