#include "queue/sqlite/settings.hpp"

#include "catalog/jobs.hpp"
#include "job/cron.hpp"
#include "queue/requests.hpp"
#include "sql/queue_sqlite_any_unfinished.hpp"
#include "sql/queue_sqlite_forget_keys.hpp"
#include "sql/queue_sqlite_get_key.hpp"
#include "sql/queue_sqlite_get_order.hpp"
#include "sql/queue_sqlite_list_limits.hpp"
#include "sql/queue_sqlite_list_periodic.hpp"
#include "sql/queue_sqlite_make_project_lanes.hpp"
#include "sql/queue_sqlite_move_to_lanes.hpp"
#include "sql/queue_sqlite_page_end.hpp"
#include "sql/queue_sqlite_periodic_made.hpp"
#include "sql/queue_sqlite_put_key.hpp"
#include "sql/queue_sqlite_remove_periodic.hpp"
#include "sql/queue_sqlite_remove_project_limit.hpp"
#include "sql/queue_sqlite_remove_type_limit.hpp"
#include "sql/queue_sqlite_set_order.hpp"
#include "sql/queue_sqlite_set_paused.hpp"
#include "sql/queue_sqlite_set_periodic.hpp"
#include "sql/queue_sqlite_set_project_limit.hpp"
#include "sql/queue_sqlite_set_type_limit.hpp"

namespace archaeologist::sqlite_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;
using std::chrono::milliseconds;

Result<std::vector<ConcurrencyLimit>> limits(Connection& tx) {
    std::vector<ConcurrencyLimit> all;
    Query query(tx, sql::queue_sqlite_list_limits);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        ConcurrencyLimit limit;
        if (!query.is_null(0)) limit.project_id = query.id<ProjectId>(0);
        limit.job_type = query.text(1);
        limit.running_max = query.integer(2);
        all.push_back(std::move(limit));
    }
}

PeriodicJob periodic_row(const Query& row) {
    PeriodicJob periodic;
    periodic.name = row.text(0);
    periodic.cron = row.text(1);
    periodic.next_at = row.optional_time(2);
    periodic.job.job_type = row.text(3);
    periodic.job.priority = parse_priority(row.text(4)).value_or(Priority::normal);
    periodic.job.project_id = row.id<ProjectId>(5);
    periodic.job.user_id = row.id<UserId>(6);
    if (!row.is_null(7)) periodic.job.source_id = row.id<SourceId>(7);
    periodic.job.job_data = row.text(8);
    periodic.job.max_retries = static_cast<int>(row.integer(9));
    periodic.job.timeout = std::chrono::duration_cast<std::chrono::seconds>(milliseconds(row.integer(10)));
    return periodic;
}

Result<std::vector<PeriodicJob>> list_periodic(Connection& tx, std::optional<TimePoint> due) {
    std::vector<PeriodicJob> all;
    Query query(tx, sql::queue_sqlite_list_periodic);
    query.bind(":due_ms", due);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.push_back(periodic_row(query));
    }
}

}  // namespace

Result<QueueSettings> settings(Connection& tx) {
    QueueSettings found;
    {
        Query query(tx, sql::queue_sqlite_get_order);
        ARCHAEO_TRY(query.step());
        found.paused = query.integer(0) != 0;
        found.order.head_starts = {.urgent = milliseconds(query.integer(1)),
                                   .high = milliseconds(query.integer(2)),
                                   .normal = milliseconds(query.integer(3)),
                                   .low = milliseconds(query.integer(4))};
        found.order.share = milliseconds(query.integer(5));
    }
    ARCHAEO_ASSIGN(found.limits, limits(tx));
    return found;
}

Status set_paused(Connection& tx, bool paused) {
    return Query(tx, sql::queue_sqlite_set_paused).bind(":paused", paused).run();
}

Status set_order(Connection& tx, const QueueOrder& order) {
    {
        Query unfinished(tx, sql::queue_sqlite_any_unfinished);
        ARCHAEO_ASSIGN(const bool any, unfinished.step());
        if (any) return has_unfinished_jobs();
    }
    return Query(tx, sql::queue_sqlite_set_order)
        .bind(":urgent_ms", order.head_starts.urgent.count())
        .bind(":high_ms", order.head_starts.high.count())
        .bind(":normal_ms", order.head_starts.normal.count())
        .bind(":low_ms", order.head_starts.low.count())
        .bind(":share_ms", order.share.count())
        .run();
}

Status set_limit(Connection& tx, const ConcurrencyLimit& limit) {
    if (limit.project_id) {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_set_project_limit)
                        .bind(":project_id", *limit.project_id)
                        .bind(":running_max", limit.running_max)
                        .run());
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_make_project_lanes).bind(":project_id", *limit.project_id).run());
    } else {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_set_type_limit)
                        .bind(":job_type", limit.job_type)
                        .bind(":running_max", limit.running_max)
                        .run());
    }
    ARCHAEO_ASSIGN(const auto all, limits(tx));
    if (all.size() > QueueLimits::limits_max) return too_many("limits", QueueLimits::limits_max);
    return {};
}

Result<std::optional<JobId>> move_to_lanes(Connection& tx, ProjectId project, JobId after) {
    constexpr std::int64_t page_jobs = 10'000;
    std::optional<JobId> last;
    {
        Query query(tx, sql::queue_sqlite_page_end);
        query.bind(":after", after).bind(":limit", page_jobs);
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return last;
        last = JobId(query.uuid(0));
    }
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_move_to_lanes)
                    .bind(":project_id", project)
                    .bind(":after", after)
                    .bind(":last", *last)
                    .run());
    return last;
}

Status remove_limit(Connection& tx, const ConcurrencyLimit& limit) {
    if (limit.project_id) {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_remove_project_limit).bind(":project_id", *limit.project_id).run());
    } else {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_remove_type_limit).bind(":job_type", limit.job_type).run());
    }
    if (tx.changes() == 0) return no_such_limit(limit);
    return {};
}

Result<std::vector<PeriodicJob>> periodic(Connection& tx) { return list_periodic(tx, std::nullopt); }

Status set_periodic(Connection& tx, const PeriodicJob& periodic, TimePoint now) {
    ARCHAEO_ASSIGN(const auto schedule, CronSchedule::parse(periodic.cron));
    const NewJob& job = periodic.job;
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_set_periodic)
                    .bind(":name", periodic.name)
                    .bind(":cron", periodic.cron)
                    .bind(":next_at_ms", schedule.next_after(now))
                    .bind(":job_type", job.job_type)
                    .bind(":priority", to_string(job.priority))
                    .bind(":project_id", job.project_id)
                    .bind(":user_id", job.user_id)
                    .bind(":source_id", job.source_id)
                    .bind(":job_data", job.job_data)
                    .bind(":max_retries", job.max_retries)
                    .bind(":timeout_ms", milliseconds(job.timeout).count())
                    .run());
    ARCHAEO_ASSIGN(const auto all, list_periodic(tx, std::nullopt));
    if (all.size() > QueueLimits::periodic_max) return too_many("periodic jobs", QueueLimits::periodic_max);
    return {};
}

Status remove_periodic(Connection& tx, std::string_view name) {
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_remove_periodic).bind(":name", name).run());
    if (tx.changes() == 0) return no_such_periodic(name);
    return {};
}

Status make_periodic(Connection& tx, TimePoint now) {
    ARCHAEO_ASSIGN(const auto due, list_periodic(tx, now));
    for (const PeriodicJob& one : due) {
        ARCHAEO_ASSIGN(const auto schedule, CronSchedule::parse(one.cron));
        ARCHAEO_TRY(catalog::insert_job(tx, one.job, now));
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_periodic_made)
                        .bind(":name", one.name)
                        .bind(":next_at_ms", schedule.next_after(now))
                        .run());
    }
    return {};
}

Result<std::optional<std::string>> known_reply(Connection& tx, const IdempotencyKey& key, std::string_view fingerprint,
                                               const Error& other, TimePoint now) {
    Query query(tx, sql::queue_sqlite_get_key);
    query.bind(":user_id", key.user_id).bind(":route", key.route).bind(":key", key.key).bind(":now_ms", now);
    ARCHAEO_ASSIGN(const bool known, query.step());
    if (!known) return std::optional<std::string>();
    if (query.text(0) != fingerprint) return other;
    return std::optional(std::string(query.bytes(1)));
}

Result<std::optional<std::vector<JobId>>> known_key(Connection& tx, const IdempotencyKey& key,
                                                    std::string_view fingerprint, TimePoint now) {
    ARCHAEO_ASSIGN(const auto known, known_reply(tx, key, fingerprint, key_of_other_jobs(key), now));
    if (!known) return std::optional<std::vector<JobId>>();
    std::vector<JobId> ids;
    for (std::string_view reply = *known; reply.size() >= sizeof(Uuid); reply.remove_prefix(sizeof(Uuid))) {
        ids.emplace_back(Uuid::from_bytes(reply.substr(0, sizeof(Uuid))));
    }
    return std::optional(std::move(ids));
}

Status keep_key(Connection& tx, const IdempotencyKey& key, std::string_view fingerprint, const std::vector<JobId>& ids,
                TimePoint now) {
    std::string reply;
    for (const JobId id : ids) reply += id.view();
    return keep_reply(tx, key, fingerprint, reply, now);
}

Status keep_reply(Connection& tx, const IdempotencyKey& key, std::string_view fingerprint, std::string_view reply,
                  TimePoint now) {
    ARCHAEO_TRY(Query(tx, sql::queue_sqlite_forget_keys).bind(":now_ms", now).run());
    return Query(tx, sql::queue_sqlite_put_key)
        .bind(":user_id", key.user_id)
        .bind(":route", key.route)
        .bind(":key", key.key)
        .bind(":fingerprint", fingerprint)
        .bind(":reply", sqlite::Bytes{reply})
        .bind(":forgotten_at_ms", now + QueueLimits::key_kept)
        .run();
}

}  // namespace archaeologist::sqlite_queue
